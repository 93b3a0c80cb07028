"""All figures of a comparison of policies, and their files."""

from collections.abc import Callable
from pathlib import Path

from matplotlib.figure import Figure

from sim.experiment.comparison import Comparison
from sim.view.policies.cost_plane import draw_cost_plane
from sim.view.policies.expected_loss import draw_expected_loss
from sim.view.policies.fan_chart import draw_fan_chart
from sim.view.policies.forest import draw_forest
from sim.view.run_figures import save_all

Draw = Callable[[Comparison], Figure]

_ALWAYS: dict[str, Draw] = {"forest": draw_forest, "fan_chart": draw_fan_chart}
_WITH_COSTS: dict[str, Draw] = {"cost_plane": draw_cost_plane, "expected_loss": draw_expected_loss}
"""Figures by file name; those of decisions need prices."""


def write_policy_figures(comparison: Comparison, folder: Path) -> list[Path]:
    """Write the figures of a comparison with at least one pair, and return their paths."""
    policies = range(len(comparison.policies))
    costs = any(comparison.outcome(policy, "cost_cny").any() for policy in policies)
    drawn = {**_ALWAYS, **(_WITH_COSTS if costs else {})}
    return save_all({name: draw(comparison) for name, draw in drawn.items()}, folder)
