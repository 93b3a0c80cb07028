"""Cases by day of onset and of confirmation, against the registers and a case by hand."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from random_scenarios import a_world, scenario_of, worlds

from sim.api import run
from sim.experiment.case_days import case_days
from sim.experiment.replicates import Replicates
from sim.experiment.tables import cases_table


@settings(max_examples=15, deadline=None)
@given(worlds())
def test_days_of_confirmation_are_those_of_the_registers(world):
    done = run(scenario_of(world), replicates=2)
    cases = case_days(done)
    assert (cases.by_report.sum(axis=1) == done.outcome("imported_confirmed")).all()
    assert (cases.by_onset.sum(axis=1) <= cases.by_report.sum(axis=1)).all()


def by_hand(*cases):
    """Return a run of the small corridor as if it had had these cases."""
    done = run(scenario_of(a_world()), replicates=1)
    result = replace(done.results[0], cases=np.array(cases, dtype=np.float64).reshape(-1, 2))
    return Replicates(done.scenario, done.members, [result])


def test_a_case_counts_on_the_day_of_its_onset_and_on_that_of_its_confirmation():
    done = by_hand((1.5, 3.2), (1.9, 2.0), (-4.0, 2.5), (np.inf, 6.0), (8.0, 6.5))
    cases = case_days(done)
    assert cases.by_onset[0, [1, 8]].tolist() == [2, 1]
    assert cases.by_onset.sum() == 3
    assert cases.by_report[0, [2, 3, 6]].tolist() == [2, 1, 2]
    table = cases_table(done)
    assert table.groupby("by")["mean"].sum().to_dict() == {"onset": 3, "report": 5}
    assert len(table) == 2 * done.scenario.calendar.days


def test_without_cases_no_day_has_one():
    cases = case_days(by_hand())
    assert not cases.by_report.any()
    assert not cases.by_onset.any()
