"""``bordersim calibrate`` and its check end, whatever is asked, and say what they could not do."""

import shlex
from dataclasses import astuple
from pathlib import Path

import pandas as pd
import pytest
import yaml
from command import bordersim
from quick_simulator import QuickSimulator
from small_fit import PRIORS, SCENARIO

from calibration.ladders import Schedule
from sim.cli.progress import StageProgress
from sim.scenario.loader import write_scenario

pytestmark = [pytest.mark.usefixtures("quick_simulator", "short_chains"), pytest.mark.slow]


@pytest.fixture
def quick_simulator(monkeypatch):
    """Histories by a formula, of 40 to 400 cases in the end."""
    monkeypatch.setattr("calibration.question.Simulator", QuickSimulator)
    monkeypatch.setattr("calibration.check.Simulator", QuickSimulator)
    for module in ("calibration.undetected", "calibration.check_work"):
        monkeypatch.setattr(f"{module}.PRIOR_RUNS", 4)


@pytest.fixture
def short_chains(monkeypatch):
    short = Schedule(seeds=3, corrections=2, rungs=2, moves=20, renewed=10, kept=1, apart=1)
    monkeypatch.setattr(Schedule.__init__, "__defaults__", astuple(short))


def case(folder: Path, *targets: str) -> list[object]:
    """Write scenario, priors and targets; return the arguments that name them."""
    (folder / "corridor.yaml").write_text(write_scenario(SCENARIO), "utf-8")
    priors = yaml.safe_dump(PRIORS.model_dump(mode="json", exclude_none=True))
    (folder / "priors.yaml").write_text(priors, "utf-8")
    head = "articles:\n  A: {outlet: A paper, published: 2020-03-31}\ntargets:\n"
    (folder / "targets.yaml").write_text(head + "".join(targets), "utf-8")
    return [
        folder / "corridor.yaml", "--targets", folder / "targets.yaml", "--priors",
        folder / "priors.yaml", "--runs", 300, "--members", 3, "--workers", 1,
    ]  # fmt: skip


def target(name: str, day: int, said: str, *, kind: str = "count", end: str = "cumulative") -> str:
    return (
        f"  - {{id: {name}, place: region, series: imported_confirmed_{end}, kind: {kind}, {said}, "
        f"data_date: 2020-03-{day:02}, article: A}}\n"
    )


def test_what_cannot_be_reached_is_refused_where_it_stands(tmp_path, capsys):
    out = tmp_path / "out"
    arguments = case(tmp_path, target("a", 25, "value: 120"), target("b", 2, "value: 110"))
    assert bordersim("calibrate", *arguments, "--out", out) == 2
    said = capsys.readouterr().err
    assert (
        f"{tmp_path / 'targets.yaml'}:5:5: region imported_confirmed_cumulative on 2 March: 110 "
        "asked, 0 in 100 prior runs; is the date right?\n"
    ) in said
    assert f"no ensemble was written; the runs are kept in {out / 'runs.sqlite'}" in said
    assert "Traceback" not in said
    assert not (out / "ensemble.csv").exists()
    # The right date needs no other run from the priors.
    right = case(tmp_path, target("a", 25, "value: 120"), target("b", 17, "value: 53"))
    assert bordersim("calibrate", *right, "--out", out) == 0


def test_counts_that_exclude_each_other_are_refused_by_the_chains(tmp_path, capsys):
    pair = target("a", 25, "value: 250"), target("b", 25, "value: 40", end="active")
    assert bordersim("calibrate", *case(tmp_path, *pair), "--out", tmp_path / "out") == 2
    said = capsys.readouterr().err
    assert f"{tmp_path / 'targets.yaml'}:" in said
    assert "in 3 states of the chains, all of which are farther from the counts" in said


