"""All figures of a comparison of policies, and their files."""

from pathlib import Path

from matplotlib.figure import Figure

from sim.experiment.comparison import Comparison
from sim.view.figures import save_all
from sim.view.policies.cost_plane import draw_cost_plane
from sim.view.policies.expected_loss import draw_expected_loss
from sim.view.policies.fan_chart import draw_fan_chart
from sim.view.policies.forest import draw_forest


def draw_policies(comparison: Comparison) -> dict[str, Figure]:
    """Return the figures of a comparison with at least one pair, by file name.

    Without prices there are no figures of decisions.
    """
    figures = {"forest": draw_forest(comparison), "fan_chart": draw_fan_chart(comparison)}
    policies = range(len(comparison.policies))
    if any(comparison.outcome(policy, "cost_cny").any() for policy in policies):
        figures |= {
            "cost_plane": draw_cost_plane(comparison),
            "expected_loss": draw_expected_loss(comparison),
        }
    return figures


def write_policy_figures(comparison: Comparison, folder: Path) -> list[Path]:
    """Write the figures as PNG and SVG and return the paths; see ``draw_policies``."""
    return save_all(draw_policies(comparison), folder)
