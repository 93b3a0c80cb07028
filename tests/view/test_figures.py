"""Figures: that they can be drawn of anything, say what they show, and are the same each time."""

import datetime as dt
import errno
import functools
import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from drawn import check_apart, check_drawn, panels, said, texts
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from calibration.targets import CountTarget
from calibration.targets_file import read_targets
from sim import load_scenario, run
from sim.experiment.pairs import paired_differences
from sim.experiment.replicates import Replicates
from sim.view.days import position
from sim.view.difference_rows import set_difference_scale
from sim.view.figures import draw_all, write_comparison, write_figures
from sim.view.imported import draw_imported
from sim.view.policy_marks import policy_marks
from sim.view.style import save

pytestmark = pytest.mark.slow

SCENARIOS = Path(__file__).parents[2] / "scenarios"
BASELINE = SCENARIOS / "baseline.yaml"

# A cohort of one day, without staging towns, regions, sites, hospitals or review.
ONE_DAY = """
name: one_day
calendar: {start: 2020-08-01, end: 2020-08-01}
places: {abroad: {label: Abroad}, home: {label: "Home $1 and _2_"}}
travellers:
  start: abroad
  pool: 50
  demand: {kind: cohort, people: 50, date: 2020-08-01, at: 6 h}
source: {kind: cohort, timing: {kind: uniform, earliest: 5 d}}
disease: covid19_2020
legs:
  road: {mode: walk, start: abroad, end: border, duration: 1 h, departures_per_day: 24,
         first_departure: 0 h, last_departure: 23 h, seats: 1000}
ports: {border: {place: home, opens: 0 h, closes: 23 h}}
laboratory: {place: home, sensitivity: perfect}
"""

CASES = {
    "three runs": ((), 3),
    "one run": ((), 1),
    "no travellers": (("travellers.pool=0",), 2),
    "no limits": (("policies.hospital_beds={}", "policies.site_beds={}"), 1),
    "plenty": (("policies.laboratory_capacity=1000000",), 1),
}


@functools.cache
def replicates_of(case: str) -> Replicates:
    settings, runs = CASES[case]
    return run(load_scenario(BASELINE, settings), replicates=runs, seed=1, ensemble="none")


@pytest.fixture(scope="module")
def one_day(tmp_path_factory: pytest.TempPathFactory) -> Replicates:
    path = tmp_path_factory.mktemp("scenarios") / "one_day.yaml"
    path.write_text(ONE_DAY, "utf-8")
    return run(load_scenario(path), replicates=2, seed=1, ensemble="none")


def points_of(fig: Figure) -> set[tuple[float, float]]:
    return {
        (x, y)
        for ax in panels(fig)
        for points in ax.collections
        if isinstance(points, PathCollection)
        for x, y in np.asarray(points.get_offsets()).tolist()
    }


@pytest.mark.thorough
@pytest.mark.parametrize("case", CASES)
def test_figures_of(case: str) -> None:
    figures = draw_all(replicates_of(case), read_targets().counts())
    assert list(figures) == [
        "imported", "carriers", "capacity", "fates", "onsets", "crossings", "local_cases",
        "costs",
    ]  # fmt: skip
    for fig in figures.values():
        check_drawn(fig)
        assert all(ax.get_ylabel() for ax in panels(fig))


def test_figures_of_one_day(one_day: Replicates) -> None:
    assert not one_day.failures
    figures = draw_all(one_day, read_targets().counts())
    assert list(figures) == ["imported", "carriers", "capacity", "fates", "onsets"]
    for fig in figures.values():
        check_drawn(fig)


def test_no_finished_run(tmp_path: Path) -> None:
    none = Replicates(load_scenario(BASELINE))
    assert draw_all(none, read_targets().counts()) == {}
    assert write_comparison([none, replicates_of("one run")], tmp_path) == []
    assert write_comparison([replicates_of("one run"), none], tmp_path) == []


