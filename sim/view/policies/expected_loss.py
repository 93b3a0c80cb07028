"""Expected loss: which policy to choose, whatever an averted infection is worth, and how surely."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator

from sim.experiment.comparison import Comparison
from sim.experiment.half_width import FEWEST
from sim.experiment.policy_choice import Decision, ThresholdCurves, decision_of
from sim.view.answers.sentences import so_far
from sim.view.labels import about, shortened, whole
from sim.view.outcome_words import tick_words
from sim.view.policies.look import (
    PolicyLook,
    legend_of,
    marks_of,
    name_beside,
    pairs_note,
    policy_looks,
    room_beside,
)
from sim.view.style import PALE, in_house_style, new_figure, panel_title
from sim.view.words import words
from sim.world.draws import BoolArray, FloatArray

_LOSSES, _CHANCES, _AROUND = 2.9, 2.2, 0.75
"""Inches: the least heights of the panels, and a title, ticks and label."""
_DECADES = 4
"""Powers of ten of the losses that are shown."""
_LEFT_OUT = 300
"""Columns of the names of policies that are left out."""


@in_house_style
def draw_expected_loss(comparison: Comparison) -> Figure:
    """Return the figure of the policies that are the best in some pair, and of those to choose.

    Its panels are the expected loss and the probability of being the best (acceptability).

    Args:
        comparison: policies with at least one pair of runs.
    """
    decision = decision_of(comparison)
    curves = decision.curves()
    names = [words(policy.name) for policy in comparison.policies]
    wins: BoolArray = np.any(curves.probability, axis=0)
    wins[curves.chosen] = True
    shown = np.flatnonzero(wins).tolist()
    looks = [policy_looks(len(names))[policy] for policy in shown]
    marks = [marks_of([names[policy] for policy in shown], looks) for _ in range(2)]
    heights = [max(least, _AROUND + room_beside(marks[0])) for least in (_LOSSES, _CHANCES)]
    broad = Line2D([], [], color=PALE, linewidth=6, solid_capstyle="butt")
    broad.set_label("policy to choose; in a, the value of knowing parameters and chance")
    left_out = shortened(", ".join(np.array(names)[~wins].tolist()), _LEFT_OUT)
    fig = new_figure(
        sum(heights),
        _heading(decision, curves, names),
        "Net benefit: value of the community infections averted less extra cost, against "
        f"{names[0]}. a: how much more of it the best policy of each pair has, mean with its 95 % "
        "confidence interval (Student's t); below the axis: at its foot. b: share of the pairs in "
        "which a policy is best (equals share it). The least expected loss decides, not the "
        "highest probability. "
        + (f"Never the best, and left out: {left_out}. " if left_out else "")
        + pairs_note(comparison)
        + so_far(comparison),
        [broad, *legend_of(marks[0])],
    )
    losses, chances = fig.subplots(2, 1, sharex=True, height_ratios=heights)
    panel_title(losses, "a", "Expected loss (million CNY per run)")
    panel_title(chances, "b", "Probability of the highest net benefit")
    loss, probability = curves.loss[:, shown], 100 * curves.probability[:, shown]
    floor = _set_loss_axis(losses, loss)
    _draw(losses, curves.thresholds, np.maximum(loss, floor), looks)
    if comparison.pairs >= FEWEST:
        error = curves.loss_half_width_95[:, shown]
        for policy, look in enumerate(looks):
            low, high = loss[:, policy] - error[:, policy], loss[:, policy] + error[:, policy]
            losses.fill_between(
                curves.thresholds, np.maximum(low, floor), np.maximum(high, floor),
                color=look.color, alpha=0.15, linewidth=0,
            )  # fmt: skip
    least = np.maximum(curves.perfect_information, floor)
    losses.plot(curves.thresholds, least, color=PALE, linewidth=6, zorder=0.8)
    _draw(chances, curves.thresholds, probability, looks)
    for policy in sorted(set(curves.chosen.tolist())):
        here = np.where(curves.chosen == policy, 100 * curves.frontier, np.nan)
        chances.plot(curves.thresholds, here, color=PALE, linewidth=6, zorder=0.8)
    chances.set_ylim(0, 102)
    chances.yaxis.set_major_locator(FixedLocator([0, 25, 50, 75, 100]))
    chances.set_ylabel("Share of pairs (%)")
    chances.xaxis.set_minor_locator(NullLocator())
    chances.xaxis.set_major_formatter(lambda value, _: whole(value))
    chances.set_xlabel("Value of an averted infection (CNY, log scale)")
    last = float(curves.thresholds[-1])
    for ax, ends, beside, height in zip(
        (losses, chances), (np.maximum(loss[-1], floor), probability[-1]), marks, heights,
        strict=True,
    ):  # fmt: skip
        name_beside(ax, [(last, end) for end in ends.tolist()], beside, height - _AROUND)
    return fig


def _draw(
    ax: Axes, thresholds: FloatArray, values: FloatArray, looks: Sequence[PolicyLook]
) -> None:
    """Draw one line per policy; ``values`` has the shape (thresholds, policies)."""
    ax.set_xscale("log")
    ax.set_xlim(float(thresholds[0]), float(thresholds[-1]))
    step = len(thresholds) // 8
    for policy, look in enumerate(looks):
        first = policy * step // len(looks)
        ax.plot(thresholds, values[:, policy], markevery=(first, step), clip_on=False, **look.line)


def _set_loss_axis(ax: Axes, losses: FloatArray) -> float:
    """Make the y axis one of losses and return its least value; a loss of zero is below it."""
    high = float(losses.max()) or 1e6
    least = max(float(losses[losses > 0].min(initial=high)), high / 10**_DECADES)
    floor = float(10 ** np.floor(np.log10(least)))
    ax.set_yscale("log")
    ax.set_ylim(floor, 2 * high)
    ax.yaxis.set_minor_locator(NullLocator())
    ax.yaxis.set_major_formatter(lambda value, _: tick_words("cost_cny", value))
    ax.set_ylabel("Million CNY (log scale)")
    return floor


def _heading(decision: Decision, curves: ThresholdCurves, names: Sequence[str]) -> str:
    """Return which policy is chosen at which value of an averted infection."""
    if not decision.averted.any() and not decision.extra_costs.any():
        return f"No policy costs or averts anything else than {names[0]}"
    reigns = decision.frontier().reigns(float(curves.thresholds[0]), float(curves.thresholds[-1]))
    (first, _, until), (last, begins, _) = reigns[0], reigns[-1]
    if len(reigns) == 1:
        return (
            f"Highest net benefit: {names[first]}, at 1,000 to 10 million CNY per averted infection"
        )
    above = f"above {about(begins)}" if len(reigns) > 2 else "above it"
    return (
        f"Highest net benefit: {names[first]} below {about(until)} CNY per averted infection, "
        f"{names[last]} {above}"
    )
