"""Figures: that they can be drawn of anything, say what they show, and are the same each time."""

import datetime as dt
import functools
from pathlib import Path

import numpy as np
import pytest
from drawn import check_apart, check_drawn, check_whole, panels, said, texts
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure

from calibration.targets import CountTarget
from calibration.targets_file import read_targets
from sim import load_scenario, run
from sim.experiment.pairs import paired_differences
from sim.experiment.replicates import Replicates
from sim.view.days import position, short_date
from sim.view.difference_rows import set_difference_scale
from sim.view.figures import draw_all, write_comparison, write_figures
from sim.view.number_text import whole
from sim.view.regions import total

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


OF_A_RUN = ("corridor", "imported", "fates", "capacity")


@pytest.mark.thorough
@pytest.mark.parametrize("case", CASES)
def test_figures_of(case: str) -> None:
    figures = draw_all(replicates_of(case), read_targets().counts())
    assert list(figures) == [*OF_A_RUN, "crossings", "local_cases"]
    for name, fig in figures.items():
        check_whole(fig)
        check_apart(fig)
        if name != "corridor":
            check_drawn(fig)


def test_figures_of_one_day(one_day: Replicates) -> None:
    assert not one_day.failures
    figures = draw_all(one_day, read_targets().counts())
    assert tuple(figures) == OF_A_RUN
    for fig in figures.values():
        check_whole(fig)


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
    names = (*OF_A_RUN, "crossings", "local_cases", "transmission_tree", "forest")
    kinds = ("png", "svg", "pdf")
    assert [path.name for path in paths] == [f"{n}.{kind}" for n in names for kind in kinds]
    assert all(path.stat().st_size for path in paths)


def test_headings_are_the_numbers_of_the_runs() -> None:
    runs = replicates_of("three runs")
    figures = draw_all(runs, read_targets().counts())
    cases = float(np.median(runs.series("imported_confirmed_cumulative", "heilongjiang")[:, -1]))
    assert f"{whole(cases)} imported cases confirmed in Heilongjiang" in said(figures["imported"])
    infected = runs.outcome("infected_travellers").mean()
    assert f" of {whole(infected)} infected travellers were found" in said(figures["fates"])
    assert "were infected, " in said(figures["local_cases"])


def test_who_is_full_is_said_with_the_day_and_the_share_of_the_runs() -> None:
    scenario = load_scenario(
        BASELINE, ("policies.site_beds={suifenhe_hotels: 1, mudanjiang_hotels: 0, "
                   "harbin_hotels: 0}", "policies.laboratory_capacity=100000"),
    )  # fmt: skip
    runs = run(scenario, replicates=3, seed=1, ensemble="none")
    by_day = (total(runs, "in_quarantine") >= 1).mean(axis=0)
    day = scenario.calendar.start + dt.timedelta(days=int(by_day.argmax()))
    assert f"Quarantine sites were full on {short_date(day)} in every run" in said(
        draw_all(runs, [])["capacity"]
    )


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


CAPACITY = "policies.laboratory_capacity"


def test_the_capacity_that_is_drawn_is_the_one_in_the_file() -> None:
    scenario = load_scenario(BASELINE, (f"{CAPACITY}=60",))
    fig = draw_all(run(scenario, replicates=1, ensemble="none"), [])["capacity"]
    shown = texts(fig) + said(fig)
    assert "60 tests a day" in shown
    assert "90 tests a day" not in shown
    assert "multiple of them (laboratory.throughput)" in shown


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