@pytest.mark.thorough
def test_every_figure_is_written(tmp_path: Path) -> None:
    both = [replicates_of("one run"), replicates_of("no travellers")]
    paths = write_figures(both[0], read_targets().counts(), tmp_path) + write_comparison(
        both, tmp_path
    )
    names = (
        "imported", "carriers", "capacity", "fates", "onsets", "crossings", "local_cases",
        "costs",
        "transmission_tree", "forest", "crossings_compared", "costs_compared",
    )  # fmt: skip
    assert [path.name for path in paths] == [
        f"{n}.{kind}" for n in names for kind in ("png", "svg")
    ]
    assert all(path.stat().st_size for path in paths)


@pytest.mark.thorough
def test_files_are_the_same_each_time(tmp_path: Path) -> None:
    first, second = (
        save(
            draw_imported(replicates_of("three runs"), read_targets().counts()),
            tmp_path / folder,
            "fig",
        )
        for folder in ("a", "b")
    )
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_article_counts_stand_on_their_own_day() -> None:
    targets = read_targets().counts()
    fig = draw_all(replicates_of("three runs"), targets)["imported"]
    shown = [target for target in targets if target.series.startswith("imported")]
    assert points_of(fig) == {(position(target.data_date), target.value) for target in shown}


def test_article_counts_outside_the_scenario_are_left_out() -> None:
    series = "imported_confirmed_new"
    elsewhere = CountTarget(
        id="X1",
        place="atlantis",
        series=series,
        value=5,
        kind="count",
        data_date=dt.date(2020, 4, 5),
        article="A",
    )
    later = CountTarget(
        id="X2",
        place="suifenhe",
        series=series,
        value=5,
        kind="count",
        data_date=dt.date(2021, 4, 5),
        article="A",
    )
    fig = draw_all(replicates_of("one run"), [elsewhere, later])["imported"]
    fig.draw_without_rendering()
    assert points_of(fig) == set()


def test_policy_marks_come_from_the_timelines() -> None:
    settings = (
        "policies.port_closures={suifenhe_port: [{from: 2020-04-07, announced: 2020-04-03}]}",
        "policies.laboratory_capacity=[{until: 2020-04-07, value: 5},"
        " {from: 2020-04-07, value: 10}]",
        "policies.quarantine_tests=[{until: 2020-04-12, value: [2 d]},"
        " {from: 2020-04-12, value: [1 d]}]",
        "policies.quarantine_stay=14 d",
        "policies.staging_quarantine={}",
        "policies.monitoring=[{from: 2020-04-09, value: 0.6}]",
        "policies.pre_departure_test={moscow_vladivostok: [{from: 2020-04-09, value: 1 d}]}",
        "policies.hospital_beds={}",
        "policies.site_beds={}",
        "policies.review_rounds=[{from: 2020-04-12, until: 2020-04-14, share: 0.5}]",
        "policies.rewards=[{from: 2020-04-15, until: 2020-04-20, report: 3000 CNY,"
        " capture: 5000 CNY, announced: 2020-04-14}]",
        "policies.patrols={suifenhe_hills: [{from: 2020-04-15, value: 4}]}",
        "policies.sensors={suifenhe_hills: [{from: 2020-04-16, value: 0.1}]}",
        "policies.fine=[{from: 2020-04-16, value: 3000 CNY}]",
        "policies.detention=[{from: 2020-04-16, value: 5 d}]",
        "policies.lockdown={suifenhe: [{from: 2020-04-17, value: 0.7}]}",
        "policies.house_restrictions={}",
    )
    assert [
        (mark.date.isoformat(), mark.text)
        for mark in policy_marks(load_scenario(BASELINE, settings))
    ] == [
        ("2020-04-03", "closure of Suifenhe port announced"),
        ("2020-04-07", "Suifenhe port shut; laboratory 5 → 10 tests a day"),
        (
            "2020-04-09",
            "monitoring of quarantine 0 → 60 %; pre-departure test for the moscow vladivostok "
            "asked for",
        ),
        ("2020-04-12", "other swab days; carriers reviewed until 13 Apr"),
        ("2020-04-14", "reward for informants announced"),
        (
            "2020-04-15",
            "reward 3,000 CNY for a report, 5,000 CNY for a capture;"
            " patrols in the suifenhe hills 0 → 4",
        ),
        (
            "2020-04-16",
            "sensors in the suifenhe hills 0 → 10 %; fine for crossing 0 → 3,000 CNY;"
            " detention for crossing 0 → 5 days",
        ),
        ("2020-04-17", "lockdown of Suifenhe 0 → 70 %"),
        ("2020-04-20", "no reward any more"),
    ]


