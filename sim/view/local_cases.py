"""Figure of infections of residents: by day, by where they come from, and in hospital wards."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.experiment.replicates import Replicates
from sim.view.days import date_axis, positions
from sim.view.interval_bars import AROUND, ROW, draw_interval_bars
from sim.view.number_text import whole
from sim.view.origin_colors import ORIGIN_COLORS
from sim.view.outbreak_sizes import ARTICLE, COUNTED, draw_outbreak_sizes, share_inside
from sim.view.page import new_figure
from sim.view.policy_lines import draw_policy_lines
from sim.view.policy_marks import policy_marks
from sim.view.runs_note import runs_note
from sim.view.style import PURPLE, count_axis, empty_panel, in_house_style, panel_title
from sim.world.draws import FloatArray
from sim.world.origins import ORIGIN_LABELS, Origin

_DAYS, _LEAST = 2.3, 1.9
"""Inches: the panel by day, and the least height of those below it."""
_NOBODY = "no resident was infected"
_ALL = "all residents"


@in_house_style
def draw_local_cases(replicates: Replicates) -> Figure:
    """Return the figure; the scenario must have residents, and runs that have finished."""
    scenario = replicates.scenario
    by_day = replicates.local_infections()
    totals = np.array([result.local.sum(axis=0) for result in replicates.results], dtype=float)
    occurring = [origin for origin in Origin if totals[:, origin].any()]
    marks = policy_marks(scenario)
    bottom = max(_LEAST, AROUND + ROW * (1 + len(occurring)))
    fig = new_figure(
        _DAYS + bottom,
        _heading(totals),
        f"{runs_note(replicates)} a: means of the runs. Totals: median of the runs; thin line and "
        "brackets: 90 % of them. The origin is where the chain of infection came into town.",
        key=[mark.entry for mark in marks],
        legend=_legend(occurring),
    )
    pages = fig.add_gridspec(2, 1, height_ratios=[_DAYS, bottom])
    ax = fig.add_subplot(pages[0])
    _draw_days(ax, by_day, replicates)
    lift = draw_policy_lines([ax], marks)
    panel_title(ax, "a", "Infections of residents by day of infection and origin", lift)
    outbreak = scenario.hospital_outbreak
    beside = pages[1].subgridspec(1, 1 + (outbreak is not None))
    _draw_totals(fig.add_subplot(beside[0]), totals, occurring)
    if outbreak is not None:
        calendar = scenario.calendar
        day = min(max(COUNTED, calendar.start), calendar.end)
        counts = replicates.series("local_confirmed_cumulative", outbreak.town)
        confirmed = counts[:, calendar.day_of(day)].astype(np.float64)
        ax = fig.add_subplot(beside[1])
        draw_outbreak_sizes(ax, confirmed, day)
        panel_title(ax, "c", f"{100 * share_inside(confirmed):.0f} % of runs within {ARTICLE}")
    return fig


def _heading(totals: FloatArray) -> str:
    """Return how many were infected, and where most of their chains came from."""
    if not totals.any():
        return f"Local infections: {_NOBODY}"
    origin = Origin(int(totals.sum(axis=0).argmax()))
    share = totals[:, origin].sum() / totals.sum()
    return (
        f"Local infections: {whole(float(np.median(totals.sum(axis=1))))} residents; "
        f"most frequent origin: {ORIGIN_LABELS[origin]} ({100 * share:.0f} %)"
    )


def _legend(occurring: list[Origin]) -> list[Artist]:
    return [
        Patch(color=ORIGIN_COLORS[origin], linewidth=0, label=ORIGIN_LABELS[origin])
        for origin in occurring
    ]


def _draw_days(ax: Axes, by_day: FloatArray, replicates: Replicates) -> None:
    calendar = replicates.scenario.calendar
    below = np.zeros(len(by_day))
    for origin in Origin:
        of_origin = by_day[:, origin]
        if of_origin.any():
            ax.bar(
                positions(calendar),
                of_origin,
                bottom=below,
                color=ORIGIN_COLORS[origin],
                width=0.85,
                edgecolor="white",
                linewidth=0.3,
            )
            below += of_origin
    date_axis(ax, calendar.start, calendar.end)
    ax.set_ylim(top=1.08 * max(1.0, below.max()))
    count_axis(ax, "Infections a day")
    if not by_day.any():
        empty_panel(ax, _NOBODY)


def _draw_totals(ax: Axes, totals: FloatArray, occurring: list[Origin]) -> None:
    """Draw a bar for all residents and one an origin."""
    rows = {_ALL: totals.sum(axis=1)} | {ORIGIN_LABELS[o]: totals[:, o] for o in occurring}
    colors = {_ALL: PURPLE} | {ORIGIN_LABELS[o]: ORIGIN_COLORS[o] for o in occurring}
    draw_interval_bars(ax, rows if occurring else {}, colors, "Residents infected a run")
    ax.set_ylabel("Origin")
    panel_title(ax, "b", "In total, by origin")
    if not occurring:
        empty_panel(ax, _NOBODY)
