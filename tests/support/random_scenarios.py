"""Random small worlds for property tests, and runs of them."""

import datetime as dt
from typing import Any

import numpy as np
from hypothesis import strategies as st

from sim.scenario.checks import check_scenario
from sim.scenario.schema import Scenario
from sim.world.model import BorderModel

START = dt.date(2020, 3, 1)
DAYS = 30


def _date(day: int) -> str:
    return (START + dt.timedelta(days=day)).isoformat()


SHUT = {"east_port": [{"from": "2020-03-10"}], "west_port": [{"from": "2020-03-10"}]}
"""Closures of both ports of the small world, from its tenth day on."""


def a_world(**changes: Any) -> dict[str, Any]:
    """Return the data of a small corridor with two ports and much infection.

    ``changes`` replace whole sections, or fields of a section given as ``section__field``.
    """
    world: dict[str, Any] = {
        "name": "small_world",
        "calendar": {"start": _date(0), "end": _date(DAYS - 1)},
        "places": {
            "city": {"label": "City"},
            "junction": {"label": "Junction"},
            "region": {"label": "Region"},
            "east": {"label": "East", "part_of": "region"},
            "west": {"label": "West", "part_of": "region"},
        },
        "travellers": {
            "start": "city",
            "pool": 2000,
            "travel_group_size": {"mean": 3},
            "demand": {"kind": "logistic", "ceiling": 60, "halfway": "8 d", "doubling_time": "5 d"},
        },
        "source": {
            "kind": "epidemic",
            "curve": {
                "kind": "exponential",
                "count": 1000,
                "date": _date(15),
                "doubling_time": "5 d",
            },
            "population": 1_000_000,
            "exposure": 150,
            "reporting_lag": "5 d",
            "travel_group_dispersion": 0.5,
        },
        "disease": "covid19_2020",
        "legs": {
            "plane": {
                "mode": "flight",
                "start": "city",
                "end": "junction",
                "duration": "9 h",
                "departures_per_day": 2,
                "seats": 40,
                "on_board": {"hazard_per_hour": 0.01},
            },
            "east_bus": {
                "mode": "bus",
                "start": "junction",
                "end": "east_port",
                "duration": "3 h",
                "departures_per_day": 4,
                "seats": 20,
                "seats_abreast": 4,
                "on_board": {"hazard_per_hour": 0.01},
            },
            "west_bus": {
                "mode": "bus",
                "start": "junction",
                "end": "west_port",
                "duration": "5 h",
                "departures_per_day": 2,
                "seats": 30,
                "seats_abreast": 4,
            },
        },
        "staging": {
            "junction": {
                "connection": {"kind": "uniform", "low": "2 h", "high": "30 h"},
                "contact_hazard_per_day": 1.0,
                "local_hazard_per_day": 0.001,
            }
        },
        "ports": {
            "east_port": {"place": "east", "share": 2},
            "west_port": {"place": "west", "share": 1},
        },
        "quarantine": {
            "sites": {
                "east_hotel": {"place": "east", "room_size": 2},
                "west_hotel": {"place": "west", "room_size": 3},
            },
            "room_hazard_per_day": 0.5,
            "symptoms_noticed": 0.8,
        },
        "laboratory": {"place": "east", "sensitivity": "hellewell_2021", "turnaround": "10 h"},
        "hospitals": {"ward": {"place": "east"}, "hall": {"place": "west"}},
        "registers": {
            "hospital_stay": {"kind": "gamma_moments", "mean": "8 d", "variance": 10},
            "carrier_observation": "7 d",
        },
        "policies": {
            "quarantine_stay": "7 d",
            "quarantine_tests": ["1 d", "4 d"],
            "site_beds": {"east_hotel": 150, "west_hotel": 100},
            "hospital_beds": {"ward": 30, "hall": 100},
            "laboratory_capacity": 40,
            "entry_screening": {"east_port": 0.7},
        },
    }
    for path, value in changes.items():
        section, _, field = path.partition("__")
        if field:
            world[section] = {**world[section], field: value}
        else:
            world[section] = value
    if world["policies"].get("port_closures"):
        # They strand as many as they can, unless it is said otherwise.
        world["travellers"] = {"closed_factor": 1.0, **world["travellers"]}
    return world


