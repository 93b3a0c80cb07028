"""One mistake has one error, which says in words what to write instead."""

import pytest

from sim.scenario.loader import load_scenario
from sim.scenario.reading.errors import ScenarioError
from sim.shipped import shipped_scenarios

BASELINE = shipped_scenarios() / "baseline.yaml"


def problems(*settings):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(BASELINE, settings)
    return caught.value.problems


@pytest.mark.parametrize(
    ("setting", "count"), [("calendar.end=2020-04-01", 15), ("calendar.start=2020-05-01", 10)]
)
def test_a_calendar_that_misses_many_periods_is_one_error(setting, count):
    said = [problem for problem in problems(setting) if "calendar." in problem.field]
    assert [problem.field for problem in said] == [setting.partition("=")[0]]
    assert said[0].message.startswith(f"{count} periods lie outside the calendar, the first at ")


def test_a_few_periods_outside_the_calendar_are_an_error_each():
    said = problems(
        "policies.monitoring=[{from: 2020-06-01, value: 0.5}]",
        "policies.quarantine_stay=[{value: 14 d}, {until: 2020-03-01, value: 28 d}]",
    )
    assert {problem.message for problem in said} == {
        "the period begins after the calendar ends",
        "the period ends before the calendar begins",
    }


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        (
            "policies.monitoring=90%",
            "--set policies.monitoring: a share is a number from 0 to 1 (got '90%'); "
            "did you mean '0.9'?",
        ),
        (
            "name=Early Closure",
            "--set name: a name has lower-case letters, digits and underscores and begins with a "
            "letter (got 'Early Closure'); did you mean 'early_closure'?",
        ),
    ],
)
def test_what_to_write_instead_is_said(setting, line):
    (problem,) = problems(setting)
    assert str(problem) == line
