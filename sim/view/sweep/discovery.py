"""What a scenario discovery has found: in words, as tables and as a figure."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from calibration.priors import read_priors
from sim.experiment.discovery import SEARCHES, Discovery, Firmness, correlation
from sim.experiment.prim import Box, Levels, Limits
from sim.experiment.sweep.experiments import NET_BENEFIT, Condition, Experiments
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.points import Factor
from sim.experiment.sweep.quantity import Quantity
from sim.view import style
from sim.view.labels import balanced, shortened
from sim.view.outcome_words import difference_words, title_of_outcome
from sim.view.sweep.words import quantity_words
from sim.view.words import count, inside_sentence, listed, percent, with_capital, words
from sim.world.draws import BoolArray

_PLAIN = ("", "ratio", "share", "k", "logit")
"""Units that add nothing to a number."""
_SCATTER, _ROW, _LINE, _AROUND = 2.2, 0.48, 0.125, 0.55
"""Inches: the upper panel, a row of the lower one, a line of its name, and what is around rows."""
_NAME, _WITHIN, _IN_HEADING = 34, 58, 3
"""Characters in a line of a name and of a condition, and conditions in the heading."""
_ENDS, _RETURNS = 0.02, 1.06
"""In widths of a range: room on its left, and where the last column begins."""

FEW_EXPERIMENTS, FEW_INSIDE = 100, 20
"""Fewer experiments in all, or inside the conditions, are warned about."""


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
        said = [*said[:most], count(len(said) - most, "more condition")]
    return listed(said)


def condition_words(condition: Condition) -> str:
    """Return what makes an experiment one of interest, such as ``net benefit above 0 CNY``."""
    side = "above" if condition.above else "below"
    if condition.outcome == NET_BENEFIT:
        return f"net benefit {side} {condition.limit:,.0f} CNY"
    title = inside_sentence(title_of_outcome(condition.outcome))
    return f"difference in {title} {side} {difference_words(condition.outcome, condition.limit)}"


def experiments_words(experiments: Experiments, willingness_to_pay: float) -> str:
    """Return what was compared, and in how many experiments, in a sentence."""
    points, pairs = len(set(experiments.points)), len(set(experiments.pairs))
    return (
        f"{words(experiments.policy)} against {words(experiments.against)}: "
        f"{len(experiments.points):,} experiments ({points:,} points, {pairs:,} pairs of "
        f"parameters and random numbers), willingness to pay "
        f"{willingness_to_pay:,.0f} CNY for an averted infection."
    )


def boxes_table(discovery: Discovery, inputs: Mapping[str, Input]) -> pd.DataFrame:
    """Return all boxes of the search, a row each."""
    share = discovery.boxes[0].density
    rows = [
        {
            "box": number,
            "coverage": box.coverage,
            "density": box.density,
            "mass": box.mass,
            "restricted": len(box.limits),
            "correlation": correlation(box, share),
            "chosen": number == discovery.chosen,
            "limits": box_words(box, inputs),
        }
        for number, box in enumerate(discovery.boxes)
    ]
    return pd.DataFrame(rows)


def restrictions_table(discovery: Discovery, inputs: Mapping[str, Input]) -> pd.DataFrame:
    """Return what the chosen box restricts and what came back, the most frequent first."""
    columns = ["input", "label", "side", "in_chosen_box", "comes_back", "searches"]
    if discovery.firmness is None:
        return pd.DataFrame(columns=columns)
    returns = discovery.firmness.returns
    chosen = discovery.box.restrictions
    either = sorted({*chosen, *returns}, key=lambda cut: (-returns.get(cut, 0), cut))
    rows = [
        (name, inputs[name].label, side, (name, side) in chosen, returns.get((name, side), 0))
        for name, side in either
    ]
    return pd.DataFrame([(*row, SEARCHES) for row in rows], columns=columns)


def too_few(discovery: Discovery, of_interest: BoolArray) -> str:
    """Return why so few experiments may mislead, in a sentence; empty: they are enough."""
    total, inside = len(of_interest), round(discovery.box.mass * len(of_interest))
    if total < FEW_EXPERIMENTS:
        few = f"only {total:,} experiments, fewer than {FEW_EXPERIMENTS}"
    elif discovery.box.limits and inside < FEW_INSIDE:
        few = f"only {inside:,} of {total:,} experiments are inside the conditions found"
    else:
        return ""
    return f"{few}: what is found may be chance; run the sweep with more points or replicates"


def discovery_text(
    discovery: Discovery,
    inputs: Mapping[str, Input],
    of_interest: BoolArray,
    where: Condition,
    ran: str,
) -> str:
    """Return the chosen box and how firm it is, in a few lines."""
    said, cases, total = condition_words(where), int(of_interest.sum()), len(of_interest)
    box, firm = discovery.box, discovery.firmness
    lines = [ran, f"{said} in {cases:,} of {total:,} experiments ({percent(cases / total)})"]
    if firm is None:
        return "\n".join([*lines, "there is nothing to tell apart, and so no condition to find"])
    if not box.limits:
        return "\n".join([*lines, "no condition tells which"])
    lines += [
        f"where {box_words(box, inputs)}:",
        f"  in {percent(box.density)} of them (density), which are {percent(box.coverage)} of all "
        "such experiments (coverage)",
        f"of {SEARCHES} searches with other points and pairs, so many find it again:",
    ]
    for name, limits in box.limits.items():
        again = " and ".join(str(firm.returns.get((name, side), 0)) for side in limits.sides)
        lines.append(f"  {again:>9}  {inputs[name].label} {inputs[name].condition(limits)}")
    lines += [
        unseen_words(firm),
        "experiments of a point share its factors and those of a pair its chance: they are not "
        "independent, and no p-values are given",
    ]
    return "\n".join(filter(None, lines))


@style.in_house_style
def draw_discovery(
    discovery: Discovery,
    inputs: Mapping[str, Input],
    values: pd.DataFrame,
    condition: Condition,
    what_ran: str,
) -> Figure:
    """Return the figure of a discovery: what the chosen box asks for, and all boxes passed.

    Args:
        discovery: the boxes.
        inputs: each of them in words.
        values: the experiments, one column per input.
        condition: what makes an experiment one of interest.
        what_ran: policies, points and pairs in a sentence, for the note.
    """
    heading = _heading(discovery, inputs, condition)
    if discovery.firmness is None:
        return style.nothing_to_draw(heading, "there is nothing to tell apart")
    box = discovery.box
    names = [balanced(inputs[name].label, _NAME) for name in box.limits]
    row = max(_ROW, *((name.count("\n") + 1.6) * _LINE for name in [*names, ""]))
    below = _AROUND + row * max(len(names), 1)
    fig = style.new_figure(_SCATTER + below, heading, f"{what_ran} {_note(discovery)}")
    bars, boxes = fig.subplots(2, 1, height_ratios=[below, _SCATTER])
    bars.set_ylim(max(len(names), 1) - 0.5, -0.65)
    bars.set_yticks(range(len(names)), names)
    _draw_limits(bars, discovery, inputs, values)
    style.panel_title(bars, "a", "Conditions of the chosen box (blue)", lift=4)
    _draw_boxes(boxes, discovery)
    chosen = f"density {percent(box.density)}, coverage {percent(box.coverage)}"
    style.panel_title(boxes, "b", f"All boxes on the way; the chosen one (ringed): {chosen}")
    return fig


def _heading(discovery: Discovery, inputs: Mapping[str, Input], condition: Condition) -> str:
    said = condition_words(condition)
    share = discovery.boxes[0].density
    begin = with_capital(said)
    if discovery.firmness is None:
        amount = {0.0: "in no experiment", 1.0: "in every experiment"}
        return f"{begin} {amount.get(share, f'in {percent(share)}, whatever the inputs are')}"
    box = discovery.box
    if not box.limits:
        return f"{begin} in {percent(share)} of the experiments, and no condition tells which"
    where = box_words(box, inputs, _IN_HEADING)
    return f"{begin} in {percent(box.density)} (of all: {percent(share)}) where {where}"


def _note(discovery: Discovery) -> str:
    assert discovery.firmness is not None
    note = (
        f"a: how many of {SEARCHES} searches with other points and pairs find a restriction "
        "again; of two ends, the lower one first. b: coverage is the share of all experiments of "
        "interest that are in the box, density the share of those in the box that are of interest "
        "(PRIM: Friedman and Fisher 1999). Chosen: being inside is correlated most with being of "
        "interest, without restrictions that add next to nothing."
    )
    unseen = unseen_words(discovery.firmness)
    return f"{note} {with_capital(unseen)}." if unseen else note


def unseen_words(firmness: Firmness) -> str:
    """Return how boxes do among points that their search did not see; empty if there are none."""
    if math.isnan(firmness.density):
        return ""
    return (
        "boxes found so have, among points that their search did not see, a density of "
        f"{percent(firmness.density)} and a coverage of {percent(firmness.coverage)} (medians)"
    )


def _draw_boxes(ax: Axes, discovery: Discovery) -> None:
    """Draw density against coverage, the boxes that were passed joined in their order."""
    passed, chosen = discovery.boxes[: discovery.passed], discovery.box
    ax.plot([box.coverage for box in passed], [box.density for box in passed], color=style.PALE,
            linewidth=0.8, zorder=1)  # fmt: skip
    dots = ax.scatter(
        [box.coverage for box in discovery.boxes], [box.density for box in discovery.boxes], 22,
        [len(box.limits) for box in discovery.boxes], cmap="viridis_r", zorder=2,
        edgecolors="white", linewidths=0.5,
    )  # fmt: skip
    handles, labels = dots.legend_elements(num=MaxNLocator(5, integer=True), fmt="{x:.0f}")
    ax.legend(handles, labels, title="inputs restricted", loc="lower left", ncols=6)
    ax.plot(chosen.coverage, chosen.density, "o", markersize=11, markerfacecolor="none",
            markeredgecolor=style.BLACK, zorder=3)  # fmt: skip
    ax.set(xlim=(0, 1.04), ylim=(0, 1.08))
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
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.set_xlabel("Each input has a scale of its own, from the least to the greatest value")
    assert discovery.firmness is not None
    if not discovery.box.limits:
        ax.text(0.5, 0.0, "No input is restricted.", ha="center", va="center", color=style.GREY)
        return
    ax.text(_RETURNS, -0.5, "comes back", va="bottom", fontsize=style.SMALL, color=style.GREY)
    for row, (name, limits) in enumerate(discovery.box.limits.items()):
        start, end = 0.0, 1.0
        if isinstance(limits, Levels):
            end = len(limits.kept) / values[name].nunique()
        else:
            least, most = inputs[name].ends or (values[name].min(), values[name].max())
            place = np.log if inputs[name].log else np.asarray
            inside = place(np.clip([limits.low, limits.high], least, most))
            start, end = np.interp(inside, place([least, most]), [0, 1]).tolist()
            for x, value, side in ((0.0, least, "left"), (1.0, most, "right")):
                ax.text(x, row + 0.16, inputs[name].value(value), ha=side, va="top",
                        fontsize=style.SMALL, color=style.GREY)  # fmt: skip
        ax.barh(row, 1, height=0.22, color=style.PALE, linewidth=0)
        ax.barh(row, end - start, left=start, height=0.22, color=style.BLUE, linewidth=0)
        ax.text(
            0, row - 0.16, shortened(inputs[name].condition(limits), _WITHIN), va="bottom",
            fontsize=style.SMALL,
        )  # fmt: skip
        counts = [str(discovery.firmness.returns.get((name, side), 0)) for side in limits.sides]
        ax.text(
            _RETURNS,
            row,
            f"{' and '.join(counts)} of {SEARCHES}",
            va="center",
            fontsize=style.SMALL,
        )
