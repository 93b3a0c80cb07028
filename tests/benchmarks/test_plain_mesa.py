"""The plain Mesa model that the benchmarks time: a fair opponent has to be a working model."""

import statistics
from pathlib import Path

import pytest

from benchmarks.plain_mesa import PlainModel, run_plain_mesa
from sim.api import run
from sim.scenario.loader import load_scenario

BASELINE = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"
SMALL = load_scenario(
    BASELINE,
    [
        "travellers.pool=2000",
        "travellers.demand.ceiling=80",
    ],
)


def finished(seed: int) -> PlainModel:
    return run_plain_mesa(SMALL, seed)


def test_every_person_is_in_exactly_one_stage_at_the_end() -> None:
    model = finished(seed=1)
    by_stage = model.people_by_stage()
    assert len(model.agents) == by_stage.total() == 2000
    crossed = by_stage["quarantine"] + by_stage["isolated"] + by_stage["released"]
    assert crossed == model.entrants > 0
    assert by_stage["staging"] == len(model.staging.present)
    assert 0 < model.confirmed <= model.entrants


def test_registers_agree_with_the_count_of_confirmed() -> None:
    registers = finished(seed=2).agents.get("register")
    model = finished(seed=2)
    assert registers.count("confirmed") + registers.count("closed") == model.confirmed


def test_same_seed_gives_the_same_run_and_another_seed_another() -> None:
    first, again, other = (
        finished(seed).datacollector.get_model_vars_dataframe() for seed in (3, 3, 4)
    )
    assert first.equals(again)
    assert not first.equals(other)


def test_scenarios_of_another_kind_are_refused() -> None:
    cohort = load_scenario(
        BASELINE, ["travellers.demand={kind: cohort, people: 9, date: 2020-04-01}"]
    )
    with pytest.raises(TypeError, match="plain model"):
        PlainModel(cohort, seed=1)


@pytest.mark.thorough
def test_entrants_and_confirmed_are_about_those_of_the_fast_model() -> None:
    scenario = load_scenario(BASELINE)
    fast = run(scenario, replicates=20, ensemble="none")  # the plain model knows the file alone
    plain = run_plain_mesa(scenario, seed=1)
    for measured, name in ((plain.entrants, "entrants"), (plain.confirmed, "imported_confirmed")):
        assert measured == pytest.approx(statistics.mean(fast.outcome(name)), rel=0.25), name
