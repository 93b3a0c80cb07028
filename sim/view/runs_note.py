"""The line below a heading: which scenario, how many runs, how to read the bands."""

from sim.experiment.replicates import Replicates
from sim.view.bands import BANDS_NOTE


def scenario_label(replicates: Replicates) -> str:
    """Return the name of the scenario as words."""
    return replicates.scenario.name.replace("_", " ")


def runs_note(replicates: Replicates, reading: str = BANDS_NOTE) -> str:
    """Return the scenario and its runs, and ``reading`` if there are several runs."""
    runs = len(replicates.results)
    if runs == 1:
        return f"Scenario: {scenario_label(replicates)}; one run."
    return f"Scenario: {scenario_label(replicates)}; {runs} runs; {reading}."
