"""Figures of what happens in town: local infections, the hospital outbreak, who infected whom."""

import functools

import numpy as np
import pytest
from drawn import check_drawn, check_whole, said, texts
from shipped import SCENARIOS

from calibration.targets import IntervalTarget
from calibration.targets_file import read_targets
from sim import load_scenario, run
from sim.experiment.ensemble import Member
from sim.experiment.replicates import Replicates, simulate
from sim.experiment.transmission_chains import Chains, chains_of, median_run
from sim.view.figures import draw_all
from sim.view.local_cases import draw_local_cases
from sim.view.transmission_tree import draw_transmission_tree, lay_out
from sim.view.words import percent
from sim.world.origins import Origin

pytestmark = pytest.mark.thorough

NO_OUTBREAK = ("hospital_outbreak=null",)
NOTHING = (*NO_OUTBREAK, "travellers.pool=0")
SEEDED = (*NO_OUTBREAK, "residents.suifenhe.infected_at_start=40", "policies.contact_tracing={}")


@functools.cache
def runs_of(settings: tuple[str, ...] = (), replicates: int = 3) -> Replicates:
    return run(load_scenario(SCENARIOS / "baseline.yaml", settings), replicates=replicates)


@pytest.mark.parametrize("settings", [(), NO_OUTBREAK, NOTHING, SEEDED])
@pytest.mark.parametrize("replicates", [1, 3])
def test_local_cases(settings: tuple[str, ...], replicates: int) -> None:
    done = runs_of(settings, replicates)
    reported = [target for target in read_targets().targets if isinstance(target, IntervalTarget)]
    fig = draw_local_cases(done, reported)
    check_drawn(fig)
    check_whole(fig)
    # What a newspaper said is compared with what it counts: confirmed, not all who are infected.
    confirmed = done.series("local_confirmed_cumulative", "harbin")[:, 44]
    inside = ((confirmed >= 24) & (confirmed <= 96)).mean()
    assert f"{percent(inside)} of the runs agree with the newspaper" in texts(fig)
    assert "Residents of Harbin confirmed by 28 Apr" in texts(fig)
    assert len(draw_local_cases(done).axes) == len(fig.axes) - 1
    infected = done.outcome("local_infections")
    assert infected.any() or settings in (NOTHING, NO_OUTBREAK)
    assert ("no resident was infected" in texts(fig)) == (not infected.any())


def test_without_residents_there_is_no_figure() -> None:
    assert "local_cases" not in draw_all(
        run(load_scenario(SCENARIOS / "studies" / "quilty_2020.yaml"), replicates=1), []
    )


def test_chains_hold_every_infected_resident_and_add_up_by_origin() -> None:
    scenario = runs_of(SEEDED).scenario
    chains = chains_of(scenario, Member(1))
    result = simulate(scenario, Member(1))
    assert chains.resident.sum() == result.outcomes["local_infections"]
    by_origin = np.bincount(chains.origin[chains.resident], minlength=len(Origin))
    np.testing.assert_array_equal(by_origin, result.local.sum(axis=0))
    infected = np.flatnonzero(chains.infector >= 0)
    above = chains.infector[infected]
    assert (chains.infected_at[above] < chains.infected_at[infected]).all()
    assert (chains.origin[above] == chains.origin[infected]).all()
    # Anyone who has nobody above came over the border or was infected at the start.
    heads = chains.infector < 0
    assert (~chains.resident | (chains.origin == Origin.START))[heads].all()


@pytest.mark.parametrize("settings", [(), NOTHING, SEEDED])
def test_transmission_tree(settings: tuple[str, ...]) -> None:
    scenario = runs_of(settings).scenario
    fig = draw_transmission_tree(scenario, chains_of(scenario, Member(1)))
    check_drawn(fig)
    check_whole(fig)
    assert ("no chains in this run" in texts(fig)) == (settings == NOTHING)


