"""Figure of regret: what each policy loses against the best one, future by future."""

from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, SymLogNorm
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.comparison import Comparison
from sim.experiment.decision import Regret, decision_of
from sim.view.balanced_text import balanced
from sim.view.number_text import million, whole
from sim.view.page import new_figure
from sim.view.policies.look import PolicyLook, policy_looks
from sim.view.policies.worth_axis import benefit_note, millions, pairs_note
from sim.view.policy_words import words
from sim.view.style import BLACK, GREY, SMALL, in_house_style
from sim.view.wide_scale import is_wide, linear_up_to, set_wide_ticks
from sim.world.draws import FloatArray, IntArray

_NAME, _LINE, _SPACE, _AROUND = 30, 1.3 * SMALL / 72, 0.1, 1.35
"""Characters of a name in a line; inches of a line, between two rows, and around all of them."""
_COLUMN = 45
"""Points from one column of numbers to the next."""
_BEST = "#CFE3F2"
"""Colour of cells without regret, away from the scale of the others."""


@in_house_style
def draw_regret(comparison: Comparison, worth: float) -> Figure:
    """Return the figure of a comparison with at least one pair.

    Args:
        comparison: the policies.
        worth: CNY that an averted infection is worth.
    """
    decision = decision_of(comparison)
    regret = decision.regret(worth)
    names = [words(policy.name) for policy in comparison.policies]
    labels = [balanced(name, _NAME) for name in names]
    row = _SPACE + _LINE * max(2, *(label.count("\n") + 1 for label in labels))
    fig = new_figure(
        _AROUND + row * len(names),
        _heading(regret, names, worth),
        f"Regret with {whole(worth)} CNY for an averted infection (assumption): what the best "
        "policy of the pair has more net benefit. A column a pair; the same pairs in all rows. "
        "Right: mean, value that 90 % of the pairs do not exceed, and maximum, least in bold. "
        f"{benefit_note(comparison)} {pairs_note(comparison)}",
        legend=[Patch(color=_BEST, linewidth=0, label="no regret: the best policy of the pair")],
    )
    ax = fig.add_subplot()
    ax.set_title("Regret in each pair")
    order = np.argsort(decision.infections[0], kind="stable")
    image = _draw_cells(ax, regret.by_pair[:, order])
    _label_pairs(ax, decision.infections[0, order])
    ax.set_xlabel(
        f"Pairs, from the fewest to the most infections at large in {names[0]} (numbers: these)"
    )
    _label_rows(ax, labels, policy_looks(len(names)))
    _write_numbers(ax, regret)
    _draw_bar(fig, ax, image)
    return fig


def _heading(regret: Regret, names: Sequence[str], worth: float) -> str:
    """Return which policy can be regretted least, in a sentence."""
    safest, usual = int(regret.maximum.argmin()), int(regret.mean.argmin())
    most = float(regret.maximum[safest])
    if not regret.by_pair.any():
        return "No policy can be regretted: all are equally good in every pair"
    what = f"by at most {million(most)} million CNY" if most else "it is the best in every pair"
    heading = (
        f"At {whole(worth)} CNY an averted infection, {names[safest]} is regretted least: {what}"
    )
    if most and regret.mean[usual] < regret.mean[safest]:
        heading += f"; on average it is {names[usual]}"
    return heading


def _draw_cells(ax: Axes, values: FloatArray) -> AxesImage:
    """Draw a cell a policy and pair, shape (policies, pairs); a colour of its own is no regret."""
    peaks = values.max(axis=1).tolist()
    high = max(peaks) or 1e6
    norm = Normalize(0, high)
    if is_wide(peaks) and linear_up_to(peaks) < high:
        norm = SymLogNorm(linear_up_to(peaks), linscale=0.5, vmin=0, vmax=high)
    colors = matplotlib.colormaps["YlOrBr"].with_extremes(bad=_BEST)
    image = ax.imshow(
        np.ma.masked_equal(values, 0), cmap=colors, norm=norm, aspect="auto",
        interpolation="nearest",
    )  # fmt: skip
    ax.hlines(
        np.arange(0.5, len(values) - 1), -0.5, values.shape[1] - 0.5, color="white", linewidth=2
    )
    return image


def _label_pairs(ax: Axes, infections: FloatArray) -> None:
    """Write how many infections the baseline has, at a few of its pairs; ``infections`` rise."""
    places: IntArray = np.unique(np.linspace(0, len(infections) - 1, 6).round().astype(np.int64))
    ax.set_xticks(places, [whole(value) for value in infections[places]])


def _label_rows(ax: Axes, labels: Sequence[str], looks: Sequence[PolicyLook]) -> None:
    """Write the names of the policies to the left, with their marks."""
    ax.set_yticks(range(len(labels)), labels)
    ax.tick_params(axis="y", length=0, pad=14)
    ax.spines["left"].set_visible(False)
    for row, look in enumerate(looks):
        ax.plot(
            -0.02, row, color=look.color, marker=look.marker, markersize=4, clip_on=False,
            transform=ax.get_yaxis_transform(),
        )  # fmt: skip


def _write_numbers(ax: Axes, regret: Regret) -> None:
    """Write mean, 90 % and maximum of each row in million CNY, the least of each in bold."""
    columns = {"mean": regret.mean, "90 %": regret.q90, "maximum": regret.maximum}

    def write(
        text: str, coordinates: Any, y: float, shift: tuple[float, float], **look: Any
    ) -> None:
        ax.annotate(
            text, (1, y), shift, xycoords=coordinates, textcoords="offset points", ha="right",
            fontsize=SMALL, annotation_clip=False, **look,
        )  # fmt: skip

    for number, (head, values) in enumerate(columns.items(), 1):
        write(head, "axes fraction", 1, (_COLUMN * number, 5), color=GREY)
        for row, value in enumerate(values.tolist()):
            write(
                million(value) if value else "0", ax.get_yaxis_transform(), row,
                (_COLUMN * number, 0), color=BLACK, va="center",
                fontweight="bold" if value == values.min() else "normal",
            )  # fmt: skip


def _draw_bar(fig: Figure, ax: Axes, image: AxesImage) -> None:
    """Draw the scale of colours below the panel."""
    bar = fig.colorbar(image, ax=ax, location="bottom", fraction=0.06, aspect=60, pad=0.04)
    bar.outline.set_visible(False)
    norm = image.norm
    bar.set_label("Regret (million CNY)")
    if isinstance(norm, SymLogNorm):
        bar.set_label(f"Regret (million CNY, log scale above {millions(norm.linthresh)})")
        high = float(norm.vmax or 0)
        set_wide_ticks(bar.ax.xaxis, 0, high, norm.linthresh, most=4, text=millions, fine=True)
    else:
        bar.ax.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
        bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: millions(value)))
