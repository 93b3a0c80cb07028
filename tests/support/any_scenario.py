"""Random valid scenarios over the whole schema.

Some are made from nothing; the others are hand-written random worlds (``random_scenarios``), in
which much happens, with some fields drawn anew. Values come from the types of the schema
(``schema_values``). What the schema cannot say is put right here: the route is built, mappings
whose fields depend on each other are settled, sizes are kept small, and what ``check_scenario``
still finds is renamed or left out. So a field that is added to the schema is drawn without a change
here, as long as leaving it out is valid.
"""

import copy
import datetime as dt
import re
from collections.abc import Callable
from functools import cache
from typing import Any, get_args, get_origin

from hypothesis import reject
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from random_scenarios import DAYS as LIVELY_DAYS
from random_scenarios import START as LIVELY_START
from random_scenarios import worlds as lively_worlds
from schema_values import SchemaValues

from sim.scenario.checks import check_scenario
from sim.scenario.disease import DensityTable, Infectiousness, TablePcr
from sim.scenario.distributions import Table, Uniform
from sim.scenario.presets import read_preset
from sim.scenario.quantities import parse_duration
from sim.scenario.reading.schema_walk import bare, is_model
from sim.scenario.reading.validation import Finding
from sim.scenario.residents import Residents
from sim.scenario.route import Leg, Place, Port
from sim.scenario.schema import Scenario
from sim.scenario.source import CountsCurve, TableDemand, UniformTiming

Data = dict[str, Any]

START = dt.date(2020, 2, 20)  # a leap day comes
LENGTHS = (1, 2, 9, 25, 40, 40, 40)
PLACES = ("home", "hub", "harbour", "town", "village", "region")
PORTS = ("gate", "bridge", "pass")
LEGS = ("ride_1", "ride_2", "ride_3", "ride_4", "ride_5", "ride_6")
NAMES = (*PLACES, *PORTS, *LEGS, "alpha", "beta")
LIVELY_NAMES = ("city", "junction", "east", "west", "east_port", "west_port", "plane", "hills")

_NAME = re.compile("[a-z][a-z0-9_]*")

MOST_WHO_SET_OUT = 1500
MOST_RESIDENTS_IN_AN_EPIDEMIC = 1500
MOST_ON_A_WARD = 60


def _ascending(low: str, high: str, key: Callable[[Any], Any]) -> Callable[[Data], Data]:
    """Return what exchanges two fields of a mapping that are the wrong way round."""

    def settle(data: Data) -> Data:
        if low in data and high in data and key(data[low]) > key(data[high]):
            return {**data, low: data[high], high: data[low]}
        return data

    return settle


def _hours(opens: str, closes: str) -> Callable[[Data], Data]:
    """Return what gives a mapping both of two times of day, in order, or neither."""
    in_order = _ascending(opens, closes, parse_duration)

    def settle(data: Data) -> Data:
        if opens in data and closes in data and data[opens] != data[closes]:
            return in_order(data)
        return {key: value for key, value in data.items() if key not in (opens, closes)}

    return settle


def _rows_by_date(field: str, *, grows: bool) -> Callable[[Data], Data]:
    """Return what puts rows of dates and counts in order, one row per date."""

    def settle(data: Data) -> Data:
        if isinstance(data[field], str):
            return data
        dates = sorted({row["date"] for row in data[field]})
        counts = [row["count"] for row in data[field]]
        counts = sorted(counts) if grows else counts
        rows = [{"date": d, "count": n} for d, n in zip(dates, counts, strict=False)]
        if len(rows) < len(data[field]) and len(rows) < 2:
            rows.append({"date": "2021-01-01", "count": counts[-1]})
        return {**data, field: rows}

    return settle


def _window(data: Data) -> Data:
    low, high = sorted(data.get("window", (0.005, 0.995)))
    if low == high:
        low, high = 0.0, max(high, 0.5)
    # The density needs a peak.
    profile = dict(data["profile"])
    if "shape" in profile:
        profile["shape"] = max(1.0, profile["shape"])
    return {**data, "profile": profile} | ({"window": [low, high]} if "window" in data else {})


def _quantiles(data: Data) -> Data:
    """Put a distribution's shares in order, from 0 to 1, with times that do not decrease."""
    inner = sorted({share for share in data["shares"][1:-1] if 0 < share < 1})
    shares = [0.0, *inner, 1.0]
    times = sorted(data["times"], key=parse_duration)
    longer = times + times[-1:] * len(shares)
    return {**data, "shares": shares, "times": longer[: len(shares)]}


def _density(data: Data) -> Data:
    """Put the times of a curve in order, with something to be infectious for."""
    by_time = {parse_duration(time): time for time in data["times"]}
    times = [by_time[time] for time in sorted(by_time)]
    if len(times) < 2:
        times = ["0 d", "5 d"]
    density = [data["density"][n % len(data["density"])] for n in range(len(times))]
    return {
        **data,
        "times": times,
        "density": density if max(density) > 1e-6 else [1.0] * len(times),
    }


