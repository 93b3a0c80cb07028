"""The renewal of the exact results: nothing is written without a reason."""

import json
from pathlib import Path

import baselines
import pytest
from shipped import BASELINE

from sim.experiment.ensemble import Member
from sim.scenario.loader import load_scenario

BEFORE = {"baseline.yaml": {"entrants": 10, "undetected_share": 0.0, "series": "aaaa"}}
AFTER = {"baseline.yaml": {"entrants": 11, "undetected_share": -0.0, "series": "bbbb"}}

CHANGELOG = """\
# Changelog

## [Unreleased]

### Changed

- Something.

## [0.1.0]

### Changed

- Something else.
"""


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record and a changelog of their own, and a program whose results have moved."""
    path, changelog = tmp_path / "baselines.json", tmp_path / "CHANGELOG.md"
    path.write_text(json.dumps(BEFORE), "utf-8")
    changelog.write_text(CHANGELOG, "utf-8")
    monkeypatch.setattr(baselines, "RECORD", path)
    monkeypatch.setattr(baselines, "CHANGELOG", changelog)
    monkeypatch.setattr(baselines, "computed", lambda: AFTER)
    return path


def test_nothing_is_written_without_a_reason(record: Path, capsys: pytest.CaptureFixture[str]):
    assert baselines.main([" "]) == 1
    shown = capsys.readouterr()
    assert "entrants 10 -> 11\n  undetected_share 0.0 -> -0.0\n  series\n" in shown.out
    assert 'WHY="..."' in shown.err
    assert baselines.recorded() == BEFORE
    assert not baselines.in_changelog()


def test_a_reason_stands_in_the_changelog_with_the_digest(record: Path):
    assert baselines.main(["Tests are free."]) == 0
    assert baselines.recorded() == AFTER
    line = f"- Baselines {baselines.record_digest()}: Tests are free.\n"
    written = record.with_name("CHANGELOG.md").read_text("utf-8")
    assert written == CHANGELOG.replace("- Something.\n", f"{line}- Something.\n")
    assert baselines.main([]) == 0


def test_a_record_that_the_changelog_does_not_know_needs_a_reason_though_nothing_moved(
    record: Path,
):
    record.write_text(json.dumps(AFTER), "utf-8")
    assert baselines.main([]) == 1
    assert baselines.main(["Two branches joined."]) == 0
    assert baselines.in_changelog()


def test_new_and_lost_scenarios_are_named():
    assert baselines.moved({"old.yaml": {}}, {"new.yaml": {}}) == {
        "old.yaml": ["gone"],
        "new.yaml": ["new"],
    }


def test_a_changelog_after_a_release_gets_the_heading():
    changelog = "# Changelog\n\n## [Unreleased]\n\n## [0.1.0]\n\nFirst.\n"
    assert baselines.with_line(changelog, "Baselines 0: why") == (
        "# Changelog\n\n## [Unreleased]\n\n### Changed\n\n- Baselines 0: why\n\n"
        "## [0.1.0]\n\nFirst.\n"
    )


@pytest.mark.parametrize("array", ["series", "fates", "local", "cases"])
def test_one_bit_of_any_array_shows(array: str, monkeypatch: pytest.MonkeyPatch):
    scenario = load_scenario(BASELINE)
    before = baselines.exact_result(scenario, Member(1))
    simulate = baselines.simulate

    def otherwise(*of):
        result = simulate(*of)
        getattr(result, array).view("<i8").flat[-1] ^= 1
        return result

    monkeypatch.setattr(baselines, "simulate", otherwise)
    after = baselines.exact_result(scenario, Member(1))
    assert baselines.moved({"a": before}, {"a": after}) == {"a": [array]}
