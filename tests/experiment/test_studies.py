"""The published studies that are shipped, with fewer runs than ``make studies``, and their form."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shipped import SCENARIOS

from sim.experiment.published import (
    Reproduced,
    Worlds,
    load_published,
    reproduce,
    worlds_as_variants,
)
from sim.scenario.reading.errors import ScenarioError

STUDIES = sorted((SCENARIOS / "studies").glob("*.yaml"))
FEW, FEWER = 24, 8
"""Runs of a study, and of one whose runs take long."""


def runs_of(all_worlds: list[Worlds]) -> int:
    return sum(len(variant.members) for variant in worlds_as_variants(all_worlds))


def takes_long(path: Path) -> bool:
    return path.stem == "ashcroft_2021"


def with_few_runs(worlds: Worlds, runs: int) -> Worlds:
    few = worlds.value.model_copy(update={"replicates": min(runs, worlds.replicates)})
    return replace(worlds, value=few)


def error_of(row: Reproduced) -> float:
    """Standard error of the number that is compared with the published one."""
    quantile = row.value.statistic in ("q025", "q975")
    # Of a normal quantile at 2.5 %, about 2.7 times that of the mean.
    return np.nan_to_num(row.error) * (2.7 if quantile else 1.3)


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=pytest.mark.thorough if takes_long(path) else ())
        for path in STUDIES
    ],
    ids=lambda path: path.stem,
)
def test_a_study_gives_the_published_numbers(path: Path):
    runs = FEWER if takes_long(path) else FEW
    for row in reproduce([with_few_runs(worlds, runs) for worlds in load_published(path)]):
        low, high = row.value.interval or (
            row.value.value - row.value.tolerance,
            row.value.value + row.value.tolerance,
        )
        assert low - 3 * error_of(row) <= row.number <= high + 3 * error_of(row), row.value.what


BASE = SCENARIOS / "studies" / "quilty_2020.yaml"


def study(tmp_path: Path, values: str, more: str = "") -> Path:
    """Write a study of the shipped one with other values."""
    text = BASE.read_text("utf-8").partition("published:")[0]
    path = tmp_path / "study.yaml"
    path.write_text(f"{text}published:\n  study: A study\n{more}  values:\n{values}", "utf-8")
    return path


def value(**fields: str) -> str:
    fields = {"what": "a number", "outcome": "undetected_share", "value": "0", **fields}
    if "interval" not in fields:
        fields.setdefault("tolerance", "1")
    lines = [f"{name}: {text}" for name, text in fields.items()]
    return "    - " + "\n      ".join(lines) + "\n"


def numbers(path: Path) -> list[float]:
    return [row.number for row in reproduce(load_published(path))]


def test_a_number_is_divided_scaled_reduced_and_averaged_as_the_file_says(tmp_path: Path):
    found = "fate_found_entry"
    of_none = "{policies.entry_screening: {}}"
    over = "{path: policies.exit_screening.flight, values: [0.0, 0.86]}"
    path = study(
        tmp_path,
        value(outcome=found)
        + value(outcome=found, per="infected_travellers", scale="100")
        + value(outcome=found, per="infected_travellers", complement="true")
        + value(outcome="undetected_share", set="{}", against=of_none)
        + value(outcome="undetected_share", against=of_none, compared="difference")
        + value(outcome="undetected_share", set=of_none)
        + value(outcome="undetected_share")
        + value(outcome=found, mean_over=over)
        + value(outcome=found, set="{policies.exit_screening.flight: 0.0}"),
    )
    count, percent, rest, reduction, difference, without, with_both, mean, no_exit = numbers(path)
    assert 0 < count < 200
    assert percent == pytest.approx(100 * (1 - rest))
    assert difference == pytest.approx(with_both - without)
    assert reduction == pytest.approx(1 - with_both / without)
    assert mean == pytest.approx((count + no_exit) / 2)


def test_a_statistic_is_of_the_runs(tmp_path: Path):
    path = study(
        tmp_path,
        "".join(value(statistic=name) for name in ("mean", "median", "q025", "q975")),
        "  replicates: 20\n",
    )
    rows = reproduce(load_published(path))
    runs = rows[0].runs
    assert runs.shape == (20,)
    assert all((row.runs == runs).all() for row in rows)
    expected = [runs.mean(), np.median(runs), *np.quantile(runs, [0.025, 0.975])]
    assert [row.number for row in rows] == pytest.approx(expected)
    assert rows[0].error == pytest.approx(runs.std(ddof=1) / np.sqrt(20))


def test_equal_worlds_are_run_once(tmp_path: Path):
    same = value() + value(outcome="fate_found_entry") + value(replicates="7")
    assert runs_of(load_published(study(tmp_path, same))) == 7
    other = same + value(set="{policies.entry_screening: {}}")
    assert runs_of(load_published(study(tmp_path, other))) == 8


def test_a_number_without_a_denominator_is_undefined_and_does_not_agree(tmp_path: Path):
    path = study(tmp_path, value(per="illegal_attempts"))
    (row,) = reproduce(load_published(path))
    assert np.isnan(row.number)
    assert not row.agrees


def test_agreement_is_the_interval_or_the_tolerance(tmp_path: Path):
    path = study(
        tmp_path,
        value(value="0.5", interval="[0.3, 0.7]")
        + value(value="0.1", interval="[0.0, 0.2]")
        + value(value="0.5", tolerance="0.2")
        + value(value="0.1", tolerance="0.2"),
    )
    assert [row.agrees for row in reproduce(load_published(path))] == [True, False, True, False]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"outcome": "undetected_shore"}, r"values\[0\].outcome: there is no outcome of that name"),
        ({"outcome": "undetected_shore"}, "did you mean 'undetected_share'"),
        ({"per": "travelers"}, r"values\[0\].per: there is no outcome"),
        ({"interval": "[0, 1]", "tolerance": "1"}, "either its interval or a tolerance"),
        ({"interval": "[1, 0]"}, "the upper bound is below the lower bound"),
        ({"set": "{policies.quarantine_stay: 14}"}, "a duration needs a number and a unit"),
        ({"against": "{policies.quarantine_stey: 14 d}"}, "quarantine_stey"),
        ({"mean_over": "{path: nowhere.at.all, values: [1]}"}, "nowhere"),
    ],
)
def test_what_is_wrong_with_a_value_is_said_with_its_line(tmp_path: Path, fields, message):
    path = study(tmp_path, value(**fields))
    line = path.read_text("utf-8").splitlines().index("    - what: a number") + 1
    with pytest.raises(ScenarioError, match=message) as caught:
        load_published(path)
    assert all(problem.file == str(path) for problem in caught.value.problems)
    assert all(problem.line >= line for problem in caught.value.problems)
