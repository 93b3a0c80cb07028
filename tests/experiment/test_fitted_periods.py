"""Fitted values of periods go with the dates, also where a scenario has other periods."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shipped import SCENARIOS

from sim.experiment.ensemble import EnsembleError, read_ensemble, write_ensemble
from sim.experiment.fitted_periods import periods_of
from sim.experiment.replicates import simulate
from sim.scenario.loader import load_scenario
from sim.scenario.schema import Scenario
from sim.shipped import shipped_ensembles

BASELINE = load_scenario(SCENARIOS / "baseline.yaml")
ENSEMBLE = read_ensemble(shipped_ensembles()["articles_2020"])
FIRST = BASELINE.calendar.start
ROUNDS = "policies.review_rounds"


def with_timeline(path, entries) -> Scenario:
    """Return the baseline with other periods in a timeline."""
    data = BASELINE.to_data()
    *above, last = path.split(".")
    inner = data
    for name in above:
        inner = inner[name]
    inner[last] = entries
    return Scenario.model_validate(data)


def entries_at(path) -> list:
    inner = BASELINE.to_data()
    for name in path.split("."):
        inner = inner[name]
    return inner


def split(entries, day) -> list:
    """Return the entries with the one that ``day`` is in cut into two."""
    found = []
    for entry in entries:
        first = dt.date.fromisoformat(str(entry.get("from") or FIRST))
        end = dt.date.fromisoformat(str(entry.get("until") or "2020-06-01"))
        if first < day < end:
            found += [{**entry, "until": day.isoformat()}, {**entry, "from": day.isoformat()}]
        else:
            found.append(entry)
    return found


@settings(max_examples=12, deadline=None)
@given(
    path=st.sampled_from(sorted(set(ENSEMBLE.periods) - {ROUNDS})),
    days=st.integers(1, 76),
    number=st.integers(0, len(ENSEMBLE.members) - 1),
)
def test_a_period_that_is_only_split_changes_no_run(path, days, number):
    entries = entries_at(path)
    if not isinstance(entries, list):  # one value for the whole calendar
        entries = [{"from": FIRST.isoformat(), "value": entries}]
    scenario = with_timeline(path, split(entries, FIRST + dt.timedelta(days)))
    assert ENSEMBLE.overridden(scenario) == []
    same = ENSEMBLE.for_scenario(BASELINE)[number]
    cut = ENSEMBLE.for_scenario(scenario)[number]
    assert np.array_equal(simulate(BASELINE, same).series, simulate(scenario, cut).series)


def test_a_round_left_out_leaves_the_others_their_shares():
    scenario = with_timeline(ROUNDS, entries_at(ROUNDS)[1:])
    assert ENSEMBLE.overridden(scenario) == [f"{ROUNDS}[0].share"]
    for before, after in zip(ENSEMBLE.members, ENSEMBLE.for_scenario(scenario), strict=True):
        for number in (1, 2, 3):
            share = before.parameters[f"{ROUNDS}[{number}].share"]
            assert after.parameters[f"{ROUNDS}[{number - 1}].share"] == share


def test_a_half_with_another_value_keeps_it_and_the_other_half_is_fitted():
    path = "laboratory.throughput"
    one, two = entries_at(path)
    halves = [{**two, "until": "2020-05-01"}, {"from": "2020-05-01", "value": 1.5}]
    scenario = with_timeline(path, [one, *halves])
    assert ENSEMBLE.overridden(scenario) == []
    (member, *_), (fitted, *_) = ENSEMBLE.for_scenario(scenario), ENSEMBLE.members
    assert member.parameters[f"{path}[1].value"] == fitted.parameters[f"{path}[1].value"]
    assert f"{path}[2].value" not in member.parameters


def test_periods_are_kept_in_the_file(tmp_path):
    assert ENSEMBLE.periods == periods_of(BASELINE, ENSEMBLE.base)
    path = tmp_path / "ensemble.csv"
    path.write_text(write_ensemble(ENSEMBLE), "utf-8")
    assert read_ensemble(path) == ENSEMBLE
    path.write_text(path.read_text("utf-8").replace('"2020-04-07"', '"7 April"', 1), "utf-8")
    with pytest.raises(EnsembleError, match=":1: not the head of an ensemble"):
        read_ensemble(path)