def _table(data: Data) -> Data:
    days = sorted(set(data["days"]))
    seen = [data["sensitivity"][n % len(data["sensitivity"])] for n in range(len(days))]
    return {**data, "days": days, "sensitivity": seen}


def _households(data: Data) -> Data:
    data = dict(data)
    shares = data.get("household_sizes")
    if shares:
        total = sum(shares)
        data["household_sizes"] = [s / total for s in shares] if total > 1e-3 else [0.0, 1.0]
    data["infected_at_start"] = min(data.get("infected_at_start", 0), data["people"])
    return data


_SETTLE: dict[type[BaseModel], Callable[[Data], Data]] = {
    Uniform: _ascending("low", "high", parse_duration),
    UniformTiming: _ascending("latest", "earliest", parse_duration),
    Leg: _hours("first_departure", "last_departure"),
    Port: _hours("opens", "closes"),
    CountsCurve: _rows_by_date("counts", grows=True),
    TableDemand: _rows_by_date("per_day", grows=False),
    Infectiousness: _window,
    TablePcr: _table,
    Table: _quantiles,
    DensityTable: _density,
    Residents: _households,
}


@cache
def _values(days: int, *, lively: bool, tame: bool) -> SchemaValues:
    names, start = (LIVELY_NAMES, LIVELY_START) if lively else (NAMES, START)
    return SchemaValues(names, start, days, tame=tame, settle=_SETTLE)


def any_world() -> st.SearchStrategy[Data]:
    """Draw the data of a random valid scenario, as it would stand in a file."""
    return st.one_of(worlds_from_nothing(), varied_lively_worlds())


@st.composite
def varied_lively_worlds(draw: st.DrawFn) -> Data:
    """Draw a hand-written random world, with some fields drawn from the schema."""
    world = copy.deepcopy(draw(lively_worlds()))
    for name, field in Scenario.model_fields.items():
        if name in ("calendar", "leave_out") or draw(st.integers(0, 2)):
            continue
        values = _values(LIVELY_DAYS, lively=True, tame=draw(st.booleans()))
        kind = bare(field.annotation)
        of_each = get_args(kind)[1] if get_origin(kind) is dict else None
        if is_model(kind) and isinstance(world.get(name), dict):
            world[name] = _varied(draw, world[name], kind, values)
        elif of_each is not None and is_model(of_each) and world.get(name):
            for entry, data in world[name].items():
                world[name][entry] = _varied(draw, data, of_each, values)
        else:
            world[name] = draw(values.of_field(field))
    _keep_small(world, LIVELY_DAYS)
    _give_cohort_a_course(world)
    return _repaired(draw, world)


def _varied(draw: st.DrawFn, data: Data, model: type[BaseModel], values: SchemaValues) -> Data:
    """Return a mapping with up to three of its fields drawn anew; names stay."""
    drawn = draw(values.some_of(model))
    free = sorted(name for name in drawn if data.get(name) not in LIVELY_NAMES)
    chosen = draw(st.sets(st.sampled_from(free), max_size=3)) if free else set()
    varied = {**data, **{name: drawn[name] for name in sorted(chosen)}}
    return _SETTLE.get(model, dict)(varied)


@st.composite
def worlds_from_nothing(draw: st.DrawFn) -> Data:
    """Draw every part of a world from the schema, on a random route."""
    days = draw(st.sampled_from(LENGTHS))

    def values() -> SchemaValues:
        return _values(days, lively=False, tame=draw(st.integers(0, 2)) > 0)

    world: Data = {}
    for name, field in Scenario.model_fields.items():
        if field.is_required() or draw(st.integers(0, 3)):
            world[name] = draw(values().of_field(field))
    world["calendar"] = {"start": _date(0), "end": _date(days - 1)}
    if draw(st.integers(0, 9)):
        world.pop("leave_out", None)
    _build_route(draw, world, values)
    _keep_small(world, days)
    _give_cohort_a_course(world)
    return _repaired(draw, world)


def _date(day: int) -> str:
    return (START + dt.timedelta(days=day)).isoformat()


def _build_route(draw: st.DrawFn, world: Data, values: Callable[[], SchemaValues]) -> None:
    """Give the world places, ports, and legs that lead from the start to the ports."""
    world["places"] = {name: draw(values().of_model(Place)) for name in PLACES}
    for number, name in enumerate(PLACES):
        world["places"][name].pop("part_of", None)
        if above := draw(st.sampled_from([None, None, "region", *PLACES[number + 1 :]])):
            world["places"][name]["part_of"] = above
    world["places"]["region"].pop("part_of", None)
    world["travellers"]["start"] = PLACES[0]
    towns = PLACES[: draw(st.sampled_from([1, 2, 2, 2, 3, 3]))]
    ports = PORTS[: draw(st.integers(1, 3))]
    world["ports"] = {name: draw(values().of_model(Port)) for name in ports}
    world["ports"][ports[0]]["share"] = draw(st.sampled_from([1.0, 1e-6, 3.0]))
    for port in world["ports"].values():
        if draw(st.integers(0, 3)):
            port["place"] = draw(st.sampled_from(PLACES[3:5]))
    ends = [*towns[1:], *ports]
    ways = [(towns[draw(st.integers(0, min(n, len(towns) - 1)))], e) for n, e in enumerate(ends)]
    ways.append((towns[-1], ports[0]))
    ways.append((draw(st.sampled_from(towns)), draw(st.sampled_from(ends))))
    world["legs"] = {}
    for leg, (start, end) in zip(LEGS, dict.fromkeys(ways), strict=False):
        world["legs"][leg] = {**draw(values().of_model(Leg)), "start": start, "end": end}
    staged = [town for town in towns if draw(st.booleans())]
    drawn = list(world.get("staging", {}).values())
    world["staging"] = dict(zip(staged, drawn, strict=False))


