"""The corridor as a picture: places, legs, ports, quarantine and towns, with flows to scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, PathPatch, Rectangle
from matplotlib.path import Path

from sim.experiment.replicates import Replicates
from sim.scenario.route import Leg
from sim.scenario.schema import Scenario
from sim.view import style
from sim.view.answers.sentences import IN_QUARANTINE, cut_off, median
from sim.view.corridor_flows import (
    TOP,
    WIDEST,
    Flows,
    Place,
    lay_out_places,
    legs_to_ports,
    median_of_fates,
    most_a_day,
    people_and_infected,
    seats_and_rules,
    towns_behind,
    words_of_lever,
)
from sim.view.fates import FATE_COLORS, FOUND, IN_COMMUNITY
from sim.view.labels import about, fitting, shortened, wrapped
from sim.view.words import behind_the_border, label_in, label_of, runs_note, words
from sim.world.fates import Fate

_WIDE, _BORDER, _QUARANTINE, _FATES = 6.85, 4.0, 4.5, 5.9
"""Inches: the picture, the border, and where quarantine and fates begin."""
_TALL, _TOWN, _LEAST = 0.36, 0.42, 2.2
"""Inches: a box, from town to town, and the least height of the picture."""
_PEOPLE = 0.4
"""Inches: the widest ribbon of people; the infected among them have the same scale."""
_SMALL, _THICK = style.SMALL - 1, 4.0
"""Points: small type, and the thickest arrow; what is wider is drawn as a ribbon."""
_AFTER_ENTRY: dict[str, tuple[Sequence[Fate], str]] = {
    "found": ([f for f in FOUND if f is not Fate.STOPPED_EXIT], FATE_COLORS[Fate.FOUND_TEST]),
    "released when no longer infectious": (
        [Fate.RELEASED_NOT_INFECTIOUS], FATE_COLORS[Fate.RELEASED_NOT_INFECTIOUS],
    ),
    "still in quarantine at the end": (
        [Fate.STILL_IN_QUARANTINE], FATE_COLORS[Fate.STILL_IN_QUARANTINE],
    ),
}  # fmt: skip
"""What becomes of infected people who enter and do not come into the community, and colours."""


@dataclass(frozen=True)
class _Picture:
    """What is drawn, and where.

    Attributes:
        ax: in inches from the top left corner.
        scenario: what it is a picture of.
        replicates: finished runs of it, if there are any.
        legs: those that lead to a port, by name.
        flows: how many people there were, or how many there is room for.
        at: middles of the boxes of places and ports, by name.
        box: how wide these are, in inches.
    """

    ax: Axes
    scenario: Scenario
    replicates: Replicates | None
    legs: Mapping[str, Leg]
    flows: Flows
    at: Mapping[str, Place]
    box: float

    @property
    def scale(self) -> float:
        """Inches of a ribbon that one person takes."""
        return _PEOPLE / self.flows.most_people


@style.in_house_style
def draw_corridor(scenario: Scenario, replicates: Replicates | None = None) -> Figure:
    """Return the picture of a scenario: its structure, or with finished runs their numbers.

    Args:
        scenario: any valid scenario.
        replicates: runs of it, at least one; None shows seats and rules instead of people.
    """
    legs = legs_to_ports(scenario)
    if replicates is None:
        calendar = scenario.calendar
        flows = seats_and_rules(scenario, legs)
        how = (
            f"Scenario: {words(scenario.name)}, {calendar.start} to {calendar.end}. Ribbons: seats "
            f"a day (widest: {about(flows.most_people)})."
        )
    else:
        flows = people_and_infected(scenario, replicates, legs)
        how = (
            f"{runs_note(replicates)} Medians, all ribbons to one scale (widest: "
            f"{about(flows.most_people)} people). Grey: people who entered; orange: the infected "
            "among them; other colours: what became of these."
        )
    at, box = lay_out_places(scenario, legs)
    towns = towns_behind(scenario)
    height = max(_LEAST, *(y + 0.75 for _, y in at.values()), TOP + 0.95 + _TOWN * len(towns))
    fig = style.new_figure(height, _finding(scenario, replicates), how)
    ax = fig.add_subplot()
    ax.set_axis_off()
    ax.set(xlim=(-0.03, _WIDE), ylim=(height, 0))
    picture = _Picture(ax, scenario, replicates, legs, flows, at, box)
    _draw_border(ax, scenario, height)
    _draw_legs(picture)
    for name, place in at.items():
        _draw_box(ax, place, box, label_in(scenario, name), flows.notes.get(name, ""), gid=name)
        ways = "\n".join(flows.notes[leg] for leg in legs if legs[leg].end == name)
        above = place[0], place[1] - _TALL / 2 - max(0.04, _PEOPLE / 2 - _TALL / 2 + 0.04)
        _write(ax, above, ways, 1.4 * box, va="bottom", lines=5)
    _draw_behind(picture)
    _draw_towns(picture, towns)
    if replicates is not None:
        outcome = replicates.outcome
        out = outcome("travellers")
        stayed = np.median(out - outcome("entrants") - outcome("illegal_entered"))
        rest = f"{about(float(stayed))} did not enter"
        _write(ax, (0.0, height - 0.08), rest, _BORDER, size=style.SMALL, ha="left")
    return fig


def _finding(scenario: Scenario, replicates: Replicates | None) -> str:
    """Return how many infected came and were missed; or where the corridor leads, for how many."""
    if replicates is None:
        start = shortened(label_of(scenario, scenario.travellers.start), 20)
        behind = shortened(behind_the_border(scenario), 24)
        people = about(most_a_day(scenario))
        return f"From {start} to {behind}: seats and ports let {people} people a day through"
    infected = median(replicates.outcome("infected_at_entry"))
    missed = median_of_fates(replicates, IN_COMMUNITY)
    came = f"{about(infected)} people came infected; "
    if cut_off(replicates.outcome):
        waiting = about(median(replicates.outcome(IN_QUARANTINE)))
        return f"{came}{about(missed)} reached the community so far, {waiting} still in quarantine"
    return f"{came}{about(missed)} infected travellers reached the community"


def _draw_border(ax: Axes, scenario: Scenario, height: float) -> None:
    ax.add_patch(
        Rectangle((_BORDER, 0), _WIDE - _BORDER, height, facecolor="#EDF3F8", linewidth=0, zorder=0)
    )
    ax.plot(
        [_BORDER] * 2, [0, height], color=style.GREY, linewidth=0.8, linestyle=(0, (4, 3)),
        zorder=0.5,
    )  # fmt: skip
    for x, text in ((0.0, "before the border"), (_BORDER + 0.1, behind_the_border(scenario))):
        _write(ax, (x, 0.17), text, 2.7, size=style.SMALL, ha="left", va="baseline", lines=1)


def _draw_legs(of: _Picture) -> None:
    """Draw the ribbons of legs; those that leave or reach a place together lie side by side."""
    at, flows = of.at, of.flows
    for name, leg in of.legs.items():
        leaving = {n: at[o.end][1] for n, o in of.legs.items() if o.start == leg.start}
        coming = {n: at[o.start][1] for n, o in of.legs.items() if o.end == leg.end}
        (x0, y0), (x1, y1) = at[leg.start], at[leg.end]
        # Seats of several legs may be more than those of the widest one: there they are narrower.
        scales = [
            _PEOPLE / max(flows.most_people, sum(flows.people[other] for other in together))
            for together in (leaving, coming)
        ]
        first = x0 + of.box / 2, y0 + scales[0] * _beside(name, leaving, flows.people)
        last = x1 - of.box / 2, y1 + scales[1] * _beside(name, coming, flows.people)
        widths = scales[0] * flows.people[name], scales[1] * flows.people[name]
        _ribbon(of.ax, first, last, widths, style.PALE, gid=name)
        if name in flows.infected:
            begin, end = (scale * n for scale, n in zip(scales, flows.infected[name], strict=True))
            _ribbon(of.ax, first, last, (begin, end), style.ORANGE)


def _beside(name: str, places: Mapping[str, float], widths: Mapping[str, float]) -> float:
    """Return how far the middle of one of several ribbons is below the middle of them all.

    Args:
        name: of the ribbon.
        places: heights of their other ends, by name, which decide their order.
        widths: by name.
    """
    order = sorted(places, key=lambda other: (places[other], other))
    above = sum(widths[other] for other in order[: order.index(name)])
    return above + widths[name] / 2 - sum(widths[other] for other in order) / 2


def _ribbon(
    ax: Axes,
    first: Place,
    last: Place,
    widths: tuple[float, float],
    color: str,
    gid: str | None = None,
) -> None:
    """Draw a band from one point to another, so wide at either end, level at both."""
    (x0, y0), (x1, y1) = first, last
    (w0, w1), half = (max(width, 0.012) / 2 for width in widths), (x0 + x1) / 2
    corners = [
        (x0, y0 - w0), (half, y0 - w0), (half, y1 - w1), (x1, y1 - w1),
        (x1, y1 + w1), (half, y1 + w1), (half, y0 + w0), (x0, y0 + w0), (x0, y0 - w0),
    ]  # fmt: skip
    curve = [Path.CURVE4] * 3
    codes = [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY]
    patch = PathPatch(Path(corners, codes), facecolor=color, linewidth=0, zorder=1, gid=gid)
    ax.add_patch(patch)


def _draw_box(
    ax: Axes,
    place: Place,
    wide: float,
    label: str,
    note: str,
    color: str = "white",
    *,
    gid: str,
) -> None:
    """Draw a box around a name, with a note below it; an SVG calls the box ``gid``."""
    x, y = place
    ax.add_patch(
        FancyBboxPatch(
            (x - wide / 2 + 0.03, y - _TALL / 2 + 0.03), wide - 0.06, _TALL - 0.06,
            boxstyle="round,pad=0.03", facecolor=color, edgecolor=style.GREY, linewidth=0.7,
            zorder=3, gid=gid,
        )
    )  # fmt: skip
    _write(ax, place, label, wide - 0.06, size=style.SMALL, color=style.BLACK, va="center", lines=3)
    _write(ax, (x, y + _TALL / 2 + 0.04), note, wide + 0.3, va="top", lines=4)


def _draw_behind(of: _Picture) -> None:
    """Draw quarantine, the ribbons that lead to it, and what becomes of infected people."""
    ax, scenario, flows = of.ax, of.scenario, of.flows
    middle = (_QUARANTINE + WIDEST / 2, TOP)
    through = {
        name: [leg for leg in flows.people if scenario.legs[leg].end == name]
        for name in scenario.ports
    }
    people = {name: sum(flows.people[leg] for leg in legs) for name, legs in through.items()}
    heights = {name: of.at[name][1] for name in through}
    scale = _PEOPLE / max(flows.most_people, sum(people.values()))
    for name, legs in through.items():
        right, y = of.at[name]
        beside = scale * _beside(name, heights, people)
        ends = (right + of.box / 2, y), (_QUARANTINE, middle[1] + beside)
        _ribbon(ax, *ends, (of.scale * people[name], scale * people[name]), style.PALE)
        if flows.infected:
            infected = sum(flows.infected.get(leg, (0.0, 0.0))[1] for leg in legs)
            _ribbon(ax, *ends, (of.scale * infected, scale * infected), style.ORANGE)
    _draw_box(ax, middle, WIDEST, "Quarantine", _rules(scenario), gid="quarantine")
    if of.replicates is None:
        tests, beds = (
            words_of_lever(scenario, f) for f in ("laboratory_capacity", "hospital_beds")
        )
        x = _FATES + WIDEST / 2
        _draw_box(ax, (x, TOP), WIDEST, "Laboratory", tests, gid="laboratory")
        if scenario.hospitals:
            said = beds and f"{beds} beds"
            _draw_box(ax, (x, TOP + 0.66), WIDEST, "Hospitals", said, gid="hospitals")
        return
    medians = [median_of_fates(of.replicates, fates) for fates, _ in _AFTER_ENTRY.values()]
    widths = [of.scale * number for number in medians]
    begins, y = middle[1] - sum(widths) / 2, TOP - 0.35
    for (text, (_, color)), number, wide in zip(_AFTER_ENTRY.items(), medians, widths, strict=True):
        if number:
            ends = (_QUARANTINE + WIDEST, begins + wide / 2), (_FATES, y)
            _ribbon(ax, *ends, (wide, wide), color)
            said = f"{about(number)} {text}"
            _write(ax, (_FATES + 0.05, y), said, _WIDE - _FATES - 0.05, ha="left", lines=3)
        begins += wide
        y += 0.4


def _rules(scenario: Scenario) -> str:
    """Return how long quarantine is and how many beds its sites have."""
    stay = words_of_lever(scenario, "quarantine_stay")
    beds = words_of_lever(scenario, "site_beds")
    return "\n".join(part for part in (stay or "nobody is held", beds and f"{beds} beds") if part)


def _draw_towns(of: _Picture, towns: Sequence[str]) -> None:
    """Draw the towns, the infected who come into them, and crossings away from the ports."""
    ax, scenario, replicates = of.ax, of.scenario, of.replicates
    x, top = _QUARANTINE + WIDEST / 2, TOP + 0.89
    heights = {town: top + 0.2 + _TOWN * row for row, town in enumerate(towns)}
    for town, y in heights.items():
        _draw_box(ax, (x, y), WIDEST, label_of(scenario, town), "", color="#FFF8EE", gid=town)
        if town in scenario.residents:
            text = f"{about(scenario.residents[town].people)} residents"
            if replicates is not None:
                cases = replicates.series("local_confirmed_cumulative", town)[:, -1]
                text = f"{about(float(np.median(cases)))} residents confirmed"
            beside = _QUARANTINE + WIDEST + 0.08
            _write(ax, (beside, y), text, _WIDE - beside, ha="left")
    for name, stretch in scenario.border.stretches.items() if scenario.border else ():
        if stretch.start in of.at and stretch.end in heights:
            _draw_crossing(of, name, of.at[stretch.start], heights[stretch.end])
    if replicates is not None:
        people = median_of_fates(replicates, (Fate.RELEASED_INFECTIOUS, Fate.BREACHED))
        wide = of.scale * people
        if 72 * wide > _THICK:
            size = wide, top - 0.02 - (TOP + 0.49)
            corner = x - wide / 2, TOP + 0.49
            ax.add_patch(
                Rectangle(corner, *size, facecolor=style.VERMILLION, linewidth=0, zorder=2)
            )
        else:
            _arrow(ax, (x, TOP + 0.49), (x, top - 0.02), wide)
        text = f"{about(people)} infected left too early"
        _write(ax, (x + wide / 2 + 0.1, top - 0.14), text, 1.6, ha="left", color=style.RUST)


def _draw_crossing(of: _Picture, name: str, start: Place, y: float) -> None:
    """Draw the way over a stretch of the border, from a place to the height of a town."""
    x, below = start[0], start[1] + _TALL / 2 + 0.36
    text, wide = "crossings away from the ports", 0.0
    if of.replicates is not None:
        people, ill = (
            median(of.replicates.outcome(f"illegal_entered{kind}")) for kind in ("", "_infected")
        )
        text = f"{about(people)} crossed unseen, {about(ill)} of them infected"
        wide = of.scale * ill
    _arrow(of.ax, (x, below), (_QUARANTINE, y), wide, bend=0.2, gid=name)
    middle = (x + _BORDER) / 2, max(below, y) + 0.16
    _write(of.ax, middle, text, _BORDER - x, va="top", color=style.RUST)


def _arrow(
    ax: Axes,
    first: Place,
    last: Place,
    inches: float,
    bend: float = 0.0,
    gid: str | None = None,
) -> None:
    ax.add_patch(
        FancyArrowPatch(
            first, last, arrowstyle="-|>", mutation_scale=7, color=style.VERMILLION,
            linewidth=np.clip(72 * inches, 0.9, _THICK), linestyle=(0, (4, 2)),
            shrinkA=0, shrinkB=1, zorder=2,
            connectionstyle=f"arc3,rad={bend}", gid=gid,
        )
    )  # fmt: skip


def _write(
    ax: Axes,
    place: Place,
    text: str,
    inches: float,
    *,
    size: float = _SMALL,
    color: str = style.GREY,
    ha: str = "center",
    va: str = "center",
    lines: int = 2,
) -> None:
    """Write a text in at most so many lines that are no wider than so many inches."""
    made: list[str] = []
    for part in text.split("\n"):
        width = fitting(part, 60, inches, size)
        made += wrapped(shortened(part, lines * width), width)
    ax.text(*place, "\n".join(made[:lines]), fontsize=size, color=color, ha=ha, va=va,
            linespacing=1.15, zorder=4)  # fmt: skip
