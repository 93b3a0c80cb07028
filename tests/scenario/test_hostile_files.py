"""No file does harm: of thousands made of the shipped ones, each is valid or refused in words."""

import os
from pathlib import Path

import hostile_files
import pytest
from hostile_files import FILES, Case, Verdict, cases_from, make_folder, warm_up
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from shipped import SCENARIOS

from sim.scenario.loader import read_scenario
from sim.scenario.reading.errors import Problem, ScenarioError

SEEDS = 10
"""Some four hundred cases."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_folder(tmp_path_factory.mktemp("hostile") / "cases")
    warm_up(made)
    return made


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
def test_every_file_is_valid_or_refused_in_words(folder: Path, file: str) -> None:
    cases = cases_from(0, seeds=SEEDS)
    verdicts = {case.seed: case.judge(folder) for case in cases if case.file == file}
    assert not {s: verdict.words for s, verdict in verdicts.items() if verdict.outcome == "failure"}
    assert any(verdict.outcome == "refused" for verdict in verdicts.values())


def test_a_case_is_the_same_bytes_every_time(folder: Path) -> None:
    case = Case("scenarios/baseline.yaml", 7)
    (path, with_settings), first = case.write(folder), {}
    first = path.read_bytes()
    Case("scenarios/baseline.yaml", 8).write(folder)
    assert path.read_bytes() != first
    assert case.write(folder) == (path, with_settings)
    assert path.read_bytes() == first


def _refuses_without_reason(*arguments: object) -> None:
    raise ScenarioError([])


def _refuses_nowhere(*arguments: object) -> None:
    raise ScenarioError([Problem("nowhere.yaml", 1, 1, "", "is wrong")])


def _has_a_bug(*arguments: object) -> None:
    raise KeyError("x")


def _reads_elsewhere(path: Path, *arguments: object) -> None:
    path.parents[1].joinpath("outside", "secret.yaml").read_text("utf-8")


def _lists_elsewhere(path: Path, *arguments: object) -> None:
    list(path.parents[1].iterdir())


def _writes(path: Path, *arguments: object) -> None:
    path.with_name("harm").write_text("", "utf-8")


def _runs_code(*arguments: object) -> None:
    exec("pass")


def _runs_a_command(*arguments: object) -> None:
    os.system("true")


@pytest.mark.parametrize(
    ("loader", "words"),
    [
        (_refuses_without_reason, "without a reason"),
        (_refuses_nowhere, "without a place"),
        (_has_a_bug, "KeyError"),
        (_reads_elsewhere, "read: "),
        (_lists_elsewhere, "read: "),
        (_writes, "written: "),
        (_runs_code, "exec"),
        (_runs_a_command, "os.system"),
    ],
)
def test_the_judge_sees_what_a_loader_must_not_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, loader: object, words: str
) -> None:
    monkeypatch.setattr(hostile_files, "_load", loader)
    verdict: Verdict = Case("scenarios/baseline.yaml", 1).judge(folder)
    assert verdict.outcome == "failure"
    assert words in verdict.words


TEXT = (SCENARIOS / "two_ports.yaml").read_text("utf-8")


@pytest.mark.slow
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(at=st.integers(0, len(TEXT)), text=st.text(), length=st.integers(0, 40))
@example(at=0, text="", length=0)
def test_any_text_in_place_of_another_is_valid_or_refused(
    folder: Path, at: int, text: str, length: int
) -> None:
    path = folder / "scenarios" / "any.yaml"
    changed = TEXT[:at] + text + TEXT[at + length :]
    path.write_bytes(changed.encode("utf-8", "surrogatepass"))
    try:
        assert read_scenario(path)[0].calendar.days >= 1
    except ScenarioError as error:
        assert all(p.line >= 1 and p.column >= 1 and p.message for p in error.problems)
        assert all(line.isprintable() for line in str(error).splitlines())
