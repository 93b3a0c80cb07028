"""What the picture of the corridor shows: who flows along its legs, and where its places are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.experiment.replicates import Replicates
from sim.scenario.lever_registry import LEVERS
from sim.scenario.quantities import format_duration
from sim.scenario.route import Leg
from sim.scenario.routes_to_ports import TooManyRoutes, routes_to_ports
from sim.scenario.schema import Scenario
from sim.view.labels import about, whole
from sim.world.fates import Fate
from sim.world.geography import Geography

LAST, TOP, APART, WIDEST = 3.15, 0.97, 1.0, 0.86
"""Inches: middle of the boxes of ports, of the first of them from above, from port to port, and
the widest box."""
_MOST_TOWNS = 5

Place = tuple[float, float]


@dataclass(frozen=True)
class Flows:
    """How many people there were (medians of the runs), or how many there is room for.

    Attributes:
        people: by leg, those who entered by way of it; seats a day where nothing was run.
        infected: of these, by leg, at its start and at its end.
        notes: what is written below the name of a place, leg or port.
    """

    people: dict[str, float]
    infected: dict[str, tuple[float, float]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def most_people(self) -> float:
        """People of the widest ribbon, at least one."""
        return max([1.0, *self.people.values()])


def legs_to_ports(scenario: Scenario) -> dict[str, Leg]:
    """Return the legs that lead to a port, by name; all of them if there are too many ways."""
    try:
        used = {leg for route in routes_to_ports(scenario) for leg in route}
    except TooManyRoutes:
        used = set(scenario.legs)
    return {name: leg for name, leg in scenario.legs.items() if name in used}


def lay_out_places(scenario: Scenario, legs: Mapping[str, Leg]) -> tuple[dict[str, Place], float]:
    """Return the middles of the boxes of places and ports, and how wide the boxes are."""
    start = scenario.travellers.start
    depth = {start: 0}
    for _ in legs:  # the longest way to each place; a circle ends after as many steps as legs
        for leg in legs.values():
            if leg.start in depth and leg.end not in scenario.ports and leg.end != start:
                depth[leg.end] = min(max(depth.get(leg.end, 0), depth[leg.start] + 1), len(legs))
    columns = max(depth.values()) + 2
    box = min(WIDEST, 0.62 * LAST / (columns - 1 + 0.31))
    at: dict[str, Place] = {
        port: (LAST, TOP + row * APART) for row, port in enumerate(scenario.ports)
    }
    taken: dict[int, list[float]] = {}
    ranks = sorted({*depth.values()})
    for place in sorted(depth, key=lambda name: (-depth[name], name)):
        ahead = [at[leg.end][1] for leg in legs.values() if leg.start == place and leg.end in at]
        y = float(np.mean(ahead)) if ahead else TOP
        others = taken.setdefault(depth[place], [])
        while any(abs(y - other) < 0.9 * APART for other in others):
            y = max(others) + 0.9 * APART
        others.append(y)
        column = ranks.index(depth[place])
        at[place] = (box / 2 + column * (LAST - box / 2) / max(1, len(ranks)), y)
    return at, box


def towns_behind(scenario: Scenario) -> list[str]:
    """Return the towns behind the border, those with residents first."""
    towns = [*scenario.residents, *(port.place for port in scenario.ports.values())]
    towns += [site.place for site in scenario.quarantine.sites.values()]
    towns += [s.end for s in scenario.border.stretches.values()] if scenario.border else []
    return list(dict.fromkeys(towns))[:_MOST_TOWNS]


def most_a_day(scenario: Scenario) -> float:
    """Return how many people a day seats and open ports let through at most."""
    legs = legs_to_ports(scenario).values()
    ports = 0.0
    for name in scenario.ports:
        seats = sum(leg.seats * leg.departures_per_day for leg in legs if leg.end == name)
        limits = scenario.policies.port_capacity.get(name)
        ports += min(seats, max((e.value for e in limits.root), default=seats) if limits else seats)
    start = scenario.travellers.start
    return min(ports, sum(leg.seats * leg.departures_per_day for leg in legs if leg.start == start))


def median_of_fates(replicates: Replicates, fates: Sequence[Fate]) -> float:
    """Return how many infected travellers had one of some fates, median of the runs."""
    of = [replicates.outcome(f"fate_{fate.name.lower()}") for fate in fates]
    return float(np.median(np.sum(of, axis=0)))


def seats_and_rules(scenario: Scenario, legs: Mapping[str, Leg]) -> Flows:
    """Return the seats of legs, and the rules in force at places and ports."""
    people, notes = {}, {}
    for name, leg in legs.items():
        people[name] = float(leg.seats * leg.departures_per_day)
        notes[name] = f"{leg.mode}, {format_duration(leg.duration)}\n{about(people[name])} seats/d"
    notes[scenario.travellers.start] = f"{about(scenario.travellers.pool)} may set out"
    for field_, subjects in (("staging_quarantine", scenario.places), ("port_capacity", legs)):
        lever = LEVERS[field_]
        for name, periods in lever.periods(scenario.policies).items():
            values = dict.fromkeys(lever.words(lever.value_of(period)) for period in periods)
            text = ", then ".join(values)
            notes[name] = f"quarantine {text}" if subjects is scenario.places else text
    return Flows(people, notes=notes)


def people_and_infected(
    scenario: Scenario, replicates: Replicates, legs: Mapping[str, Leg]
) -> Flows:
    """Return who entered by way of each leg, and where the infected among them were infected."""

    def count(series: str, place: str, *, at_end: bool = False) -> float:
        runs = replicates.series(series, place)
        return float(np.median(runs[:, -1] if at_end else runs.sum(axis=1)))

    notes, flows, infected = {}, dict.fromkeys(legs, 0.0), dict[str, tuple[float, float]]()
    start = scenario.travellers.start
    caught = {name: count("infections_new", name) for name in (*legs, *scenario.places)}
    out, ill = (
        float(np.median(replicates.outcome(of))) for of in ("travellers", "infected_at_source")
    )
    notes[start] = f"{about(out)} set out\n{about(ill)} infected"
    more = {name: f"+{about(n)} infected" for name, n in caught.items() if round(n)}
    for name in {leg.start for leg in legs.values()} - {start}:
        notes[name] = more.get(name, "")
    for name, leg in legs.items():
        how = f"{leg.mode}, {format_duration(leg.duration)}"
        notes[name] = f"{how}\n{more[name]}" if name in more else how
    geography = Geography(scenario)
    total = sum(port.share for port in scenario.ports.values()) or 1.0
    for name, port in scenario.ports.items():
        beside = [other for other in scenario.ports.values() if other.place == port.place]
        # Counts are by town: its ports share them as travellers do.
        share = (port.share or total) / (sum(other.share for other in beside) or total)
        entered, ill_then = (
            share * count(f"entrants{kind}_cumulative", port.place, at_end=True)
            for kind in ("", "_infected")
        )
        notes[name] = f"{about(entered)} entered\n{about(ill_then)} infected"
        way = [start]
        used = []
        while way[-1] != name and (way[-1], name) in geography.next_leg:
            used.append(geography.next_leg[way[-1], name])
            way.append(legs[used[-1]].end)
        before = ill + sum(caught[leg] + caught.get(legs[leg].end, 0.0) for leg in used[:-1])
        every = before + (caught[used[-1]] if used else 0.0) or 1.0
        so_far = ill
        for via in used:
            first, last = so_far / every * ill_then, (so_far + caught[via]) / every * ill_then
            known = infected.get(via, (0.0, 0.0))
            infected[via] = known[0] + first, known[1] + last
            flows[via] += entered
            so_far += caught[via] + (0.0 if via == used[-1] else caught[legs[via].end])
    return Flows(flows, infected, notes)


def words_of_lever(scenario: Scenario, name: str) -> str:
    """Return the values of a lever in the order of the calendar; of several sites, their sum."""
    lever = LEVERS[name]
    by_name = lever.periods(scenario.policies)
    if lever.of:
        first = [of[0] for of in by_name.values() if of]
        last = [of[-1] for of in by_name.values() if of]
        sums = [sum(lever.value_of(period) for period in ends) for ends in (first, last)]
        return ", then ".join(dict.fromkeys(map(whole, sums))) if first else ""
    values = [lever.value_of(period) for of in by_name.values() for period in of]
    return ", then ".join(dict.fromkeys(lever.words(of) for of in values if not lever.is_off(of)))
