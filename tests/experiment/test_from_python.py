"""Comparisons and sweeps from Python, as a notebook makes them."""

import gc
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
from matplotlib.figure import Figure
from random_scenarios import a_world, scenario_of
from shipped import BASELINE
from small_sweep import write_sweep

import sim
from sim.experiment.ensemble import Ensemble, Member
from sim.experiment.replicates import simulate

WORLD = scenario_of(a_world())
OTHER = scenario_of(a_world(name="other", source__exposure=20))


def test_a_comparison_has_the_differences_of_the_runs():
    comparison = sim.compare([WORLD, OTHER], replicates=3)
    by_hand = [
        simulate(OTHER, Member(seed)).outcomes["tests"]
        - simulate(WORLD, Member(seed)).outcomes["tests"]
        for seed in (1, 2, 3)
    ]
    assert comparison.difference(1, "tests").tolist() == by_hand
    assert comparison.curves(0, "imported_confirmed_new").shape == (3, WORLD.calendar.days)


def test_any_executor_does(tmp_path):
    with ThreadPoolExecutor(2) as executor:
        there = sim.compare([WORLD, OTHER], replicates=3, executor=executor)
    here = sim.compare([WORLD, OTHER], replicates=3)
    assert there.differences_table().equals(here.differences_table())


def test_an_ensemble_gives_the_pairs():
    members = tuple(Member(seed, {"source.exposure": 10.0 * seed}) for seed in (5, 6, 7))
    ensemble = Ensemble(members, {"source.exposure": WORLD.source.exposure})
    twin = WORLD.model_copy(update={"name": "twin"})
    with pytest.warns(UserWarning, match="twin describes the same world as small_world"):
        comparison = sim.compare([WORLD, twin], ensemble=ensemble, replicates=2)
    assert [member.seed for member in comparison.members] == [5, 6]
    assert comparison.members[1].parameters == {"source.exposure": 60.0}


def test_runs_in_a_folder_are_not_done_again(tmp_path):
    ended = []
    for _ in range(2):
        comparison = sim.compare(
            [WORLD, OTHER],
            replicates=2,
            folder=tmp_path / "kept",
            on_progress=lambda runs, failed: ended.append(runs),
        )
        # The store is closed with the comparison.
        del comparison
        gc.collect()
    assert sum(ended) == 4


@pytest.mark.slow
def test_a_sweep_gives_its_summary(tmp_path):
    results = sim.sweep(write_sweep(tmp_path))
    summary = results.summary()
    assert set(summary["point"]) == {-1, 0, 1, 2, 3, 4, 5}
    assert len(results.plan.points) == 6


def test_nothing_is_left_open():
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        comparison = sim.compare([WORLD, OTHER], replicates=2)
        folder = comparison.campaign
        del comparison, folder
        gc.collect()


def test_what_is_wrong_is_raised(tmp_path):
    with pytest.raises(sim.ScenarioError, match="there is no such file"):
        sim.sweep(tmp_path / "nowhere.yaml")


def test_files_and_names_of_shipped_scenarios_will_do():
    by_path = sim.run(str(BASELINE), replicates=2)
    assert by_path.outcomes.equals(sim.run("baseline", replicates=2).outcomes)
    shipped = sim.compare(["baseline", "no_reward"], replicates=2)
    assert shipped.names == ["baseline", "no_reward"]
    with pytest.raises(ValueError, match="did you mean 'no_reward'"):
        sim.compare(["baseline", "no_rewards"])


def test_runs_of_one_scenario_are_kept_in_a_folder(tmp_path):
    ended, kept = [], {"folder": tmp_path / "kept", "on_progress": lambda runs: ended.append(runs)}
    few = sim.run(WORLD, replicates=2, **kept)
    more = sim.run(WORLD, replicates=5, **kept)
    assert sum(ended) == 5
    assert more.outcomes[:2].equals(few.outcomes)
    assert more.outcomes.equals(sim.run(WORLD, replicates=5).outcomes)


def shown(result, **arguments):
    """Return the text and the page of a result, whose figures can be drawn."""
    figure, axes = result.plot(), Figure().add_subplot()
    assert isinstance(figure, Figure) and figure.axes
    assert result.plot(ax=axes, **arguments) is axes.figure
    assert axes.has_data()
    return repr(result), result._repr_html_()


def test_a_result_shows_itself(tmp_path):
    text, page = shown(sim.run(WORLD, replicates=3), series="in_quarantine", place="region")
    assert "Community infections" in text and "small_world: 3 runs" in page
    comparison = sim.compare([WORLD, OTHER], replicates=5)
    text, page = shown(comparison, outcome="tests")
    assert "Difference from small world in 5 pairs" in text and "<table" in page
    assert comparison.differences.equals(comparison.differences_table())
    assert len(comparison.outcomes) == 10
    results = sim.sweep(write_sweep(tmp_path), replicates=2)
    text, page = shown(results, outcome="tests")
    assert text.startswith("small_sweep: ") and "small_sweep: 6 points" in page
    assert len(results.outcomes) == 7 * 2
    assert "difference_median" in results.differences and "q50" not in results.differences
