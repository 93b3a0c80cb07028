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
from sim.experiment.replicates import Replicates
from sim.view.axes import position, short_date
from sim.view.figures import draw_all, write_figures
from sim.view.labels import whole
from sim.view.words import total

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


def test_no_finished_run() -> None:
    none = Replicates(load_scenario(BASELINE))
    assert draw_all(none, read_targets().counts()) == {}


@pytest.mark.thorough
def test_every_figure_is_written(tmp_path: Path) -> None:
    paths = write_figures(replicates_of("one run"), read_targets().counts(), tmp_path)
    names = (*OF_A_RUN, "crossings", "local_cases", "transmission_tree")
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
