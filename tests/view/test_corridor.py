"""The picture of the corridor: any scenario file, whole, without overlaps, and to scale."""

import functools
from itertools import pairwise

import numpy as np
import pytest
from drawn import check_apart, check_whole, said
from matplotlib.patches import PathPatch
from random_scenarios import a_world, scenario_of
from shipped import SCENARIOS

from sim import load_scenario, run
from sim.experiment.replicates import Replicates
from sim.scenario.schema import Scenario
from sim.view.corridor import draw_corridor
from sim.view.corridor_flows import legs_to_ports, people_and_infected, seats_and_rules
from sim.view.fates import draw_fates
from sim.view.labels import about
from sim.view.style import PALE

FILES = [SCENARIOS / "baseline.yaml", *sorted((SCENARIOS / "studies").glob("*.yaml"))]


@functools.cache
def runs_of(name: str) -> Replicates:
    return run(load_scenario(SCENARIOS / f"{name}.yaml"), replicates=3, ensemble="none")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_baseline_and_every_study_can_be_shown(path) -> None:
    fig = draw_corridor(load_scenario(path))
    check_whole(fig)
    check_apart(fig)


def corridor_of(ports: int, changes: int) -> Scenario:
    """Return a corridor with so many ports, reached through so many towns one after the other."""
    towns = [f"stop_{n}" for n in range(changes)]
    way = ["city", *towns]
    leg = {"mode": "bus", "duration": "3 h", "departures_per_day": 2, "seats": 40}
    legs = {
        f"ride_{n}": {**leg, "start": here, "end": there}
        for n, (here, there) in enumerate(pairwise(way))
    }
    last = {f"last_{n}": {**leg, "start": way[-1], "end": f"port_{n}"} for n in range(ports)}
    world = a_world(
        places={
            "city": {"label": "City"},
            **{town: {"label": town.capitalize()} for town in towns},
            **{f"far_{n}": {"label": f"Far Town {n}"} for n in range(ports)},
        },
        legs=legs | last,
        staging={},
        ports={f"port_{n}": {"place": f"far_{n}"} for n in range(ports)},
        quarantine={},
        laboratory={"place": "far_0", "sensitivity": "perfect"},
        hospitals={},
        policies={"quarantine_stay": "7 d"},
    )
    return scenario_of(world)


@pytest.mark.parametrize(("ports", "changes"), [(1, 0), (2, 1), (3, 2), (4, 3), (1, 4)])
def test_any_number_of_ports_and_towns_on_the_way(ports: int, changes: int) -> None:
    scenario = corridor_of(ports, changes)
    for fig in (draw_corridor(scenario), draw_corridor(scenario, run(scenario, replicates=2))):
        check_whole(fig)
        check_apart(fig)
        for port in scenario.ports.values():
            assert scenario.places[port.place].label in said(fig)


@pytest.mark.parametrize("name", ["baseline", "two_ports", "studies/quilty_2020"])
def test_the_numbers_are_those_of_the_runs(name: str) -> None:
    replicates = runs_of(name)
    scenario = replicates.scenario
    legs = legs_to_ports(scenario)
    flows = people_and_infected(scenario, replicates, legs)
    into_ports = sum(flows.people[leg] for leg in legs if legs[leg].end in scenario.ports)
    medians = [
        np.median(replicates.series("entrants_cumulative", port.place)[:, -1])
        for port in scenario.ports.values()
    ]
    assert into_ports == pytest.approx(sum(medians))
    for leg in legs:
        begin, end = flows.infected[leg]
        assert 0 <= begin <= end <= flows.most_people
    fig = draw_corridor(scenario, replicates)
    check_whole(fig)
    check_apart(fig)


def test_what_enters_a_town_on_the_way_leaves_it() -> None:
    replicates = runs_of("two_ports")
    flows = people_and_infected(replicates.scenario, replicates, replicates.scenario.legs)
    people = flows.people
    assert people["night_train"] == people["hub_junction"]
    assert people["hub_junction"] == people["junction_north"] + people["junction_south"]


def test_ribbons_are_to_scale() -> None:
    scenario = load_scenario(SCENARIOS / "two_ports.yaml")
    seats = seats_and_rules(scenario, legs_to_ports(scenario)).people
    fig = draw_corridor(scenario)
    ribbons = [p for p in fig.axes[0].patches if isinstance(p, PathPatch)]
    widths = [np.ptp(r.get_path().vertices[[0, -2], 1]) for r in ribbons[: len(seats)]]
    scale = np.array(widths) / np.array(list(seats.values()))
    assert scale == pytest.approx(scale[0])
    assert all(r.get_facecolor()[:3] == pytest.approx([0xBB / 255] * 3) for r in ribbons)
    assert PALE == "#BBBBBB"


def test_nobody_travels() -> None:
    scenario = load_scenario(SCENARIOS / "baseline.yaml", ["travellers.pool=0"])
    fig = draw_corridor(scenario, run(scenario, replicates=2, ensemble="none"))
    check_whole(fig)
    assert "0 people came infected" in said(fig)


def test_headings_say_who_is_still_in_quarantine_when_the_calendar_ends():
    done = runs_of("no_closure")
    waiting = np.median(done.outcome("fate_still_in_quarantine"))
    assert waiting > 100
    corridor = said(draw_corridor(done.scenario, done)).replace("\n", " ")
    assert f"reached the community so far, {about(waiting)} still in quarantine" in corridor
    heading = said(draw_fates(done)).replace("\n", " ")
    assert " reached the community so far, " in heading and "still in quarantine" in heading
