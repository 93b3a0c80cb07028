"""Figure of imported cases: new, so far, in hospital, and carriers under observation."""

import datetime as dt
from collections.abc import Sequence
from itertools import cycle
from string import ascii_lowercase
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from calibration.targets import CountTarget
from sim.experiment.replicates import Replicates
from sim.scenario.lever_registry import Topic
from sim.view.axes import (
    count_axis,
    draw_article_counts,
    draw_bands,
    legend_of_bands,
    legend_of_counts,
    positions,
    short_date,
)
from sim.view.labels import shortened, whole
from sim.view.style import BLUE, ORANGE, SKY, in_house_style, new_figure, panel_title
from sim.view.timetable import add_panels, timetable_of
from sim.view.words import label_of, region_of, runs_note, top_level

_NEW, _SO_FAR = "imported_confirmed_new", "imported_confirmed_cumulative"
_PANELS = {
    _NEW: ("New confirmed cases a day", "Cases a day"),
    _SO_FAR: ("Confirmed cases so far", "Cases"),
    "imported_confirmed_active": ("Confirmed cases not yet discharged", "Cases"),
    "imported_carriers_stock": ("Carriers under observation: positive, no disease seen", "People"),
}
"""Titles and units by series."""
_ROW = 1.2
"""Inches of a panel."""
_OTHERS: dict[str, Any] = {"linewidth": 1.0, "linestyle": (0, (3, 2))}
"""Places after the first are dashed medians without bands."""
_COLORS = (BLUE, ORANGE, SKY)
_MANY = 3
"""Cases on one day from which on the day with most is worth naming."""
_PLACE = 40
"""Characters of the name of a place in the legend and the heading."""


@in_house_style
def draw_imported(replicates: Replicates, targets: Sequence[CountTarget]) -> Figure:
    """Return the figure for the places that ``targets`` count in, or those with most cases.

    Args:
        replicates: finished runs, at least one.
        targets: counts of newspapers; they stand on the day that each describes.
    """
    scenario = replicates.scenario
    places = _places(replicates, targets)
    colors = dict(zip(places, cycle(_COLORS), strict=False))
    shown = [target for target in targets if target.series in _PANELS and target.place in colors]
    timetable = timetable_of(scenario, (Topic.CASES,))
    names = {place: shortened(label_of(scenario, place), _PLACE) for place in places}
    fig = new_figure(
        _ROW * len(_PANELS) + timetable.height,
        _finding(replicates, places[0], names[places[0]]),
        runs_note(replicates),
        legend=_legend(names, colors, len(replicates.results), bool(shown)),
    )
    axes, _ = add_panels(fig, timetable, [_ROW] * len(_PANELS))
    for ax, letter, (series, (title, unit)) in zip(
        axes, ascii_lowercase, _PANELS.items(), strict=False
    ):
        _draw(ax, replicates, series, colors, shown)
        count_axis(ax, unit)
        panel_title(ax, letter, title)
    return fig


def _places(replicates: Replicates, targets: Sequence[CountTarget]) -> list[str]:
    """Return the places that articles count in, or the top-level ones with most cases."""
    scenario = replicates.scenario
    counted = {target.place for target in targets if target.series in _PANELS}
    if shown := [name for name in scenario.places if name in counted]:
        return shown
    cases = {
        place: float(sum(replicates.series(name, place).mean() for name in _PANELS))
        for place in top_level(scenario)
    }
    most = sorted((place for place in cases if cases[place]), key=lambda name: -cases[name])
    return most[:2] or [region_of(scenario, next(iter(scenario.ports.values())).place)]


def _finding(replicates: Replicates, place: str, name: str) -> str:
    """Return how many cases were confirmed, and on which day most of them."""
    so_far = float(np.median(replicates.series(_SO_FAR, place)[:, -1]))
    if not so_far:
        return f"No imported case was confirmed in {name}"
    new = np.median(replicates.series(_NEW, place), axis=0)
    day = replicates.scenario.calendar.start + dt.timedelta(days=int(new.argmax()))
    most = f"; most on {short_date(day)}, {whole(new.max())}" if new.max() >= _MANY else ""
    cases = "imported case" if so_far == 1 else "imported cases"
    return f"{whole(so_far)} {cases} confirmed in {name}{most} (medians)"


def _draw(
    ax: Axes,
    replicates: Replicates,
    series: str,
    colors: dict[str, str],
    targets: Sequence[CountTarget],
) -> None:
    days = positions(replicates.scenario.calendar)
    for number, (place, color) in enumerate(colors.items()):
        runs = replicates.series(series, place)
        if number:
            # A town often has nearly all cases of its region: two bands would hide each other.
            ax.plot(days, np.median(runs, axis=0), color=color, **_OTHERS)
        else:
            draw_bands(ax, days, runs, color)
        counts = [t for t in targets if (t.series, t.place) == (series, place)]
        draw_article_counts(ax, counts, color, days, np.median(runs, axis=0))


def _legend(
    names: dict[str, str], colors: dict[str, str], runs: int, with_counts: bool
) -> list[Artist]:
    places: list[Artist] = [
        Line2D([], [], color=colors[place], label=name, **(_OTHERS if number else {}))
        for number, (place, name) in enumerate(names.items())
    ]
    counts = [legend_of_counts()] if with_counts else []
    return [*places, *legend_of_bands(runs), *counts]
