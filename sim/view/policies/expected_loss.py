"""Figure of which policy to choose, whatever an infection is worth: expected loss and chances."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator
from scipy.special import ndtri

from sim.experiment.comparison import Comparison
from sim.experiment.decision import Frontier, WorthCurves, decision_of
from sim.experiment.pairs import FEWEST
from sim.view.direct_labels import legend_of, marks_of, room_beside, write_beside
from sim.view.number_text import about
from sim.view.page import new_figure
from sim.view.policies.look import PolicyLook, policy_looks
from sim.view.policies.worth_axis import (
    benefit_note,
    draw_envelope,
    draw_over_worths,
    envelope_look,
    label_worths,
    millions,
    pairs_note,
)
from sim.view.policy_words import words
from sim.view.style import in_house_style, panel_title
from sim.view.wide_scale import is_wide, linear_up_to, set_wide_ticks
from sim.world.draws import FloatArray

_LOSSES, _CHANCES, _AROUND = 3.3, 2.4, 0.75
"""Inches: the least heights of the panels, and a title, ticks and label."""


@in_house_style
def draw_expected_loss(comparison: Comparison) -> Figure:
    """Return the figure of a comparison with at least one pair.

    Its panels are the expected loss and, of the policies that are the best in some pair, the
    probability of being the best (acceptability).
    """
    decision = decision_of(comparison)
    frontier, curves = decision.frontier(), decision.curves()
    names = [words(policy.name) for policy in comparison.policies]
    looks = policy_looks(len(names))
    winners = np.flatnonzero(curves.probability.any(axis=0)).tolist()
    marks = marks_of(names, looks)
    beside = marks_of([names[i] for i in winners], [looks[i] for i in winners])
    heights = [
        max(_LOSSES, _AROUND + room_beside(marks)), max(_CHANCES, _AROUND + room_beside(beside))
    ]  # fmt: skip
    fig = new_figure(
        sum(heights),
        f"Least expected loss: {_choices(frontier, curves.worths, names)}",
        "a: what the best policy of a pair has more net benefit, mean of the pairs. Bands: its "
        f"95 % confidence interval (Student's t), none from fewer than {FEWEST} pairs. Perfect "
        "information: to know parameters and random numbers. b: share of the pairs in which a "
        "policy has the highest net benefit (equals share it), ± "
        f"{_most_error(comparison.pairs):.0f} percentage points at most (95 % interval of a "
        "share); policies that never have it are left out. The least expected loss decides, not "
        "the highest probability. "
        f"{benefit_note(comparison)} {pairs_note(comparison)}",
        legend=[
            envelope_look("policy to choose; in a, the expected value of perfect information"),
            *legend_of(marks),
        ],
    )
    pages = fig.add_gridspec(2, 1, height_ratios=heights)
    losses = fig.add_subplot(pages[0])
    panel_title(losses, "a", "Expected loss by policy (million CNY a run)")
    _draw_losses(losses, comparison, curves, looks)
    ends = [(float(curves.worths[-1]), float(loss)) for loss in curves.loss[-1]]
    write_beside(losses, ends, marks, heights[0] - _AROUND)
    chances = fig.add_subplot(pages[1], sharex=losses)
    panel_title(chances, "b", "Probability of the highest net benefit (%)")
    percent = 100 * curves.probability[:, winners]
    draw_over_worths(chances, curves.worths, percent, [looks[i] for i in winners])
    draw_envelope(chances, curves, 100 * curves.frontier)
    chances.set_ylim(0, 102)
    chances.yaxis.set_major_locator(FixedLocator([0, 25, 50, 75, 100]))
    chances.set_ylabel("Probability (%)")
    ends = [(float(curves.worths[-1]), float(share)) for share in percent[-1]]
    write_beside(chances, ends, beside, heights[1] - _AROUND)
    label_worths(chances)
    losses.tick_params(axis="x", labelbottom=False)
    return fig


def _most_error(pairs: int) -> float:
    """Return half the 95 % interval of a share of one half, in percentage points."""
    return float(100 * ndtri(0.975) * np.sqrt(0.25 / pairs))


def _draw_losses(
    ax: Axes, comparison: Comparison, curves: WorthCurves, looks: Sequence[PolicyLook]
) -> None:
    draw_over_worths(ax, curves.worths, curves.loss, looks)
    if comparison.pairs >= FEWEST:
        for policy, look in enumerate(looks):
            loss, error = curves.loss[:, policy], curves.loss_half_width_95[:, policy]
            low, high = np.maximum(loss - error, 0), loss + error
            ax.fill_between(curves.worths, low, high, color=look.color, alpha=0.15, linewidth=0)
    draw_envelope(ax, curves, curves.perfect_information)
    _set_money_axis(ax, curves.loss)


def _set_money_axis(ax: Axes, losses: FloatArray) -> None:
    """Make the y axis one of million CNY from zero, logarithmic where losses differ much."""
    peaks = losses.max(axis=0).tolist()
    high = 1.1 * max(peaks) or 1e6
    if is_wide(peaks):
        threshold = linear_up_to(peaks)
        ax.set_yscale("symlog", linthresh=threshold, linscale=0.5)
        ax.set_ylim(0, 1.5 * high)
        set_wide_ticks(ax.yaxis, 0, 1.5 * high, threshold, most=4, text=millions, fine=True)
        ax.set_ylabel(f"Million CNY (log scale above {millions(threshold)})")
    else:
        ax.set_ylim(0, high)
        ax.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: millions(value)))
        ax.set_ylabel("Million CNY")


def _choices(frontier: Frontier, worths: FloatArray, names: Sequence[str]) -> str:
    """Return in words which policy is chosen at which worth."""
    reigns = frontier.reigns(float(worths[0]), float(worths[-1]))
    (first, _, until), (last, begins, _) = reigns[0], reigns[-1]
    if len(reigns) == 1:
        return f"{names[first]}, whatever an averted infection is worth"
    then = f"then {names[last]}"
    if len(reigns) > 2:
        then = f"in the end {names[last]} (from {about(begins)} CNY)"
    return f"{names[first]} up to {about(until)} CNY an averted infection, {then}"