def scenario_of(world: dict[str, Any]) -> Scenario:
    """Return the valid scenario that ``world`` describes."""
    scenario = Scenario.model_validate(world)
    assert not list(check_scenario(scenario))
    return scenario


def finished(scenario: Scenario, seed: int = 1, **arguments: Any) -> BorderModel:
    """Return the model after its last day."""
    model = BorderModel(scenario, seed, **arguments)
    while model.running:
        model.step()
    return model


seeds = st.integers(0, 2**62)


@st.composite
def closures(draw: st.DrawFn, *, announced: bool = True) -> list[dict[str, str]]:
    """Draw up to two periods in which a port is shut."""
    days = sorted(draw(st.lists(st.integers(1, DAYS - 2), max_size=4, unique=True)))
    periods = []
    for first, after in zip(days[::2], days[1::2], strict=False):
        period = {"from": _date(first), "until": _date(after)}
        if announced and draw(st.booleans()):
            period["announced"] = _date(draw(st.integers(max(0, first - 5), first)))
        periods.append(period)
    return periods


@st.composite
def corridors(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the data of a random small world without residents, crossers and costs."""
    base = a_world()
    world = a_world(
        travellers={
            **base["travellers"],
            "pool": draw(st.sampled_from([0, 1, 300, 2000, 10**7])),
            "travel_group_size": {"mean": draw(st.sampled_from([1.0, 2.5, 6.0]))},
            "announcement_factor": draw(st.sampled_from([0.5, 1.0, 3.0])),
            "closed_factor": draw(st.sampled_from([0.0, 0.3, 1.0])),
            "patience": draw(st.sampled_from(["1 d", "6 d"])),
            "divert_share": draw(st.sampled_from([0.0, 0.5, 1.0])),
        },
        source__travel_group_dispersion=draw(st.sampled_from([None, 0.2, 2.0])),
        source__exposure=draw(st.sampled_from([0, 30, 300])),
        quarantine={
            **base["quarantine"],
            "room_hazard_per_day": draw(st.sampled_from([0.0, 2.0])),
            "symptoms_noticed": draw(st.sampled_from([0.0, 0.9])),
            "facility": {"breach_per_day": draw(st.sampled_from([0.0, 0.05]))},
            "home": {"breach_per_day": 0.1, "breach_growth_per_day": -0.1},
        },
        laboratory={
            **base["laboratory"],
            "specificity": draw(st.sampled_from([1.0, 0.95])),
            "turnaround": draw(st.sampled_from(["0 h", "10 h", "3 d"])),
            "throughput": draw(st.sampled_from([1.0, 0.3, [{"until": _date(9), "value": 2.5}]])),
            "suspects_first": draw(st.booleans()),
        },
        registers={
            **base["registers"],
            "findings_per_day": draw(st.sampled_from([0.0, 0.2])),
            "review_findings": draw(st.sampled_from([0.5, 1.0])),
            "symptoms_diagnosed": draw(st.sampled_from([1.0, 0.4])),
            "decision_delay": draw(st.sampled_from(["0 d", "60 h"])),
        },
        policies={
            "port_closures": {"east_port": draw(closures()), "west_port": draw(closures())},
            "port_capacity": {"east_port": draw(st.sampled_from([0, 7, 1000]))},
            "exit_screening": {"plane": draw(st.sampled_from([0.0, 0.7, 1.0]))},
            "pre_departure_test": {"plane": draw(st.sampled_from([[], "1 d"]))},
            "entry_screening": {"east_port": 0.7, "west_port": draw(st.sampled_from([0.0, 1.0]))},
            "staging_quarantine": {
                "junction": draw(st.sampled_from(["0 d", "4 d"])),
            },
            "quarantine_stay": draw(st.sampled_from(["0 d", "5 d", "14 d"])),
            "quarantine_tests": draw(st.sampled_from([[], ["0 d"], ["1 d", "4 d", "12 h"]])),
            "test_before_release": draw(st.sampled_from([[], "1 d"])),
            "site_beds": {"east_hotel": draw(st.sampled_from([0, 20, 500])), "west_hotel": 50},
            "hospital_beds": {"ward": draw(st.sampled_from([0, 10, 500])), "hall": 5},
            "laboratory_capacity": draw(st.sampled_from([0, 5, 40, 10_000])),
            "monitoring": draw(st.sampled_from([0.0, 0.5, 1.0])),
            "review_rounds": draw(
                st.sampled_from([[], [{"from": _date(8), "share": 0.5, "every": "4 d"}]])
            ),
        },
    )
    if draw(st.booleans()):
        world["disease"] = {
            "name": "short and severe",
            "incubation": {
                "kind": "lognormal",
                "mu": {"kind": "normal", "mean": 1, "sd": 0.1},
                "sigma": 0.5,
            },
            "infectiousness": {
                "since": "infection",
                "profile": {"kind": "weibull", "shape": 2, "scale": "4 d"},
            },
            "asymptomatic_share": {"kind": "beta", "a": 2, "b": 4},
            "asymptomatic_infectiousness": 0.5,
            "onset_to_severe": {"kind": "exponential", "mean": "3 d"},
        }
    return world


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the data of a random small world."""
    world = draw(corridors())
    if draw(st.booleans()):
        inland = draw(inland_sections())
        world["policies"] |= inland.pop("policies")
        world |= inland
    return world


@st.composite
def inland_sections(draw: st.DrawFn) -> dict[str, Any]:
    """Draw towns with residents, a border to be crossed, a hospital outbreak and costs."""
    share = st.sampled_from([0.0, 0.5, 1.0])
    towns = {
        town: {
            "people": draw(st.sampled_from([1, 300, 10**7])),
            "household_sizes": draw(st.sampled_from([[1.0], [0.2, 0.3, 0.5]])),
            "community_hazard_per_day": draw(st.sampled_from([0.0, 0.4])),
            "household_hazard_per_day": draw(st.sampled_from([0.0, 0.2])),
            "infected_at_start": draw(st.sampled_from([0, 1])),
            "test_delay": draw(st.sampled_from(["0 h", "2 d"])),
            "tracing_delay": draw(st.sampled_from(["0 h", "30 h"])),
        }
        for town in ("east", "west")
    }
    levers = ("lockdown", "symptomatic_testing", "contact_tracing", "house_restrictions")
    sections: dict[str, Any] = {
        "residents": towns,
        "costs": "china_2020",
        "policies": {lever: {"east": draw(share), "west": draw(share)} for lever in levers},
    }
    if draw(st.booleans()):
        sections["border"] = {
            "stretches": {
                "hills": {
                    "start": "junction",
                    "end": "west",
                    "trip": draw(st.sampled_from(["0 h", "10 h", "3 d"])),
                    "area_km2": 100,
                    "residents_per_km": 2,
                    "exposed_km": 5,
                    "noticed": draw(share),
                    "turned_back": draw(share),
                }
            },
            "crossers": {"trip_cost": "100 CNY", "learning": draw(share), "reopening_chance": 0},
            "informants": {"false_reports_per_day": draw(st.sampled_from([0.0, 2.0]))},
        }
        sections["policies"] |= {
            "patrols": {"hills": draw(st.sampled_from([0, 5]))},
            "sensors": {"hills": draw(share)},
            "rewards": draw(st.sampled_from([[], [{"report": "3000 CNY", "capture": "5000 CNY"}]])),
            "reward_budget": draw(st.sampled_from([None, "10000 CNY"])),
        }
    if draw(st.booleans()):
        arrives = draw(st.sampled_from([0, 5]))
        sections["hospital_outbreak"] = {
            "town": "east",
            "arrives": _date(arrives),
            "neighbour_hazard_per_day": 1.0,
            "admitted_after": f"{10 - arrives} d",
            "hospitals": [
                {"stay": "3 d", "people": 20, "hazard_per_day": 0.2},
                {"stay": "7 d", "people": 20, "hazard_per_day": 0.2},
            ],
        }
    return sections


def person_key_arrays(count: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Return ``count`` keys of different people in different travel groups."""
    return np.arange(count, dtype=np.uint64) * np.uint64(64)