CAPACITY = "policies.laboratory_capacity"
PORT = "policies.port_capacity={suifenhe_port: "


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (f"{CAPACITY}=2000", []),
        (
            f"{CAPACITY}=[{{value: 2000, until: 2020-04-08}}, {{from: 2020-04-08, value: 2500}}]",
            ["laboratory 2,000 → 2,500 tests a day"],
        ),
        (f"{PORT}700}}", []),
        (
            f"{PORT}[{{value: 700, until: 2020-03-20}}, {{from: 2020-03-20, value: 90}}]}}",
            ["capacity of the suifenhe port 700 → 90 people a day"],
        ),
    ],
)
def test_a_mark_has_the_number_that_stands_in_the_file(setting: str, expected: list[str]) -> None:
    """Not what is really handled: a multiple of it, which is fitted and changes on 6 April."""
    scenario = load_scenario(BASELINE, (setting,))
    assert scenario.laboratory.throughput.root[0].value != 1
    lever = setting.partition("=")[0].removeprefix("policies.").split("_")[0]
    start = {"laboratory": "laboratory", "port": "capacity of the suifenhe port"}[lever]
    found = [text for mark in policy_marks(scenario) for text in mark.text.split("; ")]
    assert [text for text in found if text.startswith(start)] == expected


def test_the_capacity_that_is_drawn_is_the_one_in_the_file() -> None:
    scenario = load_scenario(BASELINE, (f"{CAPACITY}=60",))
    fig = draw_all(run(scenario, replicates=1, ensemble="none"), [])["capacity"]
    shown = texts(fig) + said(fig)
    assert "60 tests a day" in shown
    assert "90 tests a day" not in shown
    assert "a multiple (laboratory.throughput)" in shown


def test_very_many_policy_changes() -> None:
    days = [dt.date(2020, 3, 15) + dt.timedelta(days=day) for day in range(46)]
    capacities = ", ".join(
        f"{{from: {day}, until: {after}, value: {number}}}"
        for number, (day, after) in enumerate(pairwise(days))
    )
    settings = (f"policies.laboratory_capacity=[{capacities}]", "calendar.end=2020-04-28")
    scenario = load_scenario(BASELINE, settings)
    marks = policy_marks(scenario)
    assert len(marks) == 24
    assert "later days" in marks[-1].text
    check_drawn(draw_all(run(scenario, replicates=1, ensemble="none"), [])["capacity"])


def test_differences_are_between_runs_with_the_same_seed() -> None:
    reference = replicates_of("three runs")
    changed = Replicates(reference.scenario, results=reference.results[1:])
    assert paired_differences(changed, reference, "entrants").tolist() == [0, 0]


def test_ticks_and_labels_of_narrow_panels_of_differences_are_apart() -> None:
    """A hundred too near to zero, and long units."""
    fig = Figure(figsize=(7, 1.6), layout="constrained")
    rows = [np.array([-13_584.0, -12_000.0]), np.array([-300.0, -20.0]), np.array([1e5, 2.2e5])]
    for ax in fig.subplots(1, 3):
        set_difference_scale(ax, "person-days", rows, room=0.1)
    check_apart(fig)


def test_runs_without_a_seed_in_common_have_no_differences(tmp_path: Path) -> None:
    both = [replicates_of("one run"), replicates_of("no travellers")]
    assert "forest.png" in {path.name for path in write_comparison(both, tmp_path)}
    both[1] = run(both[1].scenario, replicates=1, seed=99, ensemble="none")
    assert "forest.png" not in {path.name for path in write_comparison(both, tmp_path)}


def test_a_figure_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    save(Figure(), tmp_path, "kept")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def fail(*paths):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", fail)
    for name in ("kept", "new"):
        with pytest.raises(OSError, match=rf"No space left on device: .*{name}\.png"):
            save(Figure(), tmp_path, name)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
