"""The timetable of policies: a row for each lever, drawn below the curves that it explains."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec

from sim.scenario.lever_registry import LEVERS, Kind, Lever, Topic, names_of
from sim.scenario.schema import Scenario
from sim.view.axes import date_axis, position
from sim.view.labels import balanced, inches_of, shortened, wrapped
from sim.view.style import BLACK, GREY, PALE, SMALL, VERMILLION, WIDTH
from sim.view.words import SPACE, inside_sentence, label_in

_ROW, _AROUND, _GUTTER = 0.165, 0.6, 1.75
"""Inches: a row, the date axis below them, and what is left of the bars."""
_MOST, _NAME, _LINE = 9, 28, 100
"""Rows of bars, characters of the name of a row, and characters of a line of text in a row."""
_LIGHT, _DARK = to_rgb("#E4ECF3"), to_rgb("#8DB4D6")
_SHUT = "#F2B79B"
_CHANGE: dict[str, Any] = {"color": PALE, "linewidth": 0.5, "linestyle": (0, (2, 2))}
_PAPER: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
"""Keeps the line of a change out of a word that is written over it."""
_TEXT = SMALL - 0.5
_GAP = 0.04
"""Inches between a bar and a text beside it."""


@dataclass(frozen=True)
class Bar:
    """A stretch of days on which a lever has one value.

    Attributes:
        first: its first day.
        after: the first day after it.
        text: the value in words.
        shade: from 0 (light) to 1 (dark).
    """

    first: dt.date
    after: dt.date
    text: str
    shade: float


@dataclass(frozen=True)
class Row:
    """One lever, for all that it is set for alike.

    Attributes:
        lever: which one.
        label: its name, with what it is set for.
        bars: in order, those without the measure left out.
        announced: days on which a change became known before it came.
    """

    lever: Lever
    label: str
    bars: tuple[Bar, ...]
    announced: tuple[dt.date, ...] = ()

    def changes(self, first: dt.date, last: dt.date) -> bool:
        """Tell whether the lever has more than one value from ``first`` to ``last``."""
        whole = len(self.bars) == 1 and self.bars[0].first <= first and self.bars[0].after > last
        return bool(self.bars) and not whole


@dataclass(frozen=True)
class Timetable:
    """Which levers are drawn, over which days.

    Attributes:
        first: first day of the axis.
        last: last day, included.
        rows: levers that change on these days.
        texts: what is said of the others, by the name of the row.
    """

    first: dt.date
    last: dt.date
    rows: Sequence[Row]
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def height(self) -> float:
        """Inches that it takes, its date axis included."""
        lines = sum(len(wrapped(text, _LINE)) for text in self.texts.values())
        return _AROUND + _ROW * (self._lines_of_names() + lines)

    def _lines_of_names(self) -> int:
        return sum(_name(row.label).count("\n") + 1 for row in self.rows)

    @property
    def changes(self) -> list[dt.date]:
        """Days after the first one on which a lever that is drawn changes."""
        days = {day for row in self.rows for bar in row.bars for day in (bar.first, bar.after)}
        return sorted(day for day in days if self.first < day <= self.last)


def timetable_of(
    scenario: Scenario,
    topics: Collection[Topic],
    days: tuple[dt.date, dt.date] | None = None,
) -> Timetable:
    """Return the timetable of the levers of ``scenario`` that bear on ``topics``.

    Args:
        scenario: whose policies are shown.
        topics: what the curves above show.
        days: first and last day of the axis; None for the whole calendar.
    """
    first, last = days or (scenario.calendar.start, scenario.calendar.end)
    changing, constant = list[Row](), dict[Lever, list[Row]]()
    for lever in LEVERS.values():
        if lever.topics.isdisjoint(topics):
            continue
        for row in _rows_of(scenario, lever, first, last):
            if row.changes(first, last):
                changing.append(row)
            elif row.bars:
                constant.setdefault(lever, []).append(row)
    texts = {
        "Also changing": [row.label for row in changing[_MOST:]],
        "In force throughout": [text for of in constant.items() for text in _in_force(*of)],
    }
    return Timetable(
        first, last, changing[:_MOST], {name: _listed(of) for name, of in texts.items() if of}
    )


def _in_force(lever: Lever, rows: Sequence[Row]) -> Iterator[str]:
    """Yield what is in force; several rows of a lever say for which of its names."""
    for row in rows:
        name = _without_names(lever) if len(rows) == 1 else shortened(row.label, 2 * _NAME)
        # A number is never parted from its unit at the end of a line.
        yield f"{inside_sentence(name)}{SPACE}{row.bars[0].text.replace(' ', SPACE)}"


def _without_names(lever: Lever) -> str:
    return lever.name.replace(", {}", "").replace(" {}", "").replace("{}", "port")


def _listed(items: Sequence[str]) -> str:
    """Return the items in at most two lines; those without room are counted."""
    for shown in range(len(items), 0, -1):
        rest = f"; and {len(items) - shown} more" if shown < len(items) else ""
        text = "; ".join(items[:shown]) + rest
        if len(wrapped(text, _LINE)) <= 2:
            break
    return text


def _rows_of(scenario: Scenario, lever: Lever, first: dt.date, last: dt.date) -> Iterator[Row]:
    """Yield a row for each group of names for which the lever is set alike."""
    alike: dict[tuple[tuple[Bar, ...], tuple[dt.date, ...]], list[str]] = {}
    for name, periods in lever.periods(scenario.policies).items():
        values = [lever.value_of(period) for period in periods]
        most = max((v for v in values if isinstance(v, int | float)), default=0.0)
        bars, announced = [], []
        for period, value in zip(periods, values, strict=True):
            begins = max(period.from_ or first, first)
            after = min(period.until or last + dt.timedelta(1), last + dt.timedelta(1))
            known = getattr(period, "announced", None)
            if known and first <= known <= last and known < (period.from_ or first):
                announced.append(known)
            if begins < after and not lever.is_off(value):
                bars.append(Bar(begins, after, lever.words(value), shade(lever, value, most)))
        bars.sort(key=lambda bar: bar.first)
        alike.setdefault((_joined(bars), tuple(announced)), []).append(name)
    for (joined, announced_days), names in alike.items():
        yield Row(lever, _label(scenario, lever, names), joined, announced_days)


def _joined(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """Return the bars, those of one value that follow each other as one."""
    joined: list[Bar] = []
    for bar in bars:
        if joined and (joined[-1].after, joined[-1].text) == (bar.first, bar.text):
            bar = Bar(joined.pop().first, bar.after, bar.text, bar.shade)
        joined.append(bar)
    return tuple(joined)


def shade(lever: Lever, value: object, most: float) -> float:
    """Return how dark the bar of a value is, from 0 to 1; ``most`` is the highest one beside it."""
    if lever.kind is Kind.LEVEL and isinstance(value, float | int):
        return float(value)
    return float(value) / most if isinstance(value, int | float) and most else 0.5


def _label(scenario: Scenario, lever: Lever, names: Sequence[str]) -> str:
    """Return the name of a lever, with what it is set for unless that is all there is."""
    if not lever.of:
        return lever.name
    everything = len(names) == len(names_of(scenario, lever)) > 1
    where = "all" if everything else ", ".join(label_in(scenario, name) for name in names)
    if everything and ", {}" in lever.name:
        return _without_names(lever)
    return lever.name.format(f"all {lever.of_what}s" if where == "all" else where)


def _name(label: str) -> str:
    return balanced(shortened(label, 2 * _NAME), _NAME)


def add_panels(
    fig: Figure, timetable: Timetable, above: Sequence[float], below: float = 0.0
) -> tuple[list[Axes], SubplotSpec]:
    """Add panels with the timetable below them, and mark its changes in them.

    All of them get the same days; only the timetable has their labels.

    Args:
        fig: where to draw.
        timetable: of the days that the panels show.
        above: heights of the panels, in inches.
        below: height of what comes below the timetable, in inches.

    Returns:
        The panels, and the place below the timetable, if it has a height.
    """
    heights = [*above, timetable.height, *([below] if below else [])]
    grid = fig.add_gridspec(len(heights), 1, height_ratios=heights)
    axes = [fig.add_subplot(grid[row]) for row in range(len(above))]
    ax = fig.add_subplot(grid[len(above)])
    for one in (*axes, ax):
        date_axis(one, timetable.first, timetable.last)
    for one in axes:
        one.set_xlabel("")
        one.tick_params(labelbottom=False)
        for day in timetable.changes:
            one.axvline(position(day) - 0.5, zorder=0.4, **_CHANGE)
    _draw(ax, timetable)
    ax.set_title("Policies")
    return axes, grid[len(heights) - 1]


def _draw(ax: Axes, timetable: Timetable) -> None:
    per_day = (WIDTH - _GUTTER) / ((timetable.last - timetable.first).days + 1)
    names, heights, y = [], [], 0.0
    for row in timetable.rows:
        name = _name(row.label)
        tall = name.count("\n") + 1
        _draw_row(ax, row, y + tall / 2, per_day)
        names.append(name)
        heights.append(y + tall / 2)
        y += tall
    for day in timetable.changes:
        ax.vlines(position(day) - 0.5, -0.1, y, zorder=0.4, **_CHANGE)
    for label, text in timetable.texts.items():
        lines = wrapped(text, _LINE)
        ax.text(
            0.004, y + len(lines) / 2, "\n".join(lines), transform=ax.get_yaxis_transform(),
            va="center", fontsize=_TEXT, color=GREY, linespacing=1.25,
        )  # fmt: skip
        names.append(label)
        heights.append(y + len(lines) / 2)
        y += len(lines)
    ax.set_ylim(max(y, 0.5) + 0.15, -0.1)
    ax.set_yticks(heights, names)
    ax.tick_params(axis="y", length=0, labelsize=_TEXT)
    ax.spines["left"].set_visible(False)


def _draw_row(ax: Axes, row: Row, y: float, per_day: float) -> None:
    """Draw the bars of a lever, with their values in them or beside them."""
    start, end = ax.get_xlim()
    spans = [(position(bar.first) - 0.5, position(bar.after) - 0.5) for bar in row.bars]
    for bar, (left, right) in zip(row.bars, spans, strict=True):
        color = _SHUT if row.lever.kind is Kind.ON_OFF else tuple(
            light + bar.shade * (dark - light) for light, dark in zip(_LIGHT, _DARK, strict=True)
        )  # fmt: skip
        ax.broken_barh(
            [(left, right - left)], (y - 0.42, 0.84), facecolors=color, edgecolor="white",
            linewidth=0.5, zorder=2,
        )  # fmt: skip
    for day in row.announced:
        x = position(day)
        ax.plot(x, y, "D", color=VERMILLION, markersize=2.5, zorder=3)
        wide, gap = inches_of("announced", _TEXT) / per_day, 0.3 + _GAP / per_day
        if x - gap - wide > start:
            _write(ax, x - gap, y, "announced", "right", bbox=_PAPER)
        elif x + gap + wide < min((left for left, _ in spans if left > x), default=end):
            _write(ax, x + gap, y, "announced", "left", bbox=_PAPER)
    outside: list[str] = []
    for number, (bar, (left, right)) in enumerate(zip(row.bars, spans, strict=True)):
        wide = inches_of(bar.text, _TEXT) / per_day
        if wide < right - left:
            _write(ax, left + _GAP / per_day, y, bar.text, "left")
            outside = []
            continue
        # Values of short bars are written together, where there is room beside them.
        outside.append(bar.text)
        together = ", ".join(dict.fromkeys(outside))
        room = spans[number + 1][0] if number + 1 < len(spans) else end
        if right + inches_of(together, _TEXT) / per_day + 2 * _GAP / per_day < room:
            _write(ax, right + _GAP / per_day, y, together, "left")
            outside = []
        elif number + 1 == len(spans) and not row.announced:
            first = len(spans) - len(outside)
            before = spans[first - 1][1] if first else start
            if spans[first][0] - inches_of(together, _TEXT) / per_day > before:
                _write(ax, spans[first][0] - _GAP / per_day, y, together, "right")


def _write(ax: Axes, x: float, y: float, text: str, ha: str, **look: Any) -> None:
    ax.text(x, y, text, ha=ha, va="center_baseline", fontsize=_TEXT, color=BLACK, zorder=4, **look)
