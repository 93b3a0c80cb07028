"""A grid of daily series: a row a place, a column a kind of count."""

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from calibration.targets import CountTarget
from sim.experiment.replicates import Replicates
from sim.view.article_counts import draw_article_counts, legend_of_counts
from sim.view.bands import draw_bands, legend_of_bands
from sim.view.days import date_axis, positions
from sim.view.page import TITLE_LINE, half_page_lines, new_figure
from sim.view.policy_lines import draw_policy_lines
from sim.view.policy_marks import policy_marks
from sim.view.regions import label_of, places_to_show
from sim.view.runs_note import runs_note
from sim.view.style import count_axis, panel_title

_ROW = 2.1
"""Height of a row of panels in inches."""


@dataclass(frozen=True)
class Curve:
    """A series of the surveillance, drawn as bands.

    Attributes:
        series: its name.
        label: for the legend.
        color: of the bands.
    """

    series: str
    label: str
    color: str


@dataclass(frozen=True)
class Panel:
    """What one column of the grid shows.

    Attributes:
        title: what is counted, after the name of the place.
        unit: label of the y axis.
        curves: the series.
    """

    title: str
    unit: str
    curves: tuple[Curve, ...]


def draw_panels(
    replicates: Replicates, targets: Sequence[CountTarget], subject: str, panels: Sequence[Panel]
) -> Figure:
    """Return the grid for the places that ``targets`` count in, or those with most cases.

    Args:
        replicates: finished runs, at least one.
        targets: article counts; those of the series and places shown are drawn.
        subject: heading of the figure; the names of the places are added.
        panels: the columns.
    """
    scenario = replicates.scenario
    series = [curve.series for panel in panels for curve in panel.curves]
    places = places_to_show(replicates, targets, series)
    counted = any(target.series in series and target.place in places for target in targets)
    names = " and ".join(label_of(scenario, place) for place in places)
    titles = {
        place: [half_page_lines(f"{label_of(scenario, place)}: {panel.title}") for panel in panels]
        for place in places
    }
    more_lines = sum(max(title.count("\n") for title in row) for row in titles.values())
    marks = policy_marks(scenario)
    fig = new_figure(
        0.4 + _ROW * len(places) + TITLE_LINE * more_lines,
        f"{subject}, {names}",
        runs_note(replicates),
        key=[mark.entry for mark in marks],
        legend=_legend(panels, len(replicates.results), counted),
    )
    grid = fig.subplots(len(places), len(panels), squeeze=False)
    for ax in grid.flat:
        date_axis(ax, scenario.calendar.start, scenario.calendar.end)
    lift = draw_policy_lines(grid.ravel().tolist(), marks, columns=len(panels))
    letters = iter(ascii_lowercase)
    for row, place in enumerate(places):
        of_place = [target for target in targets if target.place == place]
        for ax, panel, title in zip(grid[row], panels, titles[place], strict=True):
            _draw(ax, panel, replicates, place, of_place)
            panel_title(ax, next(letters), title, 0 if row else lift)
    return fig


def _draw(
    ax: Axes, panel: Panel, replicates: Replicates, place: str, targets: Sequence[CountTarget]
) -> None:
    days = positions(replicates.scenario.calendar)
    for number, curve in enumerate(panel.curves):
        draw_bands(ax, days, replicates.series(curve.series, place), curve.color)
        of_curve = [target for target in targets if target.series == curve.series]
        draw_article_counts(ax, of_curve, curve.color, above=number == 0)
    count_axis(ax, panel.unit)


def _legend(panels: Sequence[Panel], runs: int, with_counts: bool) -> list[Artist]:
    """Return the legend of all panels: curves that share one, bands, counts of articles."""
    shared = [curve for panel in panels if len(panel.curves) > 1 for curve in panel.curves]
    curves = [Line2D([], [], color=curve.color, label=curve.label) for curve in shared]
    counts = [legend_of_counts()] if with_counts else []
    return [*curves, *legend_of_bands(runs), *counts]
