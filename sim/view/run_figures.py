"""All figures of finished runs, and their files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from calibration.targets import CountTarget, IntervalTarget, Target
from sim.experiment.replicates import Replicates
from sim.experiment.transmission_chains import chains_of, median_run
from sim.view.capacity import draw_capacity
from sim.view.corridor import draw_corridor
from sim.view.crossings import draw_crossings
from sim.view.fates import draw_fates
from sim.view.imported import draw_imported
from sim.view.local_cases import draw_local_cases
from sim.view.style import save
from sim.view.transmission_tree import draw_transmission_tree


def draw_all(replicates: Replicates, targets: Sequence[Target]) -> dict[str, Figure]:
    """Return the figures of one scenario by file name, none if no run has finished.

    What a scenario does not have (a border away from its ports, residents) has no figure.

    Args:
        replicates: runs of the scenario.
        targets: article counts and intervals to show; those of places that it does not have are
            left out.
    """
    if not replicates.results:
        return {}
    scenario = replicates.scenario
    counts = [target for target in targets if isinstance(target, CountTarget)]
    figures = {
        "corridor": draw_corridor(scenario, replicates),
        "imported": draw_imported(replicates, counts),
        "fates": draw_fates(replicates),
        "capacity": draw_capacity(replicates),
    }
    if scenario.border is not None:
        figures["crossings"] = draw_crossings(replicates)
    if scenario.residents:
        intervals = [target for target in targets if isinstance(target, IntervalTarget)]
        figures["local_cases"] = draw_local_cases(replicates, intervals)
    return figures


def write_figures(replicates: Replicates, targets: Sequence[Target], folder: Path) -> list[Path]:
    """Write the figures of one scenario as files and return the paths.

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


def save_all(figures: Mapping[str, Figure], folder: Path) -> list[Path]:
    """Write figures by name as files, see ``save``, and return the paths."""
    return [path for name, fig in figures.items() for path in save(fig, folder, name)]