def _give_cohort_a_course(world: Data) -> None:
    """Let the disease go on to a severe end where the timing of infections asks for it."""
    if world["source"].get("timing", {}).get("kind") != "course":
        return
    disease = world["disease"]
    content = read_preset("diseases", disease) if isinstance(disease, str) else disease
    severe = content.get("onset_to_severe") or {"kind": "exponential", "mean": "3 d"}
    world["disease"] = {**content, "onset_to_severe": severe}


def _keep_small(world: Data, days: int) -> None:
    """Limit what makes people: who sets out, who falls ill in a town, who is on a ward."""
    travellers = world["travellers"]
    demand = travellers["demand"]
    if demand["kind"] == "cohort":
        demand["people"] = min(demand["people"], MOST_WHO_SET_OUT)
    else:
        rush = [travellers.get(f"{name}_factor", 1.0) for name in ("announcement", "closed")]
        per_day = MOST_WHO_SET_OUT / days / max(1.0, *rush)
        if demand["kind"] == "table":
            for row in demand["per_day"]:
                row["count"] = min(row["count"], per_day)
            travellers["pool"] = max(travellers["pool"], MOST_WHO_SET_OUT)
        elif travellers["pool"] > MOST_WHO_SET_OUT:
            demand["ceiling"] = min(demand["ceiling"], per_day)
    for town in world.get("residents", {}).values():
        town["infected_at_start"] = min(town["infected_at_start"], MOST_RESIDENTS_IN_AN_EPIDEMIC)
        if town["people"] <= MOST_RESIDENTS_IN_AN_EPIDEMIC:
            continue
        disease = world["disease"]
        alike = isinstance(disease, str) or disease.get("asymptomatic_infectiousness", 1.0) == 1.0
        if alike and "community_hazard_per_day" in town:
            town["community_hazard_per_day"] = min(town["community_hazard_per_day"], 0.05)
        elif not alike:
            town["people"] = MOST_RESIDENTS_IN_AN_EPIDEMIC
            town["infected_at_start"] = min(town["infected_at_start"], town["people"])
    outbreak = world.get("hospital_outbreak")
    if outbreak is not None:
        outbreak["neighbours"] = min(outbreak.get("neighbours", 0), MOST_ON_A_WARD)
        for stay in outbreak["hospitals"]:
            stay["people"] = min(stay["people"], MOST_ON_A_WARD)


def _repaired(draw: st.DrawFn, world: Data) -> Data:
    """Rename or leave out what the checks find, until they find nothing.

    A world that this does not put right is drawn anew; were there many, hypothesis would say so.
    """
    for _ in range(20):
        findings = list(check_scenario(Scenario.model_validate(world)))
        if not findings:
            return world
        for finding in findings:
            _repair(draw, world, finding)
    return reject()


def _repair(draw: st.DrawFn, world: Data, finding: Finding) -> None:
    *above, last = finding.loc
    holder = _at(world, above)
    if holder is None:
        return  # left out with something else
    if not _holds(holder, last):
        _back_to_defaults(world, holder)
        return
    known = finding.allowed.split(", ")
    if all(_NAME.fullmatch(name) for name in (finding.got, *known)):
        name = draw(st.sampled_from(known))
        if holder[last] == finding.got:
            holder[last] = name
            return
        if last == finding.got:
            holder.setdefault(name, holder.pop(last))
            return
    _leave_out(world, finding.loc)


def _leave_out(world: Data, loc: tuple[str | int, ...]) -> None:
    """Leave out what is at ``loc``, or as much around it as the schema can do without."""
    while loc:
        holder = _at(world, loc[:-1])
        held = holder.pop(loc[-1])
        try:
            Scenario.model_validate(world)
        except ValidationError:
            if isinstance(holder, list):
                holder.insert(loc[-1], held)
            else:
                holder[loc[-1]] = held
            loc = loc[:-1]
        else:
            return
    reject()


def _back_to_defaults(world: Data, holder: Any) -> None:
    """Leave out every field of a mapping that has a default."""
    for key in list(holder) if isinstance(holder, dict) else []:
        held = holder.pop(key)
        try:
            Scenario.model_validate(world)
        except ValidationError:
            holder[key] = held


def _at(world: Data, loc: Any) -> Any:
    value: Any = world
    for step in loc:
        if not _holds(value, step):
            return None
        value = value[step]
    return value


def _holds(value: Any, step: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(step, int) and step < len(value)
    return isinstance(value, dict) and step in value
