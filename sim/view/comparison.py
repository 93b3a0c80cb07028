"""Figure that compares policies: curves of cases, and differences from the first scenario."""

import datetime as dt
import textwrap
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.experiment.replicates import Replicates
from sim.view.balanced_text import balanced
from sim.view.bands import draw_bands
from sim.view.changes import largest_changes
from sim.view.days import date_axis, position, positions
from sim.view.differences import draw_differences
from sim.view.direct_labels import apart
from sim.view.number_text import interval, whole
from sim.view.outcome_words import title_of_outcome
from sim.view.page import new_figure
from sim.view.policies.look import PolicyLook, policy_looks
from sim.view.regions import total
from sim.view.runs_note import count_of_runs, scenario_label
from sim.view.style import PALE, SMALL, count_axis, in_house_style, panel_title
from sim.view.wide_scale import is_wide, linear_up_to, set_wide_ticks

_CURVES, _ROW, _AROUND, _COLUMNS = 2.6, 0.28, 0.92, 3
"""Inches: the curves, one scenario in a panel of differences, what is around; and columns."""
_OUTCOMES = (
    "infected_at_entry", "imported_confirmed", "fate_released_infectious", "quarantine_person_days",
    "stranded_person_days", "tests",
)  # fmt: skip
"""Of the panels of differences."""
_CASES = "imported_confirmed_cumulative"


@in_house_style
def draw_comparison(all_replicates: Sequence[Replicates]) -> Figure:
    """Return the figure; differences are between runs with the same seed.

    Args:
        all_replicates: scenarios with finished runs, the reference first.
    """
    reference, *others = all_replicates
    runs = max(len(replicates.results) for replicates in all_replicates)
    rows = -(-len(_OUTCOMES) // _COLUMNS)
    panel = _AROUND + _ROW * max(1, len(others))
    fig = new_figure(
        _CURVES + rows * panel,
        largest_changes(reference, others, "imported_confirmed"),
        f"{count_of_runs(runs).capitalize()} a scenario. Curves: median and 90 % of the runs. "
        f"Differences from {scenario_label(reference)}: runs with the same seed, one by one; "
        "median (dot and number), 50 % (thick) and 90 % (thin) of the runs; 0 is no difference.",
    )
    pages = fig.add_gridspec(2, 1, height_ratios=[_CURVES, rows * panel])
    looks = policy_looks(len(all_replicates))
    ax = fig.add_subplot(pages[0])
    _draw_curves(ax, all_replicates, looks)
    panel_title(ax, "a", "Imported confirmed cases so far")
    grid = pages[1].subgridspec(rows, _COLUMNS)
    colors = [look.color for look in looks[1:]]
    for number, outcome in enumerate(_OUTCOMES):
        ax = fig.add_subplot(grid[number // _COLUMNS, number % _COLUMNS])
        draw_differences(ax, outcome, reference, others, colors)
        if number % _COLUMNS:
            ax.tick_params(axis="y", labelleft=False)
        panel_title(ax, "bcdefghij"[number], textwrap.fill(title_of_outcome(outcome), 31))
    return fig


def _draw_curves(
    ax: Axes, all_replicates: Sequence[Replicates], looks: Sequence[PolicyLook]
) -> None:
    calendars = [replicates.scenario.calendar for replicates in all_replicates]
    ends = []
    for replicates, look in zip(all_replicates, looks, strict=True):
        runs = total(replicates, _CASES)
        days = positions(replicates.scenario.calendar)
        draw_bands(ax, days, runs, look.color, inner=False, linestyle=look.dash)
        ends.append(runs[:, -1])
    date_axis(ax, min(c.start for c in calendars), max(c.end for c in calendars))
    ax.set_ylim(0, 1.08 * max(1.0, ax.dataLim.y1))
    count_axis(ax, "Confirmed cases")
    finals = [float(np.median(end)) for end in ends]
    if is_wide(finals):
        threshold = linear_up_to(finals)
        high = ax.get_ylim()[1]
        ax.set_yscale("symlog", linthresh=threshold, linscale=0.5)
        ax.set_ylim(0, high)
        set_wide_ticks(ax.yaxis, 0, high, threshold, most=3, text=whole, fine=True)
        ax.set_ylabel(f"Confirmed cases\n(log scale above {whole(threshold)})")
    labels = [
        f"{balanced(scenario_label(replicates), 26)}: {interval(end)}"
        for replicates, end in zip(all_replicates, ends, strict=True)
    ]
    _label_ends(ax, [c.end for c in calendars], finals, labels, [look.color for look in looks])


def _label_ends(
    ax: Axes,
    dates: Sequence[dt.date],
    values: Sequence[float],
    labels: Sequence[str],
    colors: Sequence[str],
) -> None:
    """Write each label to the right of the end of its curve, moved so that none overlap."""
    to_axes = ax.transScale + ax.transLimits
    heights = np.array([float(to_axes.transform((0.0, value))[1]) for value in values])
    gap = 1.35 * SMALL / (72 * (_CURVES - 0.7))
    for i, y in apart(heights, gap * np.array([1 + label.count("\n") for label in labels])):
        ax.annotate(
            labels[i],
            (position(dates[i]) + 0.5, values[i]),
            (1.03, y),
            textcoords="axes fraction",
            color=colors[i],
            fontsize=SMALL,
            va="center",
            arrowprops={
                "arrowstyle": "-",
                "color": PALE,
                "linewidth": 0.6,
                "shrinkB": 0,
                "relpos": (0, 0.5),
            },
            annotation_clip=False,
        )
