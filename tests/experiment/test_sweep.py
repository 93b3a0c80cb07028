"""Sweep files: the points that they mean, and what is wrong with them."""

import datetime as dt
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipped import SWEEPS
from small_sweep import SWEEP, write_sweep

from sim.experiment.campaign import Campaign
from sim.experiment.ensemble import seeds_only
from sim.experiment.parameters import world_digest
from sim.experiment.replicates import simulate
from sim.experiment.run_store import RunStore
from sim.experiment.sweep.loader import load_sweep
from sim.experiment.sweep.quantity import Quantity, between, quantity_of
from sim.experiment.sweep.results import SweepResults, variants_of
from sim.scenario.loader import read_scenario
from sim.scenario.reading.errors import ScenarioError


def problems_of(tmp_path, text):
    with pytest.raises(ScenarioError) as refused:
        load_sweep(write_sweep(tmp_path, text))
    return str(refused.value)


@pytest.mark.parametrize(
    ("value", "quantity"),
    [
        (3, Quantity(3, "")),
        (0.25, Quantity(0.25, "")),
        ("14 d", Quantity(14, "d")),
        ("3000 CNY", Quantity(3000, "CNY")),
        (dt.date(2020, 4, 7), Quantity(737522, "date")),
        ("2020-04-07", Quantity(737522, "date")),
        (True, None),
        ("at entry", None),
        (["7 d"], None),
        (None, None),
    ],
)
def test_values_have_a_place_on_an_axis_if_they_can(value, quantity):
    assert quantity_of(value) == quantity


@given(
    st.floats(0.001, 1e6), st.floats(1.01, 100), st.floats(0, 1), st.sampled_from(["linear", "log"])
)
def test_values_in_between_are_in_between(low, ratio, share, scale):
    ends = Quantity(low, "d"), Quantity(low * ratio, "d")
    middle = between(*ends, share, scale)
    assert ends[0].number * (1 - 1e-9) <= middle.number <= ends[1].number * (1 + 1e-9)
    assert between(*ends, 0, scale).number == pytest.approx(low)
    assert between(*ends, 1, scale).number == pytest.approx(low * ratio)


def test_a_log_scale_has_equal_ratios_and_dates_are_whole_days():
    middle = between(Quantity(10, ""), Quantity(1000, ""), 0.5, "log")
    assert middle.written() == 100
    days = [quantity_of(f"2020-04-0{day}") for day in (1, 6)]
    assert between(*days, 0.5, "linear").written() in (dt.date(2020, 4, 3), dt.date(2020, 4, 4))


def test_a_grid_is_every_value_with_every_other(tmp_path):
    plan = load_sweep(write_sweep(tmp_path))
    assert [tuple(level.label for level in point.levels) for point in plan.points] == [
        (stay, tests) for stay in ("5 d", "10 d", "14 d") for tests in ("10", "1000")
    ]
    assert plan.runs == 6 * 4
    world = plan.worlds[0][3]
    settings = ["policies.quarantine_stay=10 d", "policies.laboratory_capacity=1000"]
    set_by_hand, _ = read_scenario(tmp_path / "small_world.yaml", settings)
    assert world_digest(world) == world_digest(set_by_hand)
    assert plan.policies[0].digest == read_scenario(tmp_path / "small_world.yaml")[0].digest


def test_levels_set_several_fields_at_once(tmp_path):
    text = """
name: of_levels
scenario: small_world.yaml
factors:
  package:
    levels:
      - {label: 7 d, set: {policies.quarantine_stay: 7 d, policies.quarantine_tests: [0 d, 6 d]}}
      - {label: none, set: {policies.quarantine_stay: 0 d, policies.quarantine_tests: []}}
"""
    plan = load_sweep(write_sweep(tmp_path, text))
    assert [level.quantity for level in plan.factors[0].levels] == [Quantity(7, "d"), None]
    assert not plan.factors[0].is_scale
    assert plan.paths == ["policies.quarantine_stay", "policies.quarantine_tests"]
    assert plan.worlds[0][1].policies.quarantine_stay == (
        read_scenario(tmp_path / "small_world.yaml", ["policies.quarantine_stay=0 d"])[
            0
        ].policies.quarantine_stay
    )


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_designs_fill_the_space_evenly_and_the_same_everywhere(tmp_path, kind):
    text = SWEEP.replace("steps: 2, scale: log", "scale: log, whole: true")
    text += f"design: {{kind: {kind}, points: 64, seed: 3}}\n"
    plan, again = (load_sweep(write_sweep(tmp_path, text)) for _ in range(2))
    assert [p.settings for p in plan.points] == [p.settings for p in again.points]
    stays = [point.levels[0].label for point in plan.points]
    assert all(stays.count(stay) in (20, 21, 22, 23) for stay in ("5 d", "10 d", "14 d"))
    tests = np.log10([point.levels[1].quantity.number for point in plan.points])
    counts, _ = np.histogram(tests, bins=4, range=(1, 3))
    # Whole tests a day are rounded, so a point may fall just beyond a border.
    assert counts == pytest.approx([16] * 4, abs=1)
    other = load_sweep(write_sweep(tmp_path, text.replace("seed: 3", "seed: 4")))
    assert [p.settings for p in plan.points] != [p.settings for p in other.points]


