"""All figures of finished runs, and their files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from calibration.targets import CountTarget
from sim.experiment.paired_outcomes import paired_by_seed
from sim.experiment.replicates import Replicates
from sim.experiment.transmission_chains import chains_of, median_run
from sim.view.capacity import draw_capacity
from sim.view.carriers import draw_carriers
from sim.view.costs import draw_costs
from sim.view.crossings import draw_crossings
from sim.view.crossings_compared import draw_crossings_compared
from sim.view.fates import draw_fates
from sim.view.imported import draw_imported
from sim.view.local_cases import draw_local_cases
from sim.view.onsets import draw_onsets
from sim.view.policies.forest import draw_forest
from sim.view.style import save
from sim.view.transmission_tree import draw_transmission_tree


def draw_all(replicates: Replicates, targets: Sequence[CountTarget]) -> dict[str, Figure]:
    """Return the figures of one scenario by file name, none if no run has finished.

    What a scenario does not have (a border away from its ports, residents, prices) has no figure.

    Args:
        replicates: runs of the scenario.
        targets: article counts to show; those of places that it does not have are left out.
    """
    if not replicates.results:
        return {}
    figures = {
        "imported": draw_imported(replicates, targets),
        "carriers": draw_carriers(replicates, targets),
        "capacity": draw_capacity(replicates),
        "fates": draw_fates(replicates),
        "onsets": draw_onsets(replicates),
    }
    if replicates.scenario.border is not None:
        figures["crossings"] = draw_crossings(replicates)
    if replicates.scenario.residents:
        figures["local_cases"] = draw_local_cases(replicates)
    if _costs_something(replicates):
        figures["costs"] = draw_costs([replicates])
    return figures


def _costs_something(replicates: Replicates) -> bool:
    return bool(replicates.outcome("cost_cny").any())


def write_figures(
    replicates: Replicates, targets: Sequence[CountTarget], folder: Path
) -> list[Path]:
    """Write the figures of one scenario as PNG and SVG and return the paths.

    Where there are residents, the run nearest to the median of the infected residents is done once
    more for the figure of its chains of infection.
    """
    figures = draw_all(replicates, targets)
    scenario = replicates.scenario
    if figures and scenario.residents:
        shown = median_run(replicates)
        chains = chains_of(scenario, shown.member)
        figures["transmission_tree"] = draw_transmission_tree(scenario, chains, shown)
    return save_all(figures, folder)


def write_comparison(all_replicates: Sequence[Replicates], folder: Path) -> list[Path]:
    """Write the figures that compare scenarios with the first one, and return the paths.

    Scenarios without a finished run are left out; nothing is written where fewer than two remain
    or the first one is left out. Differences are those of the seeds that all have finished.
    Crossings and costs are compared between the scenarios that have a border or prices, if the
    first one has.
    """
    finished = [replicates for replicates in all_replicates if replicates.results]
    if len(finished) < 2 or not all_replicates[0].results:
        return []
    figures: dict[str, Figure] = {}
    if (paired := paired_by_seed(finished)).pairs:
        figures["forest"] = draw_forest(paired)
    with_border = [r for r in finished if r.scenario.border is not None]
    if len(with_border) > 1 and with_border[0] is finished[0]:
        figures["crossings_compared"] = draw_crossings_compared(with_border)
    with_costs = [replicates for replicates in finished if _costs_something(replicates)]
    if len(with_costs) > 1 and with_costs[0] is finished[0]:
        figures["costs_compared"] = draw_costs(with_costs)
    return save_all(figures, folder)


def save_all(figures: Mapping[str, Figure], folder: Path) -> list[Path]:
    """Write figures by name as PNG and SVG and return the paths."""
    return [path for name, fig in figures.items() for path in save(fig, folder, name)]
