"""Figure of who infected whom behind the border, in one run."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.experiment.transmission_chains import Chains, MedianRun
from sim.scenario.schema import Calendar, Scenario
from sim.view.axes import date_axis, position
from sim.view.labels import whole
from sim.view.local_cases import ORIGIN_COLORS
from sim.view.style import BLACK, GREY, empty_panel, in_house_style, new_figure
from sim.view.words import count, words
from sim.world.codes import FoundBy
from sim.world.draws import FloatArray, IntArray
from sim.world.origins import ORIGIN_LABELS, Origin

_MOST = 300
_ROW, _AROUND, _LOWEST, _HIGHEST = 0.05, 0.7, 1.6, 6.0
"""Inches: a row of the tree, what is around it, and the least and the greatest height."""
_AFTER = 4
"""Days that are shown after the last infection."""
_EARLIEST = -365.0
"""People infected before this day are drawn at it: they would leave no room for the others."""
_MARKERS = {
    FoundBy.NOT_FOUND: ("o", "not found"),
    FoundBy.SYMPTOMS: ("s", "found by symptoms"),
    FoundBy.TRACING: ("^", "found by tracing"),
    FoundBy.SCHEDULED_TEST: ("D", "found by a scheduled test"),
    FoundBy.ENTRY_SCREENING: ("v", "found at entry screening"),
    FoundBy.CAUGHT: ("X", "found when caught"),
}
"""Marker and words by what led to the first positive test; open for those not found."""


_GAP = 1.0
"""Rows left free between two chains."""


@dataclass(frozen=True)
class Layout:
    """Who is drawn and where.

    Attributes:
        shown: places in the ``Chains`` of those who are drawn, ordered by time of infection.
        height: row of each of everybody; nan for those who are not drawn, shape (n,).
        rows: number of rows.
        chains: number of chains drawn.
        chains_left_out: number of further chains with at least one transmission.
        people_left_out: people in these, and those of the last chain drawn who come too late.
    """

    shown: IntArray
    height: FloatArray
    rows: float
    chains: int
    chains_left_out: int
    people_left_out: int


def lay_out(chains: Chains, most: int) -> Layout:
    """Return a layout of up to ``most`` people, the largest chains first and on top.

    Everybody who infected nobody has a row; an infector stands in the middle of those infected.
    A chain of one person is no chain. Of the last chain that is drawn, only those who were
    infected first may be shown.
    """
    roots = chains.roots
    sizes = np.bincount(roots, minlength=len(roots))
    heads = np.flatnonzero(sizes > 1)
    heads = heads[np.argsort(-sizes[heads], kind="stable")]
    before = np.cumsum(sizes[heads]) - sizes[heads]
    # Two people at least, or there would be no transmission to draw.
    drawn = heads[before <= most - 2].tolist()
    room = dict(zip(drawn, (most - before).tolist(), strict=False))
    of_chains = [np.flatnonzero(roots == head)[: room[head]] for head in drawn]
    nobody = np.zeros(0, dtype=np.int64)
    shown = np.sort(np.concatenate([nobody, *of_chains]))
    height, rows = _heights_of(chains, drawn, shown)
    left_out = len(heads) - len(drawn), int(sizes[heads].sum()) - len(shown)
    return Layout(shown, height, rows, len(drawn), *left_out)


def _heights_of(chains: Chains, heads: list[int], shown: IntArray) -> tuple[FloatArray, float]:
    below: dict[int, list[int]] = {}
    for place in shown.tolist():
        below.setdefault(int(chains.infector[place]), []).append(place)
    height = np.full(len(chains.infector), np.nan)
    row = 0.0
    for head in heads:
        row += _GAP if row else 0.0
        stack = [head]
        order = []
        while stack:
            place = stack.pop()
            order.append(place)
            infected = below.get(place, [])
            # Anyone who is infected first comes out on top.
            stack += infected[::-1]
            if not infected:
                height[place] = row
                row += 1.0
        for place in reversed(order):
            if infected := below.get(place, []):
                height[place] = (height[infected[0]] + height[infected[-1]]) / 2
    return height, row


@in_house_style
def draw_transmission_tree(
    scenario: Scenario, chains: Chains, shown: MedianRun | None = None
) -> Figure:
    """Return the figure of one run of ``scenario``, with at most 300 people.

    Args:
        scenario: what was run.
        chains: of the run.
        shown: why this run is shown; None: no reason is given.
    """
    layout = lay_out(chains, _MOST)
    height = min(max(_LOWEST, _AROUND + _ROW * layout.rows), _HIGHEST)
    fig = new_figure(
        height,
        _heading(chains, layout),
        f"Scenario: {words(scenario.name)}; the run with seed {chains.seed}{_why(shown)}. A "
        "line leads from the infector to the infected, at the day of infection; ringed: anyone who "
        f"brought the infection over the border.{_left_out(layout)}{_early(chains, layout)}",
        legend=_legend(chains, layout),
    )
    ax = fig.add_subplot()
    ax.set_title("Who infected whom, by day of infection")
    _draw(ax, scenario.calendar, chains, layout)
    return fig


def _why(shown: MedianRun | None) -> str:
    """Return why a run is shown: how near it is to the median."""
    if shown is None:
        return ""
    if shown.runs == 1:
        return ", the only one"
    return (
        f", nearest to the median of {shown.runs:,} runs: {whole(shown.infected)} residents "
        f"infected (median {shown.median:,g})"
    )


def _heading(chains: Chains, layout: Layout) -> str:
    if not layout.chains:
        return "No resident was infected, and nobody infected a resident"
    everybody = int(chains.resident.sum())
    found = int((chains.resident & (chains.found_by != FoundBy.NOT_FOUND)).sum())
    number = layout.chains + layout.chains_left_out
    largest = int(np.bincount(chains.roots).max())
    in_chains = "one chain" if number == 1 else f"{number:,} chains, the largest of {largest:,}"
    residents = "1 resident was" if everybody == 1 else f"{everybody:,} residents were"
    return f"{residents} infected in {in_chains}; {found:,} of them were found"


def _left_out(layout: Layout) -> str:
    if not layout.people_left_out:
        return ""
    chains = layout.chains_left_out
    smaller = f"in {count(chains, 'smaller chain')} or " if chains else ""
    return f" Left out: {layout.people_left_out:,} people {smaller}late in the last chain drawn."


def _early(chains: Chains, layout: Layout) -> str:
    people = int((chains.infected_at[layout.shown] < _EARLIEST).sum())
    if people == 0:
        return ""
    is_drawn = "1 person is" if people == 1 else f"{people:,} people are"
    return f" {is_drawn} drawn at the left edge: infected more than a year before the first day."


def _legend(chains: Chains, layout: Layout) -> list[Artist]:
    origins, ways = chains.origin[layout.shown], chains.found_by[layout.shown]
    colors: list[Artist] = [
        Line2D([], [], color=ORIGIN_COLORS[origin], label=ORIGIN_LABELS[origin])
        for origin in Origin
        if (origins == origin).any()
    ]
    markers: list[Artist] = [
        Line2D([], [], linestyle="none", marker=marker, markersize=4.5, color=GREY, label=label,
               markerfacecolor="white" if found_by == FoundBy.NOT_FOUND else GREY)
        for found_by, (marker, label) in _MARKERS.items()
        if (ways == found_by).any()
    ]  # fmt: skip
    return colors + markers


def _draw(ax: Axes, calendar: Calendar, chains: Chains, layout: Layout) -> None:
    shown = layout.shown
    # Noon of a day stands at its position on the axis.
    infected_at = np.maximum(chains.infected_at, _EARLIEST)
    x = position(calendar.start) + infected_at - 0.5
    # A day of room, so that anyone who is infected at the start is drawn whole.
    earliest = min(0.0, float(infected_at[shown].min(initial=0.0)))
    first = calendar.start + dt.timedelta(days=int(np.floor(earliest)) - 1)
    latest = int(infected_at[shown].max(initial=0.0)) if len(shown) else calendar.days
    last = min(calendar.end, calendar.start + dt.timedelta(days=latest + _AFTER))
    date_axis(ax, first, last, "Day of infection")
    ax.set_ylim(max(1.0, layout.rows) - 0.2, -0.8)
    ax.set_yticks([])
    ax.set_ylabel("People, chain by chain")
    ax.spines["left"].set_visible(False)
    if not len(shown):
        empty_panel(ax, "no chains in this run")
        return
    size = min(20.0, max(5.0, (72 * _HIGHEST / layout.rows) ** 2))
    lines, colors = [], []
    for place in shown.tolist():
        above = int(chains.infector[place])
        if above >= 0:
            y, of_infector = layout.height[place], layout.height[above]
            lines.append([(x[above], of_infector), (x[above], y), (x[place], y)])
            colors.append(ORIGIN_COLORS[Origin(int(chains.origin[place]))])
    ax.add_collection(LineCollection(lines, colors=colors, linewidths=0.7, zorder=1))
    for found_by, (marker, _) in _MARKERS.items():
        here = shown[chains.found_by[shown] == found_by]
        edges = [ORIGIN_COLORS[Origin(origin)] for origin in chains.origin[here].tolist()]
        faces = ["white"] * len(here) if found_by == FoundBy.NOT_FOUND else edges
        ax.scatter(x[here], layout.height[here], size, marker=marker, facecolors=faces,
                   edgecolors=edges, linewidths=0.7, zorder=2)  # fmt: skip
    came = shown[~chains.resident[shown]]
    ax.scatter(x[came], layout.height[came], 4 * size, facecolors="none", edgecolors=BLACK,
               linewidths=0.8, zorder=3)  # fmt: skip