def test_a_further_policy_is_run_at_every_point(tmp_path):
    path = write_sweep(tmp_path, SWEEP + "policies: [other.yaml]\n")
    (tmp_path / "other.yaml").write_text("extends: small_world.yaml\nname: other\n", "utf-8")
    plan = load_sweep(path)
    assert [policy.name for policy in plan.policies] == ["small_world", "other"]
    assert plan.runs == 2 * 6 * 4
    variants = variants_of(plan, [seeds_only(1, 4)] * 2)
    assert len(variants) == 2 + 2 * 6


PARENT = "policies.quarantine_tests"
DESIGNS = ("grid", "latin_hypercube, points: 8", "sobol, points: 8", "saltelli, points: 4")


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (PARENT, f"{PARENT}[0].value"),
        (f"{PARENT}[0].value", PARENT),
        (f"{PARENT}[0]", f" {PARENT}[0].value"),
    ],
)
def test_factors_that_overlap_through_parent_and_child_are_refused(tmp_path, design, first, second):
    """The second factor would undo the first, or the first one the second, in silence."""
    text = f"""
name: overlap
scenario: small_world.yaml
design: {{kind: {design}}}
factors:
  unrelated: {{path: policies.laboratory_capacity, range: {{low: 10, high: 20, whole: true}}}}
  one:
    levels:
      - {{label: some, set: {{"{first}": []}}}}
      - {{label: other, set: {{travellers.patience: 10 d}}}}
  two: {{path: "{second}", values: [[0 d], [1 d]]}}
"""
    with pytest.raises(ScenarioError, match=r"factors\.two: .* overlap: one undoes the other"):
        load_sweep(write_sweep(tmp_path, text))


def test_paths_that_only_look_alike_do_not_overlap(tmp_path):
    text = """
name: alike
scenario: small_world.yaml
factors:
  one: {path: policies.quarantine_stay, values: [5 d, 6 d]}
  two: {path: policies.quarantine_tests, values: [[0 d], [1 d]]}
"""
    assert len(load_sweep(write_sweep(tmp_path, text)).points) == 4