def test_chains_that_are_away_from_the_counts_are_told(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sim.cli.calibrate.stuck", lambda fit: fit.pairs[:2])
    arguments = case(tmp_path, target("a", 25, "value: 120"))
    assert bordersim("calibrate", *arguments, "--out", tmp_path / "out") == 0
    said = capsys.readouterr().err
    assert "warning: 2 of 3 pairs are farther from the counts" in said
    assert "  a: region imported_confirmed_cumulative on 25 March: 120 asked, " in said


ENDING = {
    "one day": [target("a", 25, "value: 120")],
    "an interval": [target("a", 25, "low: 100, high: 150", kind="interval")],
    "a lower bound": [target("a", 25, "value: 100", kind="lower_bound")],
    "intervals and bounds": [
        target("a", 17, "low: 40, high: 90", kind="interval"),
        target("b", 25, "value: 100", kind="lower_bound"),
    ],
    "zero": [target("a", 1, "value: 0"), target("b", 25, "value: 120")],
    "zero alone": [target("a", 1, "value: 0")],
    "one count twice": [target("a", 25, "value: 120"), target("b", 25, "value: 120")],
    "a correction": [
        target("a", 5, "value: 10"), target("b", 6, "value: 5"), target("c", 25, "value: 120"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", ENDING)
@pytest.mark.filterwarnings("error")
def test_every_fit_that_ends_can_be_checked_by_the_command_that_it_names(tmp_path, capsys, name):
    arguments = case(tmp_path, *ENDING[name])
    assert bordersim("calibrate", *arguments, "--out", tmp_path / "out") == 0
    (command,) = [
        line for line in capsys.readouterr().out.splitlines() if line.startswith("next: ")
    ]
    program, *again = shlex.split(command.removeprefix("next: "))
    assert program == "bordersim"
    assert again[-1] == "--check"
    assert bordersim(*again) == 0
    said = capsys.readouterr()
    days = {line.split("data_date: ")[1][:10] for line in ENDING[name]}
    left_out = pd.read_csv(tmp_path / "out" / "left_out.csv")
    if len(days) == 1:
        assert left_out.empty
        assert "no day was left out" in said.out
        assert "to do: 3 runs of the ensemble and 4 from the priors; at most about" in said.err
    else:
        dates = sorted(days)
        together = [f"{dates[-2]} and {dates[-1]}"] if len(dates) > 2 else []
        assert set(left_out["left_out"]) == {*dates, *together}
        assert (
            f"to do: 3 runs of the ensemble and 4 from the priors, 300 reference runs "
            f"and {len(dates) + len(together)} fits without a day or two (3 ladders of 108 "
            "histories); at most about"
        ) in said.err


def test_a_check_says_which_day_it_is_at(tmp_path, monkeypatch):
    told: list[str] = []
    arguments = case(tmp_path, target("a", 17, "value: 53"), target("b", 25, "value: 120"))
    assert bordersim("calibrate", *arguments, "--out", tmp_path / "out") == 0
    monkeypatch.setattr(StageProgress, "report", lambda bars, stage, *of: told.append(stage))
    assert bordersim("calibrate", *arguments, "--out", tmp_path / "out", "--check") == 0
    stages = list(dict.fromkeys(told))
    assert stages[:3] == ["runs of the ensemble", "runs from the priors", "reference runs"]
    days = ("without 2020-03-17", "without 2020-03-25")
    expected = [f"{day}: {stage}" for day in days for stage in ("starts", "chains")]
    assert stages[3:] == expected


def test_a_check_with_one_parameter(tmp_path):
    arguments = case(tmp_path, target("a", 17, "value: 53"), target("b", 25, "value: 120"))
    priors = yaml.safe_load((tmp_path / "priors.yaml").read_text())
    priors["parameters"] = priors["parameters"][:1]
    (tmp_path / "priors.yaml").write_text(yaml.safe_dump(priors), "utf-8")
    assert bordersim("calibrate", *arguments, "--out", tmp_path / "out") == 0
    assert bordersim("calibrate", *arguments, "--out", tmp_path / "out", "--check") == 0
    assert pd.read_csv(tmp_path / "out" / "trade_offs.csv").empty


def test_the_longest_time_is_that_of_all_histories(tmp_path, capsys, monkeypatch):
    """Seven whole runs of two seconds; 300 reference runs and the fits, histories of a second."""
    now = iter([0.0, 2.0, 10.0, 11.0])
    arguments = case(tmp_path, target("a", 17, "value: 53"), target("b", 25, "value: 120"))
    assert bordersim("calibrate", *arguments, "--out", tmp_path / "out") == 0
    monkeypatch.setattr(
        "calibration.check_work.time", type("Clock", (), {"monotonic": lambda: next(now)})
    )
    assert bordersim("calibrate", *arguments, "--out", tmp_path / "out", "--check") == 0
    minutes = -(-((3 + 4) * 2 + 2 * 3 * 108 + 300) // 60)
    assert f"at most about {minutes} minutes" in capsys.readouterr().err


def test_a_fit_of_something_else_is_not_checked(tmp_path, capsys):
    out = tmp_path / "out"
    arguments = case(tmp_path, target("a", 17, "value: 53"), target("b", 25, "value: 120"))
    assert bordersim("calibrate", *arguments, "--out", out) == 0
    others = case(tmp_path, target("a", 17, "value: 53"), target("b", 24, "value: 110"))
    assert bordersim("calibrate", *others, "--out", out, "--check") == 2
    said = capsys.readouterr().err
    assert f"{out / 'ensemble.csv'} was fitted to another scenario, other priors or other" in said
