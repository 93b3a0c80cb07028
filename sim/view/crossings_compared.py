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
from sim.view.crossing_fates import COLORS, crossing_fates
from sim.view.number_text import decimal, whole
from sim.view.page import new_figure
from sim.view.runs_note import count_of_runs, scenario_label
from sim.view.style import GREY, SMALL, empty_panel, in_house_style

_ROW, _AROUND, _NAMED = 0.3, 0.95, 3
"""Inches: one scenario, and what is around the rows; and scenarios that the heading names."""
_FEWER: dict[str, Any] = {
    "facecolor": "none",
    "edgecolor": GREY,
    "hatch": "////",
    "linewidth": 0.6,
}


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
    fewer = [_fewer(replicates, reference) for replicates in others]
    fig = new_figure(
        _AROUND + _ROW * len(all_replicates),
        _heading(all_replicates, fewer),
        f"{count_of_runs(runs).capitalize()} a scenario; means of the runs. Fewer and more: than "
        f"in {scenario_label(reference)}, same seeds.",
        legend=_legend(occurring),
    )
    ax = fig.add_subplot()
    ax.set_title("Attempts by what became of them (number: attempts a run)")
    _draw_stacks(ax, all_replicates, means, [0.0, *fewer])
    return fig


def _heading(all_replicates: Sequence[Replicates], fewer: Sequence[float]) -> str:
    """Return the largest changes of attempts, in a sentence."""
    reference, *others = map(scenario_label, all_replicates)
    pairs = zip(fewer, others, strict=True)
    known = sorted((pair for pair in pairs if np.isfinite(pair[0])), key=lambda pair: -abs(pair[0]))
    if not known:
        return "Attempts to cross illegally under each policy"
    named = ", ".join(f"{label} {_change(number)}" for number, label in known[:_NAMED])
    return f"Attempts to cross illegally a run, against {reference}: {named}"


def _change(fewer: float) -> str:
    """Return a change of attempts; why there are fewer, the figure does not know.

    People may be deterred, or nobody may be stranded and want to cross.
    """
    if np.isnan(fewer):
        return "no runs with the same seed"
    if decimal(abs(fewer)) == decimal(0.0):
        return "no change"
    return f"{decimal(abs(fewer))} {'fewer' if fewer > 0 else 'more'}"


def _means(replicates: Replicates) -> dict[str, float]:
    return {label: float(of.mean()) for label, of in crossing_fates(replicates).items()}


def _fewer(replicates: Replicates, reference: Replicates) -> float:
    """Return the mean attempts fewer than in the reference, negative if there are more.

    Without a seed in common it is nan.
    """
    pairs = paired_differences(replicates, reference, "illegal_attempts")
    return -float(pairs.mean()) if len(pairs) else np.nan


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