@pytest.mark.parametrize("undone", [True, False])
def test_a_level_must_not_undo_its_own_settings(tmp_path, undone):
    settings = [
        "policies.quarantine_stay: [{value: 5 d}]",
        '"policies.quarantine_stay[0].value": 6 d',
    ]
    if undone:
        settings.reverse()
    text = f"""
name: levels
scenario: small_world.yaml
factors:
  one:
    levels:
      - {{label: some, set: {{{", ".join(settings)}}}}}
      - {{label: other, set: {{policies.quarantine_stay: 7 d}}}}
"""
    path = write_sweep(tmp_path, text)
    if undone:
        with pytest.raises(ScenarioError, match=r"levels\[0\].set.* undoes policies.quarantine_st"):
            load_sweep(path)
    else:
        assert len(load_sweep(path).points) == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("small_world.yaml", "small_word.yaml"),
            "sweep.yaml:4:1: scenario: there is no such file",
        ),
        (("small_world.yaml", "small_word.yaml"), "did you mean 'small_world.yaml'?"),
        (("small_world.yaml", "../../etc/passwd"), "scenario: not the name of a file"),
        (
            ("quarantine_stay", "quarantin_stay"),
            "sweep.yaml:6:29: policies.quarantin_stay: unknown",
        ),
        (("quarantine_stay", "quarantin_stay"), "did you mean 'quarantine_stay'?"),
        (("14 d]", "14]"), "a duration needs a number and a unit"),
        (("values: [5 d, 10 d, 14 d]", "values: []"), "factors.stay.values: there is nothing"),
        (("values: [5 d, 10 d, 14 d]", "valus: [5 d]"), "did you mean 'values'?"),
        ((", values: [5 d, 10 d, 14 d]", ""), "a factor has one of values, range and levels"),
        (("path: policies.quarantine_stay, ", ""), "what is varied is missing"),
        (("high: 1000", "high: 5"), "factors.laboratory.range.high: not above low"),
        (("high: 1000", "high: 1000 CNY"), "not in the unit of low"),
        (("low: 10", "low: 0"), "a logarithmic scale begins above 0"),
        (("low: 10", "low: ten"), "a range needs numbers, amounts with a unit, or dates"),
        (("steps: 2", "steps: 1"), "factors.laboratory.range.steps"),
        (("imported_confirmed", "imported_confirmd"), "did you mean 'imported_confirmed'?"),
        (("replicates: 4", "replicates: 0"), "replicates"),
        (("laboratory_capacity", "quarantine_stay"), "is varied by stay already"),
        *(
            (("path: policies.quarantine_stay", f"path: {path}"), f"{path} plays no part in a run")
            for path in ("name", "question", "ensemble", "published.scale")
        ),
        (("  laboratory:", "  q50:"), "the tables have another column of this name"),
        (("  laboratory:", "  difference_median:"), "the tables have another column of this name"),
        (
            ("replicates: 4", "policies: [small_world.yaml]"),
            "policies[0]: two policies have this name",
        ),
        (("laboratory:\n", "tests:\n"), "factors.tests: the tables have another column"),
        (("replicates: 4", "design: {kind: sobol, points: 100}"), "a power of two"),
        (("replicates: 4", "design: {kind: spiral}"), "design"),
        (("low: 10", "low: 2020-02-30"), "a range needs numbers, amounts with a unit, or dates"),
        (("high: 1000", f"high: {'9' * 400} d"), "a range needs numbers"),
        (("low: 10, high: 1000", "low: -1e308, high: 1e308"), "a range needs numbers"),
        (("[5 d, 10 d, 14 d]", "[2020-02-30, 5 d]"), "a duration needs a number and a unit"),
        (("small_world.yaml", f"{'x' * 300}.yaml"), "scenario: there is no such file"),
        (("small_world.yaml", "link.yaml"), "scenario: the file lies elsewhere"),
        (("small_world.yaml", "pipe.yaml"), "scenario: there is no such file"),
        (("replicates: 4", "design: {kind: sobol, points: 8192}"), "design: too many points"),
        (("replicates: 4", "policies: [" + "a.yaml, " * 51 + "]"), "policies: too many entries"),
        (("label: Quarantine", 'label: "\\e[2J"'), "control characters"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path, change, message):
    (tmp_path / "link.yaml").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.yaml")
    assert message in problems_of(tmp_path, SWEEP.replace(*change))


def test_points_are_counted_before_they_are_made(tmp_path):
    """A million points of fifty factors would not fit into the memory of most machines."""
    factors = "".join(
        f"  f{n}: {{path: p{n}, range: {{low: 0, high: 1, steps: 1000}}}}\n" for n in range(48)
    )
    for design in ("", "design: {kind: saltelli, points: 524288}\n"):
        text = SWEEP.replace("outcomes", f"{factors}outcomes").replace("replicates: 4\n", design)
        assert "too many points for one sweep" in problems_of(tmp_path, text)


def test_problems_of_several_points_are_said_once(tmp_path):
    text = SWEEP.replace("quarantine_stay", "quarantin_stay")
    assert problems_of(tmp_path, text).count("unknown field") == 1


@pytest.mark.parametrize("path", SWEEPS, ids=lambda path: path.stem)
def test_shipped_sweeps_are_valid(path):
    plan = load_sweep(path)
    assert plan.sweep.question
    assert plan.runs <= plan.sweep.max_runs


def test_results_are_those_of_the_runs_and_paired_with_the_file_as_it_is(tmp_path):
    plan = load_sweep(write_sweep(tmp_path))
    members = seeds_only(1, 4)
    with RunStore.open(tmp_path / "runs.sqlite", purpose="test") as store:
        campaign = Campaign(variants_of(plan, [members]), store)
        campaign.run()
        results = SweepResults(plan, campaign)
        summary = results.summary().set_index(["point", "outcome"])
        tables = list(results.outcomes_tables())
    assert len(tables) == 7
    assert [len(table) for table in tables] == [4] * 7
    by_hand = [simulate(plan.worlds[0][2], member).outcomes["tests"] for member in members]
    as_is = [simulate(plan.policies[0], member).outcomes["tests"] for member in members]
    row = summary.loc[(2, "tests")]
    assert row["q50"] == np.median(by_hand)
    assert row["difference_mean"] == pytest.approx(np.mean(np.subtract(by_hand, as_is)))
    assert summary.loc[(-1, "tests"), "difference_equal"] == 1
    assert (row["stay"], row["laboratory"]) == ("10 d", "10")


def test_points_without_runs_are_left_out_of_the_summary(tmp_path):
    plan = load_sweep(write_sweep(tmp_path))
    with RunStore.open(tmp_path / "runs.sqlite", purpose="test") as store:
        results = SweepResults(plan, Campaign(variants_of(plan, [seeds_only(1, 2)]), store))
        assert results.summary().empty
        assert [len(table) for table in results.outcomes_tables()] == [0] * 7
