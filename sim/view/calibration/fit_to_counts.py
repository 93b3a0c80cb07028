"""Figure of a fit: the fitted runs against every printed count, and two series nobody counted."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from calibration.check import targets_table
from calibration.targets import ReportingNoise, Target, Targets
from sim.experiment.replicates import Replicates
from sim.scenario.schema import Scenario
from sim.view import style
from sim.view.axes import (
    count_axis,
    date_axis,
    draw_bands,
    legend_of_bands,
    position,
    positions,
    short_date,
)
from sim.view.calibration.fit_tables import count_text
from sim.view.labels import balanced, fitting
from sim.view.words import label_of, region_of, runs_note, series_words

_COLUMNS, _ROW = 3, 1.5
"""Panels side by side, and the height of a row of them in inches."""
_TITLE, _INCHES = 36, 2.1
"""Characters and inches of a line of a panel's title, at most."""
_BEFORE, _AFTER = dt.timedelta(days=14), dt.timedelta(days=7)
"""Days that are shown before the first printed count and after the last one."""
_NAMED = 3
"""Printed counts that a panel's title names, at most."""
_NOISE_90 = 1.645
"""Standard deviations on either side that hold 90 % of a normal distribution."""
_NOT_COUNTED = ("imported_carriers_stock", "imported_first_positives")
_SUBJECT = "The fitted runs, day by day"


@style.in_house_style
def draw_fit(replicates: Replicates, targets: Targets) -> Figure:
    """Return the figure: a panel per place and series that articles count, then two predictions.

    Args:
        replicates: runs of the ensemble.
        targets: article counts, and their reporting noise; those of other places or days than the
            scenario has are left out.
    """
    if not replicates.results:
        return style.nothing_to_draw(_SUBJECT, "no run has finished")
    scenario, calendar = replicates.scenario, replicates.scenario.calendar
    shown = [
        target
        for target in targets.targets
        if target.place in scenario.places and calendar.start <= target.data_date <= calendar.end
    ]
    panels = _panels(scenario, shown)
    titles = [_title(scenario, *of, counts) for of, counts in panels.items()]
    lines = [title.count("\n") for title in titles]
    rows = range(0, len(panels), _COLUMNS)
    counted = [target.data_date for target in shown]
    first = max(calendar.start, min(counted, default=calendar.start) - _BEFORE)
    last = min(calendar.end, max(counted, default=calendar.end) + _AFTER)
    reviews = [calendar.days_in(review) for review in scenario.policies.review_rounds]
    fig = style.new_figure(
        0.2 + _ROW * len(rows) + style.TITLE_LINE * sum(max(lines[i : i + _COLUMNS]) for i in rows),
        _heading(replicates, targets, shown),
        f"{runs_note(replicates)} {_how_to_read(targets, shown, bool(reviews))}",
        legend=legend_of_bands(len(replicates.results)),
    )
    grid: list[Axes] = fig.subplots(len(rows), _COLUMNS, squeeze=False).ravel().tolist()
    days = slice(calendar.day_of(first), calendar.day_of(last) + 1)
    for ax, ((place, series), counts), title in zip(grid, panels.items(), titles, strict=False):
        date_axis(ax, first, last)
        ticks = ax.get_xticks()
        ax.set_xticks(ticks[:: 1 + len(ticks) // 5])
        for review in reviews:
            ends = position(calendar.start) + np.array([review.start, review.stop]) - 0.5
            ax.axvspan(
                *np.clip(ends, *ax.get_xlim()), color=style.PALE, alpha=0.4, linewidth=0, zorder=0
            )
        runs = replicates.series(series, place)[:, days]
        draw_bands(ax, positions(calendar)[days], runs, style.BLUE if counts else style.GREEN)
        for count in counts:
            _draw_count(ax, count, targets.reporting_noise)
        count_axis(ax, "")
        ax.set_title(title)
    for ax in grid[: max(0, len(panels) - _COLUMNS)]:
        ax.set_xlabel("")
    for ax in grid[len(panels) :]:
        ax.remove()
    return fig


def _panels(scenario: Scenario, shown: Sequence[Target]) -> dict[tuple[str, str], list[Target]]:
    """Return the counts that articles print by place and series, then what no article counts."""
    panels: dict[tuple[str, str], list[Target]] = {}
    for target in shown:
        panels.setdefault((target.place, target.series), []).append(target)
    place = shown[-1].place if shown else next(iter(scenario.ports.values())).place
    for series in _NOT_COUNTED:
        panels.setdefault((region_of(scenario, place), series), [])
    return panels


def _title(scenario: Scenario, place: str, series: str, counts: Sequence[Target]) -> str:
    """Return what a panel shows, and what was printed of it."""
    what = f"{label_of(scenario, place)}: {series_words(series)}"
    title = balanced(what, fitting(what, _TITLE, _INCHES, style.NORMAL))
    printed = [f"{count_text(*of.bounds)} on {short_date(of.data_date)}" for of in counts]
    if len(printed) > _NAMED:
        printed = [f"{printed[-1]} (the last of {len(printed)})"]
    named = balanced(f"counted {', '.join(printed)}", _TITLE)
    return f"{title}\n{named}" if printed else title


def _heading(replicates: Replicates, targets: Targets, shown: Sequence[Target]) -> str:
    """Return how many of the counts the runs reach."""
    if not shown or len(replicates.results) == 1:
        return _SUBJECT
    table = targets_table(replicates, targets.model_copy(update={"targets": tuple(shown)}))
    reached = int(table["inside_90"].sum())
    return f"The 90 % band of the fitted runs holds {reached} of {len(shown)} printed counts"


def _how_to_read(targets: Targets, shown: Sequence[Target], reviewed: bool) -> str:
    outlets = dict.fromkeys(targets.articles[of.article].outlet for of in shown)
    diamonds = (
        f"Diamonds: counts printed by {', '.join(outlets)}, with 90 % of the reporting noise or as "
        "the two ends of an interval; white ones were not fitted."
    )
    grey = " Grey stripes: days on which carriers are reviewed." if reviewed else ""
    said = diamonds if shown else "No article counts what is shown."
    return f"{said} Green: what no article counts.{grey}"


def _draw_count(ax: Axes, target: Target, noise: ReportingNoise) -> None:
    """Draw a number with its noise, an interval as two points, a lower bound as a triangle."""
    x, (low, high) = position(target.data_date), target.bounds
    ends = sorted({low, high} - {float("inf")})
    reach = _NOISE_90 * (target.noise or noise).sd(low) if low == high else 0.0
    ax.vlines(x, ends[0] - reach, ends[-1] + reach, color=style.VERMILLION, linewidth=1, zorder=4)
    ax.plot([x] * len(ends), ends, "D" if high < float("inf") else "^", color=style.VERMILLION,
            markersize=4, markerfacecolor=style.VERMILLION if target.fit else "white",
            zorder=5)  # fmt: skip
