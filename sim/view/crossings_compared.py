"""Figure of crossings away from the ports under several policies, and of how many fewer."""

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.pairs import paired_differences
from sim.experiment.replicates import Replicates
from sim.view.changes import largest_changes
from sim.view.crossing_fates import COLORS, crossing_fates
from sim.view.differences import draw_differences
from sim.view.number_text import decimal, whole
from sim.view.outcome_words import title_of_outcome
from sim.view.page import new_figure
from sim.view.runs_note import count_of_runs, scenario_label
from sim.view.style import BLACK, GREY, SMALL, empty_panel, in_house_style, panel_title

_ROW, _AROUND = 0.3, 0.95
"""Inches: one scenario, and what is around the rows of a panel."""
_FEWER: dict[str, Any] = {
    "facecolor": "none",
    "edgecolor": GREY,
    "hatch": "////",
    "linewidth": 0.6,
}
_OUTCOMES = ("illegal_attempts", "illegal_entered", "illegal_entered_infected")


@in_house_style
def draw_crossings_compared(all_replicates: Sequence[Replicates]) -> Figure:
    """Return the figure.

    Args:
        all_replicates: scenarios with a border and finished runs, the reference first; at least
            two.
    """
    reference, *others = all_replicates
    runs = max(len(replicates.results) for replicates in all_replicates)
    means = [_means(replicates) for replicates in all_replicates]
    occurring = [label for label in COLORS if any(of[label] > 0 for of in means)]
    above, below = _AROUND + _ROW * len(all_replicates), _AROUND + _ROW * len(others)
    fig = new_figure(
        above + below,
        largest_changes(reference, others, "illegal_attempts"),
        f"{count_of_runs(runs).capitalize()} a scenario. a: means of the runs; fewer and "
        f"more: than in {scenario_label(reference)}, same seeds. b to d: "
        f"difference from {scenario_label(reference)}, run by run; median (dot and number), 50 % "
        "(thick), 90 % (thin).",
        legend=_legend(occurring),
    )
    pages = fig.add_gridspec(2, 1, height_ratios=[above, below])
    ax = fig.add_subplot(pages[0])
    panel_title(ax, "a", "Attempts by what became of them (number: attempts a run)")
    fewer = [0.0, *(_fewer(replicates, reference) for replicates in others)]
    _draw_stacks(ax, all_replicates, means, fewer)
    beside = pages[1].subgridspec(1, len(_OUTCOMES))
    for number, outcome in enumerate(_OUTCOMES):
        ax = fig.add_subplot(beside[number])
        draw_differences(ax, outcome, reference, others, [BLACK] * len(others))
        if number:
            ax.tick_params(axis="y", labelleft=False)
        panel_title(ax, "bcd"[number], title_of_outcome(outcome))
    return fig


def _change(fewer: float) -> str:
    """Return a change of attempts; why there are fewer, the figure does not know.

    People may be deterred, or nobody may be stranded and want to cross.
    """
    if decimal(abs(fewer)) == decimal(0.0):
        return "no change"
    return f"{decimal(abs(fewer))} {'fewer' if fewer > 0 else 'more'}"


def _means(replicates: Replicates) -> dict[str, float]:
    return {label: float(of.mean()) for label, of in crossing_fates(replicates).items()}


def _fewer(replicates: Replicates, reference: Replicates) -> float:
    """Return the mean attempts fewer than in the reference, negative if there are more."""
    pairs = paired_differences(replicates, reference, "illegal_attempts")
    return -float(pairs.mean()) if len(pairs) else 0.0


def _legend(occurring: Sequence[str]) -> list[Artist]:
    fates = [Patch(color=COLORS[label], linewidth=0, label=label) for label in occurring]
    return [*fates, Patch(label="fewer attempts", **_FEWER)]


def _draw_stacks(
    ax: Axes,
    all_replicates: Sequence[Replicates],
    means: Sequence[dict[str, float]],
    all_fewer: Sequence[float],
) -> None:
    """Draw a row a scenario: the fates, then how many are fewer, and the numbers beside them."""
    ends = []
    for row, of in enumerate(means):
        left = 0.0
        for label, mean in of.items():
            ax.barh(row, mean, left=left, color=COLORS[label], height=0.7)
            left += mean
        text = decimal(left)
        fewer = all_fewer[row]
        if fewer > 0:
            ax.barh(
                row,
                fewer,
                left=left,
                height=0.7,
                **_FEWER,
            )
        if row:
            text += f", {_change(fewer)}"
        ends.append(left + max(0.0, fewer))
        ax.annotate(
            text, (ends[-1], row), (4, 0), textcoords="offset points", va="center", fontsize=SMALL
        )
    names = [textwrap.fill(scenario_label(replicates), 26) for replicates in all_replicates]
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_xlim(0, 1.25 * max(1.0, *ends))
    ax.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: whole(value)))
    ax.set_xlabel("People a run")
    if not np.any(ends):
        empty_panel(ax, "nobody tried to cross in any of the scenarios")
