"""Figure of a scenario discovery: every box that was passed, and what the chosen one asks for."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import PercentFormatter

from calibration.priors import read_priors
from sim.experiment.discovery import SEARCHES, Discovery
from sim.experiment.prim import Box, Interval, Levels, Limits
from sim.experiment.sweep.experiments import NET_BENEFIT, Condition
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.points import Factor
from sim.experiment.sweep.quantity import Quantity
from sim.view.balanced_text import balanced, shortened
from sim.view.nothing import nothing_to_draw
from sim.view.outcome_words import difference_words, title_of_outcome
from sim.view.page import new_figure
from sim.view.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    SMALL,
    VERMILLION,
    in_house_style,
    panel_title,
)
from sim.view.sweep.words import quantity_words

_PLAIN = ("", "ratio", "share", "k", "logit")
"""Units that add nothing to a number."""
_MARKS = (
    ("o", GREY), ("s", SKY), ("D", BLUE), ("^", GREEN), ("v", ORANGE), ("P", VERMILLION),
    ("X", PURPLE),
)  # fmt: skip
"""Marker and colour by number of restricted inputs, the last for all larger ones."""
_SCATTER, _ROW, _LINE, _AROUND = 2.2, 0.48, 0.125, 0.55
"""Inches: the upper panel, a row of the lower one, a line of its name, and what is around rows."""
_NAME, _WITHIN, _IN_HEADING = 34, 58, 3
"""Characters in a line of a name and of a condition, and conditions in the heading."""
_ENDS, _RETURNS = 0.02, 1.06
"""In widths of a range: room on its left, and where the last column begins."""
_HALO = [withStroke(linewidth=2, foreground="white")]


@dataclass(frozen=True)
class Input:
    """An input as readers meet it.

    Attributes:
        label: what it is called.
        unit: of its numbers, as for ``Quantity``.
        ends: of its range; None: the least and the greatest value that ran.
        log: whether ratios are even on its axis, not differences.
    """

    label: str
    unit: str = ""
    ends: tuple[float, float] | None = None
    log: bool = False

    def value(self, number: float) -> str:
        """Return one of its numbers with its unit."""
        return quantity_words(Quantity(number, self.unit))

    def condition(self, limits: Limits) -> str:
        """Return what limits ask for, such as ``above 0.9``."""
        if isinstance(limits, Levels):
            return " or ".join(limits.kept)
        if limits.low == -math.inf:
            return f"below {self.value(limits.high)}"
        if limits.high == math.inf:
            return f"above {self.value(limits.low)}"
        return f"between {self.value(limits.low)} and {self.value(limits.high)}"


def inputs_in_words(plan: Plan, names: Iterable[str]) -> dict[str, Input]:
    """Return the inputs of a sweep in words: its factors, and parameters as the priors call them.

    Args:
        plan: the sweep.
        names: of the inputs.
    """
    priors = {
        prior.path: Input(prior.label, "" if prior.unit in _PLAIN else prior.unit)
        for prior in read_priors().parameters
    }
    factors = {factor.name: _input_of(factor) for factor in plan.factors}
    return {name: factors.get(name) or priors.get(name) or Input(name) for name in names}


def _input_of(factor: Factor) -> Input:
    quantities = [level.quantity for level in factor.levels if level.quantity]
    if not factor.is_scale:
        return Input(factor.label)
    numbers = [quantity.number for quantity in quantities]
    log = factor.range is not None and factor.range.scale == "log"
    return Input(factor.label, quantities[0].unit, (min(numbers), max(numbers)), log)


def box_words(box: Box, inputs: Mapping[str, Input], most: int | None = None) -> str:
    """Return the conditions of a box in words; of more than ``most`` only how many they are."""
    said = [
        f"{inputs[name].label} is {inputs[name].condition(limits)}"
        for name, limits in box.limits.items()
    ]
    if not said:
        return "no condition"
    if most is not None and len(said) > most:
        rest = len(said) - most
        said = [*said[:most], f"{rest} more condition{'s' if rest > 1 else ''}"]
    return " and ".join([", ".join(said[:-1]), said[-1]] if said[:-1] else said)


def percent(share: float) -> str:
    """Return a share such as 85 %, never parted from its sign at the end of a line."""
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def condition_words(condition: Condition) -> str:
    """Return what makes an experiment one of interest, such as ``net benefit above 0 CNY``."""
    side = "above" if condition.above else "below"
    if condition.outcome == NET_BENEFIT:
        return f"net benefit {side} {condition.limit:,.0f} CNY"
    title = title_of_outcome(condition.outcome)
    plain = f"{title[0].lower()}{title[1:]}"
    return f"difference in {plain} {side} {difference_words(condition.outcome, condition.limit)}"


@in_house_style
def draw_discovery(
    discovery: Discovery,
    inputs: Mapping[str, Input],
    values: pd.DataFrame,
    condition: Condition,
    what_ran: str,
) -> Figure:
    """Return the figure of a discovery.

    Args:
        discovery: the boxes.
        inputs: each of them in words.
        values: the experiments, a column an input.
        condition: what makes an experiment one of interest.
        what_ran: policies, points and pairs in a sentence, for the note.
    """
    heading = _heading(discovery, inputs, condition)
    if discovery.firmness is None:
        return nothing_to_draw(heading, "there is nothing to tell apart")
    limits = discovery.box.limits
    names = [balanced(inputs[name].label, _NAME) for name in limits]
    row = max(_ROW, *((name.count("\n") + 1.6) * _LINE for name in names), 0.0) if names else _ROW
    below = _AROUND + row * max(len(names), 1)
    fig = new_figure(
        _SCATTER + below,
        heading,
        f"{what_ran} {_note(discovery)}",
        legend=_legend(discovery),
    )
    boxes, bars = fig.subplots(2, 1, height_ratios=[_SCATTER, below])
    _draw_boxes(boxes, discovery)
    box = discovery.box
    chosen = f"density {percent(box.density)}, coverage {percent(box.coverage)}"
    panel_title(boxes, "a", f"All boxes on the way; the chosen one: {chosen}")
    bars.set_ylim(max(len(names), 1) - 0.5, -0.65)
    bars.set_yticks(range(len(names)), names)
    _draw_limits(bars, discovery, inputs, values)
    panel_title(bars, "b", "Conditions of the chosen box", lift=4)
    return fig


def _heading(discovery: Discovery, inputs: Mapping[str, Input], condition: Condition) -> str:
    said = condition_words(condition)
    share = discovery.boxes[0].density
    begin = f"{said[0].upper()}{said[1:]}"
    if discovery.firmness is None:
        amount = {0.0: "in no experiment", 1.0: "in every experiment"}
        return f"{begin} {amount.get(share, f'in {percent(share)}, whatever the inputs are')}"
    if not discovery.box.limits:
        return f"{begin} in {percent(share)} of the experiments, and no condition tells which"
    return (
        f"{begin} in {percent(discovery.box.density)} of the experiments where "
        f"{box_words(discovery.box, inputs, _IN_HEADING)}; in {percent(share)} of all"
    )


def _note(discovery: Discovery) -> str:
    assert discovery.firmness is not None
    note = (
        "a: coverage is the share of all experiments of interest that are in the box, density the "
        "share of those in the box that are of interest (PRIM: Friedman and Fisher 1999). Chosen: "
        "being inside is correlated most with being of interest, without restrictions that add "
        f"next to nothing. b: in how many of {SEARCHES} searches with other points and pairs the "
        "restriction comes back; of two ends, the lower one first."
    )
    if not math.isnan(discovery.firmness.density):
        note += (
            " Boxes found so have, among points that their search did not see, a density of "
            f"{percent(discovery.firmness.density)} and a coverage of "
            f"{percent(discovery.firmness.coverage)} (medians)."
        )
    return note


def _look(box: Box) -> tuple[str, str]:
    return _MARKS[min(len(box.limits), len(_MARKS) - 1)]


def _legend(discovery: Discovery) -> list[Artist]:
    """Return what marks mean; the larger numbers share one."""
    last = len(_MARKS) - 1
    numbers = sorted({min(len(box.limits), last) for box in discovery.boxes})
    artists: list[Artist] = []
    for number in numbers:
        marker, color = _MARKS[number]
        text = f"{number} or more" if number == last else str(number)
        what = " inputs restricted" if number == numbers[0] else ""
        artists.append(Line2D([], [], linestyle="none", label=text + what, **_dot(marker, color)))
    if discovery.box.limits:
        artists += [
            Patch(color=PALE, linewidth=0, label="b: range"),
            Patch(color=BLUE, linewidth=0, label="b: inside the box"),
        ]
    return artists


def _dot(marker: str, color: str) -> dict[str, Any]:
    return {
        "marker": marker, "markersize": 4.5, "markerfacecolor": color, "markeredgecolor": "white",
        "markeredgewidth": 0.5,
    }  # fmt: skip


def _draw_boxes(ax: Axes, discovery: Discovery) -> None:
    """Draw density against coverage, the boxes that were passed joined in their order."""
    passed = discovery.boxes[: discovery.passed]
    coverages, densities = [box.coverage for box in passed], [box.density for box in passed]
    ax.plot(coverages, densities, color=PALE, linewidth=0.8, zorder=1)
    for box in discovery.boxes:
        ax.plot(box.coverage, box.density, zorder=2, **_dot(*_look(box)))
    chosen = discovery.box
    ax.plot(
        chosen.coverage, chosen.density, "o", markersize=11, markerfacecolor="none",
        markeredgecolor=BLACK, markeredgewidth=1, zorder=3,
    )  # fmt: skip
    # Better boxes lie above and to the right, so that there is most room.
    right = chosen.coverage < 0.85
    ax.annotate(
        "chosen", (chosen.coverage, chosen.density), (8, 5) if right else (-8, -7),
        textcoords="offset points", ha="left" if right else "right",
        va="bottom" if right else "top", path_effects=_HALO, zorder=4,
    )  # fmt: skip
    ax.set_xlim(0, 1.04)
    ax.set_ylim(0, 1.08)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
    ax.set_xlabel("Coverage: of all experiments of interest, how many are in the box")
    ax.set_ylabel("Density: of those in the box,\nhow many are of interest")


def _draw_limits(
    ax: Axes, discovery: Discovery, inputs: Mapping[str, Input], values: pd.DataFrame
) -> None:
    """Draw for each restricted input its range, and what of it is inside the chosen box."""
    ax.set_xlim(-_ENDS, _RETURNS + 0.22)
    ax.set_xticks([])
    ax.tick_params(axis="y", length=0)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_xlabel("Each input has a scale of its own, from the least to the greatest value")
    box = discovery.box
    if not box.limits:
        ax.text(0.5, 0.0, "No input is restricted.", ha="center", va="center", color=GREY)
        return
    assert discovery.firmness is not None
    returns = discovery.firmness.returns
    ax.text(_RETURNS, -0.5, "comes back", va="bottom", fontsize=SMALL, color=GREY)
    for row, (name, limits) in enumerate(box.limits.items()):
        if isinstance(limits, Interval):
            middle = _draw_interval(ax, row, limits, inputs[name], values[name])
        else:
            middle = _draw_levels(ax, row, limits, sorted(set(values[name])))
        ax.text(
            min(max(middle, 0.3), 0.7), row - 0.16,
            shortened(inputs[name].condition(limits), _WITHIN), ha="center",
            va="bottom", fontsize=SMALL,
        )  # fmt: skip
        counts = " and ".join(str(returns.get((name, side), 0)) for side in limits.sides)
        ax.text(_RETURNS, row, f"{counts} of {SEARCHES}", va="center", fontsize=SMALL)


def _draw_interval(
    ax: Axes, row: int, limits: Interval, words: Input, values: "pd.Series[float]"
) -> float:
    """Draw an input on a scale, and return the middle of what is inside."""
    least, most = words.ends or (float(values.min()), float(values.max()))
    place = np.log if words.log else np.asarray
    start, end = np.interp(
        place(np.clip([limits.low, limits.high], least, most)), place([least, most]), [0, 1]
    ).tolist()
    _bar(ax, row, 0, 1, PALE)
    _bar(ax, row, start, end, BLUE)
    for x, value, side in ((0.0, least, "left"), (1.0, most, "right")):
        ax.text(x, row + 0.16, words.value(value), ha=side, va="top", fontsize=SMALL, color=GREY)
    return float(start + end) / 2


def _draw_levels(ax: Axes, row: int, limits: Levels, levels: Sequence[str]) -> float:
    """Draw an input without a scale, those of its levels first that are inside."""
    count, kept = len(levels), len(limits.kept)
    for place in range(count):
        color = BLUE if place < kept else PALE
        _bar(ax, row, place / count + 0.004, (place + 1) / count - 0.004, color)
    return kept / count / 2


def _bar(ax: Axes, row: int, start: float, end: float, color: str) -> None:
    ax.barh(row, end - start, left=start, height=0.22, color=color, linewidth=0)
