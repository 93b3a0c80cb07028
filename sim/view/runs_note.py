"""The line below a heading: which scenario, and how many runs."""

from sim.experiment.replicates import Replicates
from sim.view.policy_words import words


def scenario_label(replicates: Replicates) -> str:
    """Return the name of the scenario as words."""
    return words(replicates.scenario.name)


def count_of_runs(runs: int) -> str:
    """Return a number of runs in words."""
    return "one run" if runs == 1 else f"{runs:,} runs"


def runs_note(replicates: Replicates) -> str:
    """Return which scenario was run, and how often."""
    return f"Scenario: {scenario_label(replicates)}; {count_of_runs(len(replicates.results))}."
