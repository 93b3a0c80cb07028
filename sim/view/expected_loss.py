"""Figure of what choosing each policy is expected to lose, whatever an infection is worth."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from scipy.optimize import isotonic_regression

from sim.experiment.comparison import Comparison
from sim.experiment.decision import Frontier, WorthCurves, decision_of
from sim.view.balanced_text import balanced
from sim.view.comparison_table import words
from sim.view.number_text import about, whole
from sim.view.page import new_figure
from sim.view.policy_look import PolicyLook, policy_looks
from sim.view.style import BLACK, PALE, SMALL, in_house_style
from sim.view.wide_scale import is_wide, linear_up_to, set_wide_ticks
from sim.world.draws import FloatArray

MOST_DIRECT = 6
"""Up to so many policies have their names beside what is drawn, more of them have a legend."""
_HEIGHT, _AROUND = 3.3, 0.75
"""Inches: the panel, and its title, ticks and label."""
_LINE, _NAME, _BESIDE = 1.25 * SMALL / 72, 22, 1.04
"""Inches of a line of a name beside a panel, characters in it, where it is in axes fractions."""


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
        "Bands: its 95 % confidence interval (Student's t). Perfect information: to know "
        f"parameters and luck. {decision_note(comparison)}",
        legend=[envelope, *legend_of(marks)],
    )
    ax = fig.add_subplot()
    ax.set_title("Expected loss by policy (million CNY a run)")
    draw_over_worths(ax, curves.worths, curves.loss, looks)
    if comparison.pairs > 1:
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


def decision_note(comparison: Comparison) -> str:
    """Return what every figure of a decision is drawn from, in sentences."""
    pairs = "One pair" if comparison.pairs == 1 else f"{whole(comparison.pairs)} pairs"
    return (
        f"{pairs}, each with the same parameters and luck under every policy. Net benefit: worth "
        "of the infections at large averted less extra cost, against "
        f"{words(comparison.baseline.name)}. Unit costs are assumptions."
    )


def marks_of(names: Sequence[str], looks: Sequence[PolicyLook]) -> list[Line2D]:
    """Return what stands for the lines of policies, with their names as labels."""
    return [
        Line2D([], [], **_line(look), label=name) for name, look in zip(names, looks, strict=True)
    ]


def legend_of(marks: Sequence[Line2D]) -> list[Line2D]:
    """Return the marks of policies that need a legend: none if they are few."""
    return list(marks) if len(marks) > MOST_DIRECT else []


def envelope_look(label: str) -> Line2D:
    """Return the broad pale line that follows the chosen policy."""
    return Line2D([], [], color=PALE, linewidth=6, solid_capstyle="butt", label=label)


def draw_envelope(ax: Axes, curves: WorthCurves, values: FloatArray) -> None:
    """Draw the broad pale line below ``values``, shape (worths,), broken where the choice changes.

    It runs below the lines of the policies.
    """
    starts = np.flatnonzero(np.diff(curves.chosen)) + 1
    for worths, part in zip(np.split(curves.worths, starts), np.split(values, starts), strict=True):
        line = envelope_look("")
        line.set_data(worths, part)
        line.set_zorder(0.8)
        ax.add_line(line)


def draw_over_worths(
    ax: Axes, worths: FloatArray, values: FloatArray, looks: Sequence[PolicyLook]
) -> None:
    """Draw a line a policy over the worths, with its markers at places of its own.

    Args:
        ax: where to draw.
        worths: CNY, shape (worths,).
        values: shape (worths, policies).
        looks: of the policies.
    """
    ax.set_xscale("log")
    ax.set_xlim(float(worths[0]), float(worths[-1]))
    step = len(worths) // 8
    for policy, look in enumerate(looks):
        first = policy * step // len(looks)
        ax.plot(worths, values[:, policy], markevery=(first, step), clip_on=False, **_line(look))


def millions(value: float) -> str:
    """Return a tick's value in CNY as millions."""
    return f"{value / 1e6:,g}".replace("-", "\N{MINUS SIGN}")


def label_worths(ax: Axes) -> None:
    """Label the axis of worths."""
    low, high = np.log10(ax.get_xlim())
    ax.xaxis.set_major_locator(FixedLocator((10.0 ** np.arange(low, high + 0.5)).tolist()))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: whole(value)))
    ax.set_xlabel("Worth of an averted infection (CNY, log scale)")


def room_beside(marks: Sequence[Line2D]) -> float:
    """Return the inches that the labels of ``marks`` need one below another beside a panel."""
    return 0.0 if legend_of(marks) else sum(map(_room, marks))


def write_beside(
    ax: Axes, points: Sequence[tuple[float, float]], marks: Sequence[Line2D], height: float
) -> None:
    """Write the names of few policies to the right of a panel, moved so that none overlap.

    Args:
        ax: where to draw; its limits must have been set.
        points: where the lines to the names begin.
        marks: what stands before the names, labelled with them.
        height: of the panel in inches, at least ``room_beside`` the marks.
    """
    if legend_of(marks):
        return
    to_axes = ax.transScale + ax.transLimits
    wanted = np.array([float(to_axes.transform(point)[1]) for point in points])
    order = np.lexsort((-np.arange(len(wanted)), wanted)).tolist()
    tall = np.array([_room(marks[i]) for i in order]) / height
    middles = np.cumsum(tall) - tall / 2
    # Where each would be alone; a rising sequence next to it leaves everyone the room needed.
    shifts = isotonic_regression(wanted[order] - middles).x
    heights = np.clip(shifts, 0, 1 - float(tall.sum())) + middles
    for i, y in zip(order, heights.tolist(), strict=True):
        ax.annotate(
            "", points[i], (_BESIDE, y), textcoords="axes fraction", annotation_clip=False,
            zorder=0.6, arrowprops={
                "arrowstyle": "-", "color": PALE, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0,
            },
        )  # fmt: skip
        ax.annotate(
            _in_lines(marks[i]), (_BESIDE, y), (6, 0), xycoords="axes fraction",
            textcoords="offset points", va="center", color=BLACK, fontsize=SMALL,
            annotation_clip=False,
        )  # fmt: skip
        marks[i].set(data=([_BESIDE], [y]), transform=ax.transAxes, clip_on=False, linestyle="")
        ax.add_artist(marks[i])


def _in_lines(mark: Line2D) -> str:
    return "\n".join(balanced(line, _NAME) for line in str(mark.get_label()).split("\n"))


def _room(mark: Line2D) -> float:
    """Return the inches that a name needs, with the space to the next one."""
    return (_in_lines(mark).count("\n") + 1.5) * _LINE


def _line(look: PolicyLook) -> dict[str, Any]:
    return {
        "color": look.color, "linestyle": look.dash, "marker": look.marker, "markersize": 4,
        "linewidth": 1.2,
    }  # fmt: skip


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
