"""Figure of what choosing each policy is expected to lose, whatever an infection is worth."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.comparison import Comparison
from sim.experiment.decision import Frontier, decision_of
from sim.experiment.pairs import FEWEST
from sim.view.direct_labels import legend_of, marks_of, room_beside, write_beside
from sim.view.number_text import about
from sim.view.page import new_figure
from sim.view.policies.look import policy_looks
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
from sim.view.style import in_house_style
from sim.view.wide_scale import is_wide, linear_up_to, set_wide_ticks
from sim.world.draws import FloatArray

_HEIGHT, _AROUND = 3.3, 0.75
"""Inches: the panel, and its title, ticks and label."""


@in_house_style
def draw_expected_loss(comparison: Comparison) -> Figure:
    """Return the figure of a comparison with at least one pair."""
    decision = decision_of(comparison)
    frontier, curves = decision.frontier(), decision.curves()
    names = [words(policy.name) for policy in comparison.policies]
    looks = policy_looks(len(names))
    marks = marks_of(names, looks)
    envelope = envelope_look("least of them: expected value of perfect information")
    height = max(_HEIGHT, _AROUND + room_beside(marks))
    fig = new_figure(
        height,
        f"Least expected loss: {_choices(frontier, curves.worths, names)}",
        "Expected loss: what the best policy of a pair has more net benefit, mean of the pairs. "
        "Bands: its 95 % confidence interval (Student's t), none from fewer than "
        f"{FEWEST} pairs. Perfect information: to know "
        f"parameters and luck. {benefit_note(comparison)} {pairs_note(comparison)}",
        legend=[envelope, *legend_of(marks)],
    )
    ax = fig.add_subplot()
    ax.set_title("Expected loss by policy (million CNY a run)")
    draw_over_worths(ax, curves.worths, curves.loss, looks)
    if comparison.pairs >= FEWEST:
        for policy, look in enumerate(looks):
            loss, error = curves.loss[:, policy], curves.loss_half_width_95[:, policy]
            low, high = np.maximum(loss - error, 0), loss + error
            ax.fill_between(curves.worths, low, high, color=look.color, alpha=0.15, linewidth=0)
    draw_envelope(ax, curves, curves.perfect_information)
    _set_money_axis(ax, curves.loss)
    label_worths(ax)
    ends = [(float(curves.worths[-1]), float(loss)) for loss in curves.loss[-1]]
    write_beside(ax, ends, marks, height - _AROUND)
    return fig


def _set_money_axis(ax: Axes, losses: FloatArray) -> None:
    """Make the y axis one of million CNY from nought, logarithmic where losses differ much."""
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
