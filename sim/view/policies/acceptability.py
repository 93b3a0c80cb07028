"""Figure of how probably each policy is the best one, whatever an infection is worth."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FixedLocator
from scipy.special import ndtri

from sim.experiment.comparison import Comparison
from sim.experiment.decision import WorthCurves, decision_of
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
    pairs_note,
)
from sim.view.policy_words import words
from sim.view.style import PALE, SMALL, in_house_style, panel_title

_CURVES, _ABOVE, _ROW, _AROUND = 2.7, 0.4, 0.32, 0.75
"""Inches: the curves, what is around them, a policy that decides, what is around these rows."""
_BESIDE, _ALONE = 4.6, 6.2
"""Inches: width of the panels with names beside them, and without."""
_CHARACTER = 0.58 * SMALL / 72
"""Inches that a character takes, about."""


@in_house_style
def draw_acceptability(comparison: Comparison) -> Figure:
    """Return the figure of a comparison with at least one pair."""
    decision = decision_of(comparison)
    curves = decision.curves()
    low, high = float(curves.worths[0]), float(curves.worths[-1])
    reigns = decision.frontier().reigns(low, high)
    names = [words(policy.name) for policy in comparison.policies]
    looks = policy_looks(len(names))
    marks = marks_of(names, looks)
    heights = [max(_CURVES, _ABOVE + room_beside(marks)), _AROUND + _ROW * len(reigns)]
    envelope = envelope_look("frontier: probability of the policy that decides")
    fig = new_figure(
        sum(heights),
        _heading(curves),
        "a: share of the pairs in which a policy has the highest net benefit (equals share it), "
        f"± {_most_error(comparison.pairs):.0f} percentage points at most (95 % interval of a "
        "share). b: the policy with the highest expected net benefit decides, not the most "
        f"probable one. {benefit_note(comparison)} {pairs_note(comparison)}",
        legend=[envelope, *legend_of(marks)],
    )
    pages = fig.add_gridspec(2, 1, height_ratios=heights)
    ax = fig.add_subplot(pages[0])
    panel_title(ax, "a", "Probability of the highest net benefit (%)")
    draw_over_worths(ax, curves.worths, 100 * curves.probability, looks)
    draw_envelope(ax, curves, 100 * curves.frontier)
    ax.set_ylim(0, 102)
    ax.yaxis.set_major_locator(FixedLocator([0, 25, 50, 75, 100]))
    ax.set_ylabel("Probability (%)")
    ax.tick_params(axis="x", labelbottom=False)
    ends = [(high, 100 * float(share)) for share in curves.probability[-1]]
    write_beside(ax, ends, marks, heights[0] - _ABOVE)
    rows = fig.add_subplot(pages[1], sharex=ax)
    panel_title(rows, "b", "Policy that decides: the highest expected net benefit")
    _draw_reigns(rows, reigns, names, looks, _ALONE if legend_of(marks) else _BESIDE)
    label_worths(rows)
    for _, begin, _ in reigns[1:]:
        for panel in (ax, rows):
            panel.axvline(begin, color=PALE, linewidth=0.6, zorder=0.5)
    return fig


def _heading(curves: WorthCurves) -> str:
    """Return how sure the choice is, in a sentence."""
    least, most = int(curves.frontier.argmin()), int(curves.frontier.max() * 100 + 0.5)
    low = f"{100 * curves.frontier[least]:.0f} %"
    if low == f"{most} %":
        return f"The policy to choose is the best one in {low} of the pairs, whatever the worth"
    return (
        f"The policy to choose is the best one in {low} to {most} % of the pairs, least surely at "
        f"{about(float(curves.worths[least]))} CNY an averted infection"
    )


def _most_error(pairs: int) -> float:
    """Return half the 95 % interval of a share of one half, in percentage points."""
    return float(100 * ndtri(0.975) * np.sqrt(0.25 / pairs))


def _draw_reigns(
    ax: Axes,
    reigns: Sequence[tuple[int, float, float]],
    names: Sequence[str],
    looks: Sequence[PolicyLook],
    wide: float,
) -> None:
    """Draw a row for each policy that decides somewhere, with its name and where it does.

    ``wide`` is the width of the panel in inches.
    """
    low, high = np.log10(ax.get_xlim())
    for row, (policy, begin, end) in enumerate(reigns):
        look = looks[policy]
        ax.plot(
            [begin, end], [row, row], color=look.color, marker=look.marker, markersize=4,
            linewidth=3, solid_capstyle="butt", clip_on=False,
        )  # fmt: skip
        text = f"{names[policy]}: {_where(begin, end, row > 0, row < len(reigns) - 1)}"
        middle = (np.log10(begin * end) / 2 - low) / (high - low)
        half = min(0.5, len(text) * _CHARACTER / wide / 2)
        ax.annotate(
            text, (float(np.clip(middle, half, 1 - half)), row), (0, 4),
            xycoords=ax.get_yaxis_transform(), textcoords="offset points", ha="center",
            va="bottom", fontsize=SMALL, path_effects=[withStroke(linewidth=2, foreground="white")],
        )  # fmt: skip
    ax.set_ylim(len(reigns) - 0.6, -0.8)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)


def _where(begin: float, end: float, begins: bool, ends: bool) -> str:
    """Return from which worth to which a policy decides; where it neither begins nor ends: all."""
    if begins and ends:
        return f"{about(begin)} to {about(end)} CNY"
    if ends:
        return f"up to {about(end)} CNY"
    return f"from {about(begin)} CNY" if begins else "at every worth"