@pytest.mark.parametrize("replicates", [1, 2, 3, 8])
def test_the_tree_is_of_the_run_nearest_to_the_median_and_says_so(replicates: int) -> None:
    done = runs_of(SEEDED, replicates)
    infected = done.outcome("local_infections")
    shown = median_run(done)
    away = np.abs(infected - np.median(infected))
    assert away[[result.seed for result in done.results].index(shown.member.seed)] == away.min()
    fig = draw_transmission_tree(done.scenario, chains_of(done.scenario, shown.member), shown)
    check_whole(fig)
    assert f"{shown.infected} residents" in said(fig)
    assert f"the run with seed {shown.member.seed}, " in said(fig)
    why = f"median of {replicates} runs" if replicates > 1 else "the only one"
    assert why in said(fig)


def test_without_a_run_there_is_none_near_the_median() -> None:
    with pytest.raises(ValueError, match="no run has finished"):
        median_run(Replicates(runs_of().scenario))


def chain(infector: list[int]) -> Chains:
    """Return chains in which only who infected whom matters."""
    size = len(infector)
    nobody = np.zeros(size, dtype=np.int64)
    days = np.linspace(0, 30, size)
    return Chains(1, days, np.array(infector), nobody, nobody, np.ones(size, dtype=bool))


def test_layout_puts_the_largest_chain_first_and_gives_each_end_a_row() -> None:
    # 0 infects 2; 1 infects 3, 4 and 5; 4 infects 6; nobody is infected by 7.
    layout = lay_out(chain([-1, -1, 0, 1, 1, 1, 4, -1]), 100)
    assert layout.shown.tolist() == list(range(7))
    assert (layout.chains, layout.chains_left_out, layout.people_left_out) == (2, 0, 0)
    assert layout.height[[3, 6, 4, 5, 1]].tolist() == [0, 1, 1, 2, 1]
    assert layout.height[[2, 0]].tolist() == [4, 4]
    assert np.isnan(layout.height[7])


def test_layout_leaves_out_small_chains_and_says_so() -> None:
    infector = [-1, -1, 0, 1, 1, 1]
    layout = lay_out(chain(infector), 5)
    assert (layout.shown.tolist(), layout.chains_left_out, layout.people_left_out) == (
        [1, 3, 4, 5],
        1,
        2,
    )
    cut = lay_out(chain([*infector, 0]), 6)
    assert (cut.shown.tolist(), cut.chains, cut.people_left_out) == ([0, 1, 2, 3, 4, 5], 2, 1)
    one_long = lay_out(chain(infector), 2)
    assert (one_long.shown.tolist(), one_long.people_left_out) == ([1, 3], 4)


def test_a_very_large_chain_is_cut() -> None:
    scenario = runs_of().scenario
    rng = np.random.default_rng(1)
    large = chain([-1, *(int(rng.integers(0, place)) for place in range(1, 900))])
    fig = draw_transmission_tree(scenario, large)
    check_whole(fig)
    assert "Left out: 600 people late in the last chain drawn." in texts(fig).replace("\n", " ")


@pytest.mark.parametrize(
    ("days", "edge"), [((-364.0, -364.0), ""), ((-366.0, -1e6), "2 people are")]
)
def test_people_infected_long_before_the_calendar_leave_room_for_the_others(days, edge) -> None:
    """A date of so long ago may not even exist."""
    scenario = runs_of().scenario
    early = chain([-1, -1, 0, 1, 1, 1])
    early.infected_at[:2] = days
    fig = draw_transmission_tree(scenario, early)
    check_whole(fig)
    first, last = fig.axes[0].get_xlim()
    assert last - first <= scenario.calendar.days + 368
    drawn = [points.get_offsets()[:, 0] for points in fig.axes[0].collections[1:]]
    assert all((first <= x).all() and (x <= last).all() for x in drawn)
    assert ("drawn at the left edge" in said(fig)) == bool(edge)
    assert edge in said(fig)
