"""``bordersim discover`` as a user calls it, after a sweep and without one."""

import json
import shutil

import pandas as pd
import pytest
from command import bordersim
from random_scenarios import a_world, scenario_of
from shipped import SCENARIOS

from sim.experiment import replicates
from sim.experiment.sweep.loader import load_sweep
from sim.scenario.loader import write_scenario

SWEEP = """
name: when_a_stay_pays
scenario: two_weeks.yaml
policies: [two_days.yaml]
factors:
  exposure:
    {label: exposure at the source, path: source.exposure, range: {low: 1, high: 200}}
  noticed:
    {label: symptoms noticed, path: quarantine.symptoms_noticed, range: {low: 0.1, high: 0.9}}
design: {kind: latin_hypercube, points: 20}
outcomes: [community_infections, cost_cny]
replicates: 3
"""

TABLES = ("experiments.csv", "experiment_outcomes.csv", "boxes.csv", "restrictions.csv")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The sweep file, and the folder of its results."""
    folder = tmp_path_factory.mktemp("discover")
    for name, stay in (("two_weeks", "14 d"), ("two_days", "2 d"), ("ten_days", "10 d")):
        world = a_world(name=name, costs="china_2020", policies__quarantine_stay=stay)
        (folder / f"{name}.yaml").write_text(write_scenario(scenario_of(world)), "utf-8")
    path = folder / "sweep.yaml"
    path.write_text(SWEEP, "utf-8")
    assert bordersim("sweep", path, "--workers", 1, "--out", folder / "out") == 0
    return path, folder / "out"


def test_it_says_where_the_policy_pays_and_writes_tables_and_a_figure(
    finished, tmp_path, monkeypatch, capsys
):
    path, out = finished
    shutil.copytree(out, tmp_path / "out")
    monkeypatch.setattr(replicates, "simulate", lambda *a, **b: pytest.fail("a run"))
    question = [path, "--willingness-to-pay", "50000 CNY", "--out", tmp_path / "out"]
    assert bordersim("discover", *question) == 0
    printed, told = capsys.readouterr()
    assert "warning: only 60 experiments, fewer than 100: what is found may be chance" in told
    assert "two weeks against two days: 60 experiments (20 points, 3 pairs" in printed
    outcomes = pd.read_csv(tmp_path / "out" / "experiment_outcomes.csv")
    net = -50_000 * outcomes["community_infections"] - outcomes["cost_cny"]
    assert outcomes["net_benefit"].tolist() == pytest.approx(net.tolist())
    cases = int((net > 0).sum())
    assert 0 < cases < 60
    assert f"net benefit above 0 CNY in {cases} of 60 experiments" in printed
    boxes = pd.read_csv(tmp_path / "out" / "boxes.csv")
    (chosen,) = boxes[boxes["chosen"]].index
    assert boxes.loc[0, "density"] == pytest.approx(cases / 60)
    assert "exposure at the source is above" in boxes.loc[chosen, "limits"]
    assert f"where {boxes.loc[chosen, 'limits']}:" in printed
    assert f"in {100 * boxes.loc[chosen, 'density']:.0f}\N{NO-BREAK SPACE}% of them" in printed
    restrictions = pd.read_csv(tmp_path / "out" / "restrictions.csv")
    assert restrictions["comes_back"].between(0, 50).all()
    assert restrictions.loc[0, "input"] == "exposure"
    experiments = pd.read_csv(tmp_path / "out" / "experiments.csv")
    assert list(experiments) == ["exposure", "noticed", "scenario", "policy", "model"]
    assert (tmp_path / "out" / "discovery.png").is_file()

    before = {name: (tmp_path / "out" / name).read_text("utf-8") for name in TABLES}
    assert bordersim("discover", *question, "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["limits"] for row in rows] == boxes["limits"].tolist()
    assert sum(row["chosen"] for row in rows) == 1
    assert {name: (tmp_path / "out" / name).read_text("utf-8") for name in TABLES} == before


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("tests > 1e9", "above +1,000,000,000 in 0 of 60 experiments"),
        ("tests < 1e9", "below +1,000,000,000 in 60 of 60 experiments"),
    ],
)
def test_no_case_of_interest_and_only_such_cases_are_said(finished, capsys, where, said):
    path, out = finished
    assert bordersim("discover", path, "--where", where, "--out", out) == 0
    printed = capsys.readouterr().out
    assert said in printed
    assert "there is nothing to tell apart" in printed
    assert len(pd.read_csv(out / "boxes.csv")) == 1
    assert list(pd.read_csv(out / "restrictions.csv")) == [
        "input", "label", "side", "in_chosen_box", "comes_back", "searches"
    ]  # fmt: skip


def test_policies_are_named_and_missing_runs_are_said(finished, tmp_path, capsys):
    path, out = finished
    shutil.copytree(out, tmp_path / "out")
    more = path.with_name("more.yaml")
    more.write_text(SWEEP.replace("[two_days.yaml]", "[ten_days.yaml, two_days.yaml]"), "utf-8")
    swapped = ["--policy", "two_days", "--against", "two_weeks", "--where", "tests > 1e9"]
    assert bordersim("discover", more, *swapped, "--out", tmp_path / "out") == 0
    printed = capsys.readouterr()
    assert "two days against two weeks: 60 experiments" in printed.out
    assert "63 runs are missing: bordersim sweep" in printed.err
    assert bordersim("discover", more, "--out", tmp_path / "out") == 2
    assert "no pair has finished under both policies" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--where", "net_benefits > 0"], "did you mean 'net_benefit'?"),
        (["--where", "infections_at_large < 0"], "did you mean 'community_infections'?"),
        (["--where", "net_benefit >= 0"], "allowed: OUTCOME < NUMBER or OUTCOME > NUMBER"),
        (["--where", "net_benefit > much"], "allowed: OUTCOME < NUMBER or OUTCOME > NUMBER"),
        (["--where", "net_benefit > nan"], "allowed: OUTCOME < NUMBER or OUTCOME > NUMBER"),
        (["--willingness-to-pay", "much"], "--willingness-to-pay"),
        (["--policy", "two_week"], "did you mean 'two_weeks'?"),
        (["--policy", "two_days"], "two_days is compared with itself"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_hint(finished, capsys, options, message):
    path, out = finished
    assert bordersim("discover", path, *options, "--out", out) == 2
    assert message in capsys.readouterr().err


def test_a_sweep_that_has_not_been_run_or_has_one_policy_is_refused(finished, tmp_path, capsys):
    path, out = finished
    assert bordersim("discover", path, "--out", tmp_path / "nowhere") == 2
    assert "first: bordersim sweep" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()
    alone = path.with_name("alone.yaml")
    alone.write_text(SWEEP.replace("policies: [two_days.yaml]", ""), "utf-8")
    assert bordersim("discover", alone, "--out", out) == 2
    assert "the sweep has one" in capsys.readouterr().err
    taken = path.with_name("taken.yaml")
    taken.write_text(SWEEP.replace("  noticed:", "  model:"), "utf-8")
    assert bordersim("discover", taken, "--out", out) == 2
    assert "another column called 'model'" in capsys.readouterr().err


def test_the_shipped_sweep_offers_no_reward_under_no_reward():
    plan = load_sweep(SCENARIOS / "sweeps" / "when_the_reward_pays.yaml")
    offered, none = plan.worlds
    assert [policy.name for policy in plan.policies] == ["baseline", "no_reward"]
    days = range(offered[0].calendar.days)
    assert days
    for world in offered:
        assert world.policies.rewards == plan.policies[0].policies.rewards
        assert world.policies.rewards
    for world in none:
        assert not world.policies.rewards
