"""All figures of finished runs, and their files."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from calibration.targets import Target
from sim.experiment.replicates import Replicates
from sim.view.capacity import draw_capacity
from sim.view.carriers import draw_carriers
from sim.view.comparison import draw_comparison
from sim.view.fates import draw_fates
from sim.view.imported import draw_imported
from sim.view.style import save


def draw_all(replicates: Replicates, targets: Sequence[Target]) -> dict[str, Figure]:
    """Return the figures of one scenario by file name, none if no run has finished.

    Args:
        replicates: runs of the scenario.
        targets: article counts to show; those of places that it does not have are left out.
    """
    if not replicates.results:
        return {}
    return {
        "imported": draw_imported(replicates, targets),
        "carriers": draw_carriers(replicates, targets),
        "capacity": draw_capacity(replicates),
        "fates": draw_fates(replicates),
    }


def write_figures(replicates: Replicates, targets: Sequence[Target], folder: Path) -> list[Path]:
    """Write the figures of one scenario as PNG and SVG and return the paths."""
    return save_all(draw_all(replicates, targets), folder)


def write_comparison(all_replicates: Sequence[Replicates], folder: Path) -> list[Path]:
    """Write the comparison with the first scenario and return the paths.

    Scenarios without a finished run are left out; nothing is written where fewer than two remain
    or the first one is left out.
    """
    finished = [replicates for replicates in all_replicates if replicates.results]
    if len(finished) < 2 or not all_replicates[0].results:
        return []
    return save_all({"comparison": draw_comparison(finished)}, folder)


def save_all(figures: Mapping[str, Figure], folder: Path) -> list[Path]:
    """Write figures by name as PNG and SVG and return the paths."""
    return [path for name, fig in figures.items() for path in save(fig, folder, name)]
