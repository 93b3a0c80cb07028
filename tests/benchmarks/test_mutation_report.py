"""The rate of killed mutants: that of a stratified sample, with its standard error."""

from typing import Any

import pytest

from benchmarks.mutation.report import stratified_rate


def verdicts(killed: int, survived: int) -> list[dict[str, Any]]:
    return [{"killed": True}] * killed + [{"killed": False}] * survived


def test_files_count_by_the_mutants_that_they_have_not_by_those_that_were_tried() -> None:
    files = {"large.py": verdicts(9, 1), "small.py": verdicts(2, 8)}
    rate, error = stratified_rate(files, {"large.py": 900, "small.py": 100})
    assert rate == pytest.approx(0.9 * 0.9 + 0.1 * 0.2)
    large, small = 10 / 12 * 2 / 12 * (1 - 10 / 900), 3 / 12 * 9 / 12 * (1 - 10 / 100)
    assert error**2 == pytest.approx(0.9**2 * large / 10 + 0.1**2 * small / 10)


def test_there_is_no_error_once_every_mutant_was_tried() -> None:
    files = {"all.py": verdicts(7, 3)}
    assert stratified_rate(files, {"all.py": 10}) == (0.7, 0.0)


def test_a_sample_without_survivors_has_an_error_too() -> None:
    rate, error = stratified_rate({"a.py": verdicts(20, 0)}, {"a.py": 500})
    assert rate == 1
    assert error > 0.02
