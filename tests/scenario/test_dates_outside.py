"""Dates of curves and of demand that miss the calendar are warned about, with both date ranges."""

import numpy as np
import pytest
from random_scenarios import a_world
from shipped import SCENARIOS

from sim import ScenarioWarning, load_scenario
from sim.scenario.loader import read_scenario
from sim.scenario.reading.yaml_text import yaml_text
from sim.world.building.source_epidemic import SourceEpidemic

CALENDAR = "dates from 2020-03-01 to 2020-03-30"

NOBODY = ("2020-04-20", "2019-03-10")
"""A curve that begins later, and one that has long ended: all that could be infected are."""


def counts(*rows):
    return {"kind": "counts", "counts": [{"date": date, "count": n} for date, n in rows]}


def table(*rows):
    return {"kind": "table", "per_day": [{"date": date, "count": n} for date, n in rows]}


def new_hazard(scenario):
    """Return the hazard at the source from the first day of the calendar to its end."""
    epidemic = SourceEpidemic(scenario.source, scenario.calendar)
    began, ended = np.interp([0, scenario.calendar.days], epidemic.days, epidemic.hazard)
    return ended - began


def warned(folder, **changes):
    """Return what is warned about in a small world: its calendar is March 2020, its lag 5 days."""
    path = folder / "world.yaml"
    data = a_world(**changes)
    data["legs"]["west_bus"]["on_board"] = {"hazard_per_hour": 0.01}
    path.write_text(yaml_text(data), "utf-8")
    return read_scenario(path)


@pytest.mark.parametrize(
    ("curve", "field", "said", "got"),
    [
        (
            counts(("2020-01-01", 5), ("2020-02-29", 900)),
            "source.curve.counts[0]",
            "less the reporting_lag of 5 d all counts lie before the calendar",
            "2020-01-01 to 2020-02-29",
        ),
        (
            counts(("2020-01-01", 5), ("2020-03-05", 900)),
            "source.curve.counts[0]",
            "less the reporting_lag of 5 d all counts lie before the calendar",
            "2020-01-01 to 2020-03-05",
        ),
        (
            counts(("2020-03-31", 5), ("2020-04-05", 900)),
            "source.curve.counts[0]",
            "all counts lie after the calendar: nobody is infected at the source before 2020-03-26",
            "2020-03-31 to 2020-04-05",
        ),
        (
            {"kind": "uniform", "per_day": 50, "since": "2020-04-20"},
            "source.curve.since",
            "all counts lie after the calendar: nobody is infected at the source before 2020-04-15",
            "2020-04-20",
        ),
        (
            {"kind": "exponential", "count": 9, "date": "2021-03-10", "doubling_time": "5 d"},
            "source.curve.date",
            "345 days from the calendar; is the year right?",
            "2021-03-10",
        ),
        (
            {"kind": "exponential", "count": 9, "date": "2019-03-10", "doubling_time": "5 d"},
            "source.curve.date",
            "357 days from the calendar; is the year right?",
            "2019-03-10",
        ),
    ],
)
def test_a_curve_that_misses_the_calendar(tmp_path, curve, field, said, got):
    scenario, (problem,) = warned(tmp_path, source__curve=curve)
    assert problem.field == field
    assert said in problem.message
    assert (problem.allowed, problem.got) == (CALENDAR, got)
    line = (tmp_path / "world.yaml").read_text("utf-8").splitlines()[problem.line - 1]
    assert got.split(" ")[0] in line
    assert (new_hazard(scenario) == 0) == ("before the calendar" in said or got in NOBODY)


@pytest.mark.parametrize(
    "curve",
    [
        counts(("2020-01-01", 5), ("2020-03-06", 900)),
        counts(("2020-03-30", 5), ("2020-04-05", 900)),
        counts(("2020-02-01", 5), ("2020-04-05", 900)),
        {"kind": "uniform", "per_day": 50, "since": "2020-03-30"},
        {"kind": "uniform", "per_day": 50, "since": "2019-01-01"},
        {"kind": "exponential", "count": 9, "date": "2020-05-10", "doubling_time": "5 d"},
    ],
)
def test_a_curve_that_reaches_the_calendar(tmp_path, curve):
    scenario, found = warned(tmp_path, source__curve=curve)
    assert found == ()
    assert new_hazard(scenario) > 0


def test_a_curve_that_nobody_is_infected_by_is_warned_about_once(tmp_path):
    curve = counts(("2020-01-01", 5), ("2020-02-29", 900))
    _, found = warned(tmp_path, source__curve=curve, source__exposure=0)
    assert [problem for problem in found if "lie before" in problem.message] == []


@pytest.mark.parametrize(
    ("demand", "said", "got"),
    [
        (table(("2019-03-01", 7)), "before the calendar: 7 people set out every day", "2019-03-01"),
        (
            table(("2020-01-01", 7), ("2020-02-29", 9)),
            "before the calendar: 9 people set out every day",
            "2020-01-01 to 2020-02-29",
        ),
        (
            table(("2021-03-01", 7), ("2021-03-29", 9)),
            "after the calendar: 7 people set out every day",
            "2021-03-01 to 2021-03-29",
        ),
    ],
)
def test_demand_that_misses_the_calendar(tmp_path, demand, said, got):
    _, (problem,) = warned(tmp_path, travellers__demand=demand)
    assert problem.field == "travellers.demand.per_day[0]"
    assert said in problem.message
    assert (problem.allowed, problem.got) == (CALENDAR, got)


@pytest.mark.parametrize(
    "demand", [table(("2020-03-01", 7)), table(("2020-02-01", 7), ("2020-05-01", 9))]
)
def test_demand_that_reaches_the_calendar(tmp_path, demand):
    assert warned(tmp_path, travellers__demand=demand)[1] == ()


def test_the_row_of_a_counts_file_is_named_and_python_warns(tmp_path):
    path = tmp_path / "two_ports.yaml"
    path.write_bytes((SCENARIOS / "two_ports.yaml").read_bytes())
    rows = "date,count\n\n2030-01-01,200\n2030-01-05,1500\n"
    (tmp_path / "two_ports_counts.csv").write_text(rows, "utf-8")
    with pytest.warns(ScenarioWarning, match=r"two_ports_counts\.csv:3:1: warning: source\.curve"):
        load_scenario(path)
