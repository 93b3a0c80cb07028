"""Figure of a fit: runs of the ensemble against the counts of articles, and what nobody counted."""

import datetime as dt
from collections.abc import Sequence
from string import ascii_lowercase

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from calibration.check import counts_on
from calibration.targets import CountTarget, Targets
from sim.experiment.replicates import Replicates
from sim.scenario.schema import Scenario
from sim.scenario.timeline import Policies
from sim.view.article_counts import legend_of_counts
from sim.view.bands import legend_of_bands
from sim.view.calibration.fit_panels import FitPanel, draw_fit_panel, fit_panels
from sim.view.days import date_axis, short_date
from sim.view.nothing import nothing_to_draw
from sim.view.page import TITLE_LINE, new_figure
from sim.view.policy_lines import draw_policy_lines
from sim.view.policy_marks import PolicyMark, policy_marks
from sim.view.regions import label_of
from sim.view.reporting_noise import legend_of_noise
from sim.view.runs_note import runs_note
from sim.view.style import in_house_style, panel_title

_ROW, _COLUMNS = 1.75, 2
"""Height of a row of panels in inches, and how many there are side by side."""
_BEFORE, _AFTER = 2, 5
"""Days that are shown before the first positive test, and after the last count."""
_SUBJECT = "Runs of the ensemble against the counts of articles"


@in_house_style
def draw_fit(replicates: Replicates, targets: Targets) -> Figure:
    """Return the figure: new, cumulative and active cases, then carriers and first positives.

    Args:
        replicates: runs of the ensemble.
        targets: article counts, and their reporting noise.
    """
    if not replicates.results:
        return nothing_to_draw(_SUBJECT, "no run has finished")
    scenario = replicates.scenario
    calendar = scenario.calendar
    counts = [
        target
        for target in targets.counts()
        if target.place in scenario.places and calendar.start <= target.data_date <= calendar.end
    ]
    panels = fit_panels(replicates, counts)
    shown = [t for p in panels for t in counts if t.series == p.series and t.place in p.colors]
    days = _days(replicates, panels, shown)
    marks = _marks(scenario, days)
    places = dict.fromkeys(place for panel in panels for place in panel.colors)
    names = " and ".join(label_of(scenario, place) for place in places)
    rows = -(-len(panels) // _COLUMNS)
    fig = new_figure(
        0.3 + _ROW * rows + TITLE_LINE * _more_lines(panels),
        f"{_heading(replicates, shown)}, {names}",
        f"{runs_note(replicates)} {_how_to_read(panels, shown, targets)}",
        key=[mark.entry for mark in marks],
        legend=_legend(len(replicates.results), bool(shown)),
    )
    grid: list[Axes] = fig.subplots(rows, _COLUMNS, squeeze=False).ravel().tolist()
    for ax in grid[len(panels) :]:
        ax.remove()
    axes = grid[: len(panels)]
    for ax in axes:
        date_axis(ax, *_dates(scenario, days))
    lift = draw_policy_lines(axes, marks, columns=_COLUMNS)
    for number, (ax, panel) in enumerate(zip(axes, panels, strict=True)):
        draw_fit_panel(ax, panel, replicates, days, shown, targets.reporting_noise)
        panel_title(ax, ascii_lowercase[number], panel.title, 0 if number >= _COLUMNS else lift)
        ax.set_xlabel(ax.get_xlabel() if number + _COLUMNS >= len(panels) else "")
    return fig


def _more_lines(panels: Sequence[FitPanel]) -> int:
    """Return how many lines the titles need beyond one in each row."""
    lines = [panel.title.count("\n") for panel in panels]
    return sum(max(lines[first : first + _COLUMNS]) for first in range(0, len(lines), _COLUMNS))


def _days(
    replicates: Replicates, panels: Sequence[FitPanel], shown: Sequence[CountTarget]
) -> slice:
    """Return the days to show: from when something happens until some days after the last count."""
    calendar = replicates.scenario.calendar
    busy = [
        np.quantile(replicates.series(panel.series, place), 0.95, axis=0) > 0
        for panel in panels
        for place in panel.colors
    ]
    first = int(np.argmax(np.any(busy, axis=0)))
    counted = [calendar.day_of(target.data_date) for target in shown]
    first = max(0, min([first, *counted]) - _BEFORE)
    return slice(first, min(calendar.days, 1 + max(counted, default=calendar.days) + _AFTER))


def _dates(scenario: Scenario, days: slice) -> tuple[dt.date, dt.date]:
    start = scenario.calendar.start
    return start + dt.timedelta(days.start), start + dt.timedelta(days.stop - 1)


def _marks(scenario: Scenario, days: slice) -> list[PolicyMark]:
    """Return the changes of what decides when cases arrive and are counted."""
    policies = scenario.policies
    decisive = Policies(
        port_closures=policies.port_closures,
        laboratory_capacity=policies.laboratory_capacity,
        review_rounds=policies.review_rounds,
    )
    first, last = _dates(scenario, days)
    marks = policy_marks(scenario.model_copy(update={"policies": decisive}))
    return [mark for mark in marks if first <= mark.date <= last]


def _heading(replicates: Replicates, shown: Sequence[CountTarget]) -> str:
    """Return how many of the counts the runs reach."""
    if not shown or len(replicates.results) == 1:
        return _SUBJECT
    reached = sum(
        bool(np.quantile(of, 0.05) <= target.value <= np.quantile(of, 0.95))
        for target, of in ((target, counts_on(replicates, target)) for target in shown)
    )
    return f"{reached} of {len(shown)} article counts lie in the 90 % band of the runs"


def _how_to_read(panels: Sequence[FitPanel], shown: Sequence[CountTarget], targets: Targets) -> str:
    fitted = [target.data_date for target in targets.targets if target.fit]
    used = f"The fit uses counts up to {short_date(max(fitted))}." if fitted else ""
    counted = {target.series for target in shown}
    if not counted:
        return f"{used} No article counts what is shown.".strip()
    letters = [ascii_lowercase[n] for n, panel in enumerate(panels) if panel.series not in counted]
    uncounted = f", and {' and '.join(letters)}, which no article counts" if letters else ""
    return f"{used} Predictions: later days{uncounted}."


def _legend(runs: int, with_counts: bool) -> list[Artist]:
    counts: list[Artist] = [legend_of_counts(), legend_of_noise()] if with_counts else []
    return [*legend_of_bands(runs), *counts]
