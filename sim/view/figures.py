"""All figures of runs, comparisons and sweeps, and their files."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from calibration.targets import CountTarget, IntervalTarget, Target
from sim.experiment.comparison import Comparison
from sim.experiment.replicates import Replicates
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.schema import Grid
from sim.experiment.transmission_chains import chains_of, median_run
from sim.view.capacity import draw_capacity
from sim.view.corridor import draw_corridor
from sim.view.crossings import draw_crossings
from sim.view.fates import draw_fates
from sim.view.imported import draw_imported
from sim.view.local_cases import draw_local_cases
from sim.view.policies.cost_plane import draw_cost_plane
from sim.view.policies.expected_loss import draw_expected_loss
from sim.view.policies.fan_chart import draw_fan_chart
from sim.view.policies.forest import draw_forest
from sim.view.style import nothing_to_draw, save_all
from sim.view.sweep.heat_map import draw_heat_map
from sim.view.sweep.lines import draw_lines
from sim.view.sweep.tornado import draw_tornado
from sim.view.sweep.words import rows_of
from sim.view.transmission_tree import draw_transmission_tree
from sim.view.words import words

CAPTIONS = {
    "forest": (
        "Differences from the baseline",
        "Each policy against the baseline, an outcome in each panel.",
    ),
    "cost_plane": (
        "Cost against infections averted",
        "What each policy costs more than the baseline against the infections it averts. Below "
        "and to the right is better.",
    ),
    "fan_chart": (
        "Confirmed cases over time",
        "Confirmed imported cases day by day under each policy, with bands of quantiles by day.",
    ),
    "expected_loss": (
        "Expected loss, and how probably each policy is the best",
        "Mean net benefit forgone compared with the best policy in each pair of runs, whatever an "
        "averted infection is worth: the lowest curve is the one to choose.",
    ),
    "corridor": ("The corridor", "Places, legs and ports, and how many people went which way."),
    "imported": (
        "Imported confirmed cases",
        "Day by day and in total, against the counts of the articles.",
    ),
    "fates": ("Fates", "What became of infected travellers, by the day they crossed."),
    "local_cases": ("Infections of residents", "By day, and by where they come from."),
    "transmission_tree": (
        "Chains of infection",
        "Who infected whom behind the border, in one run near the median.",
    ),
    "crossings": ("Illegal crossings", "Crossings away from the ports, and what became of them."),
    "capacity": ("Load and capacity", "What the institutions carry, against what they can."),
    "heat_map": (
        "Outcomes over two factors",
        "The difference from the baseline, a cell for each point.",
    ),
    "lines": ("Outcomes over the factor", "The difference from the baseline at each level."),
    "tornado": ("What matters most", "How far each factor moves the outcome, the largest first."),
    "discovery": (
        "Conditions under which one policy outperforms another",
        "Boxes of conditions: how many of the cases of interest each holds, against how many of "
        "those in it are of interest.",
    ),
}
"""Title and caption of a figure by how the name of its file begins, in the order of a report."""


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


def write_policy_figures(comparison: Comparison, folder: Path) -> list[Path]:
    """Write the figures of a comparison with at least one pair, and return their paths.

    Those of decisions need prices.
    """
    figures = {"forest": draw_forest(comparison), "fan_chart": draw_fan_chart(comparison)}
    policies = range(len(comparison.policies))
    if any(comparison.outcome(policy, "cost_cny").any() for policy in policies):
        figures["cost_plane"] = draw_cost_plane(comparison)
        figures["expected_loss"] = draw_expected_loss(comparison)
    return save_all(figures, folder)


def draw_sweep(plan: Plan, summary: pd.DataFrame) -> dict[str, Figure]:
    """Return the figures of a sweep by file name, none if no point has a finished run.

    A grid of one factor has lines, one of two a heat map for each policy. More factors, and
    designs that are no grid, have a tornado for each policy.

    Args:
        plan: the sweep.
        summary: as ``SweepResults.summary`` makes it.
    """
    if not len(summary) or not (summary["point"] >= 0).any():
        return {}
    if "difference_median" not in summary or summary["difference_median"].isna().all():
        why = "no run at a point has the same parameters and seed as one of the reference"
        return {"sweep": nothing_to_draw(words(plan.sweep.name), why)}
    grid = isinstance(plan.sweep.design, Grid)
    if grid and len(plan.factors) == 1:
        return {"lines": draw_lines(plan, summary)}
    two = grid and len(plan.factors) == 2
    kind, draw = ("heat_map", draw_heat_map) if two else ("tornado", draw_tornado)
    return {
        f"{kind}_{policy.name}" if len(plan.policies) > 1 else kind: draw(plan, summary, number)
        for number, policy in enumerate(plan.policies)
        if len(rows_of(plan, summary, number))
    }
