"""Panels of the figure of a fit: a series each, of one place or of several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from calibration.targets import CountTarget, ReportingNoise
from sim.experiment.replicates import Replicates
from sim.view.article_counts import draw_article_counts
from sim.view.bands import draw_bands
from sim.view.days import positions
from sim.view.page import half_page_lines
from sim.view.regions import label_of, places_to_show, region_of
from sim.view.reporting_noise import draw_reporting_noise
from sim.view.series_words import series_words
from sim.view.style import BLUE, GREEN, ORANGE, PURPLE, SKY, SMALL, VERMILLION, count_axis

_PLACES = (BLUE, ORANGE, SKY, GREEN)
_CLEAR, _HEADROOM = 11, 1.1
"""Points above its band at which a place is named, so that a count has room, and room above it."""
_NEW, _SO_FAR = "imported_confirmed_new", "imported_confirmed_cumulative"
_ACTIVE = "imported_confirmed_active"
_STOCK, _FOUND = "imported_carriers_stock", "imported_first_positives"


@dataclass(frozen=True)
class FitPanel:
    """What one panel shows.

    Attributes:
        series: what is counted.
        title: of the panel.
        unit: label of the y axis.
        colors: of the bands, by place.
    """

    series: str
    title: str
    unit: str
    colors: Mapping[str, str]


def fit_panels(replicates: Replicates, counts: Sequence[CountTarget]) -> list[FitPanel]:
    """Return the panels: what is counted, then what no article counts.

    Args:
        replicates: finished runs, at least one.
        counts: article counts of places of the scenario; they decide which places are shown.
    """
    scenario = replicates.scenario
    places = places_to_show(replicates, counts, (_NEW, _SO_FAR))
    colors = dict(zip(places, cycle(_PLACES), strict=False))
    region = region_of(scenario, places[0])
    active = places_to_show(replicates, counts, (_ACTIVE,))[0]

    def of(place: str, what: str) -> str:
        return half_page_lines(f"{label_of(scenario, place)}: {what}")

    return [
        *(
            FitPanel(_NEW, of(place, "new cases a day"), "Confirmed cases a day", {place: color})
            for place, color in colors.items()
        ),
        FitPanel(_SO_FAR, "Cases so far", "Confirmed cases", colors),
        FitPanel(_ACTIVE, of(active, "still in hospital"), "Confirmed cases", {active: VERMILLION}),
        FitPanel(_STOCK, of(region, series_words(_STOCK)), "Carriers", {region: GREEN}),
        FitPanel(_FOUND, of(region, series_words(_FOUND)), "People a day", {region: PURPLE}),
    ]


def draw_fit_panel(
    ax: Axes,
    panel: FitPanel,
    replicates: Replicates,
    days: slice,
    counts: Sequence[CountTarget],
    noise: ReportingNoise,
) -> None:
    """Draw bands and counts; the x axis must have its limits.

    Args:
        ax: where to draw.
        panel: what to draw.
        replicates: finished runs.
        days: of the calendar, that are shown.
        counts: article counts; those of the panel are drawn.
        noise: of counts that have none of their own.
    """
    x = positions(replicates.scenario.calendar)[days]
    for number, (place, color) in enumerate(panel.colors.items()):
        runs = replicates.series(panel.series, place)[:, days]
        draw_bands(ax, x, runs, color, inner=not number, linestyle="--" if number else "-")
    for place, color in panel.colors.items():
        of_place = [t for t in counts if (t.place, t.series) == (place, panel.series)]
        draw_reporting_noise(ax, of_place, noise)
        # Above and to the left a growing curve leaves room, below it a falling one.
        draw_article_counts(ax, of_place, color, above=panel.series != _ACTIVE)
    if len(panel.colors) > 1:
        _name_places(ax, panel, replicates, days)
        ax.set_ylim(top=_HEADROOM * ax.get_ylim()[1])
    count_axis(ax, panel.unit)


def _name_places(ax: Axes, panel: FitPanel, replicates: Replicates, days: slice) -> None:
    """Write the places at the ends of their bands, the highest above and the others below."""
    ends = {
        place: replicates.series(panel.series, place)[:, days.stop - 1] for place in panel.colors
    }
    highest = max(ends, key=lambda place: float(np.median(ends[place])))
    for place, color in panel.colors.items():
        above = place == highest
        ax.annotate(
            half_page_lines(label_of(replicates.scenario, place), SMALL, "bold"),
            (ax.get_xlim()[1], float(np.quantile(ends[place], 0.95 if above else 0.05))),
            (0, _CLEAR if above else -2),
            textcoords="offset points",
            ha="right",
            va="bottom" if above else "top",
            fontsize=SMALL,
            fontweight="bold",
            color=color,
            path_effects=[withStroke(linewidth=2, foreground="white")],
        )
