"""From printed counts to independent summary statistics: no count counts twice."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.observation import Observation, log_count, log_kernel_of, outside
from calibration.targets import Targets
from calibration.targets_file import read_targets
from sim.scenario.schema import Calendar

CALENDAR = Calendar(start=dt.date(2020, 3, 15), end=dt.date(2020, 5, 31))


def target(number: int, counted: str, day: int, **values: float) -> dict:
    date = CALENDAR.start + dt.timedelta(days=day)
    kinds = {"kind": "count", **values}
    return {
        "id": f"T{number}",
        "place": "town",
        "series": f"imported_confirmed_{counted}",
        "data_date": date.isoformat(),
        "article": "A",
        **kinds,
    }


def targets_of(*targets: dict, **noise: float) -> Targets:
    article = {"outlet": "A paper", "published": "2020-06-01"}
    return Targets.model_validate(
        {"articles": {"A": article}, "targets": targets, "reporting_noise": noise}
    )


def test_the_shipped_counts_fall_into_six_statistics():
    observation = Observation(read_targets(), CALENDAR)
    statistics = {statistic.label: statistic.low for statistic in observation.statistics}
    assert statistics == {
        "A1": 20,
        "A2 - A1": 19,
        "A9": 79,
        "A10 - A9": 247,
        "A11 - A10": 60,
        "A11 - A12": 116,
    }
    assert observation.days == 45


@given(st.data())
def test_statistics_of_a_register_add_up_to_its_last_count(data):
    """Whatever days are printed, new cases are divided among the statistics, each in one."""
    new = np.array(data.draw(st.lists(st.integers(0, 50), min_size=12, max_size=12)))
    cumulative = new.cumsum()
    days = data.draw(st.lists(st.integers(0, 11), min_size=1, max_size=4, unique=True))
    with_new = [day for day in days if data.draw(st.booleans())]
    printed = [target(i, "cumulative", d, value=cumulative[d]) for i, d in enumerate(days)]
    printed += [target(20 + i, "new", d, value=new[d]) for i, d in enumerate(with_new)]
    observation = Observation(targets_of(*printed), CALENDAR)
    assert sum(statistic.low for statistic in observation.statistics) == cumulative[max(days)]
    counts = {
        ("town", "imported_confirmed_new"): new,
        ("town", "imported_confirmed_cumulative"): cumulative,
    }
    for statistic in observation.statistics:
        assert statistic.sum(counts) == statistic.low
        assert statistic.misses(statistic.sum(counts)) == 0


def test_noise_is_absolute_plus_a_share_and_a_target_may_have_its_own():
    own = target(1, "new", 3, value=100) | {"noise": {"absolute": 1, "relative": 0.5}}
    observation = Observation(
        targets_of(target(0, "new", 2, value=100), own, absolute=3, relative=0.05), CALENDAR
    )
    assert [statistic.sd for statistic in observation.statistics] == pytest.approx([8, 51])


def test_active_counts_become_closed_ones():
    printed = [target(0, "cumulative", 9, value=386), target(1, "active", 9, value=270)]
    statistics = Observation(targets_of(*printed), CALENDAR).statistics
    assert sorted(statistic.low for statistic in statistics) == [116, 386]
    alone = Observation(targets_of(target(1, "active", 9, value=270)), CALENDAR).statistics
    assert [statistic.low for statistic in alone] == [270]


def test_every_statistic_is_a_sum_of_the_counts_that_it_names():
    counts = {
        ("town", "imported_confirmed_cumulative"): np.arange(100, 112),
        ("town", "imported_confirmed_active"): np.arange(30, 42),
        ("town", "imported_confirmed_new"): np.full(12, 4),
        ("town", "imported_carriers_stock"): np.arange(7, 19),
    }
    both = [target(0, "cumulative", 9, value=386), target(1, "active", 9, value=270)]
    stock = target(3, "new", 5, value=44) | {"series": "imported_carriers_stock"}
    others = [
        target(2, "active", 4, value=9),
        stock,
        target(4, "new", 7, kind="interval", low=24, high=96),
        target(5, "new", 8, kind="lower_bound", value=100),
    ]
    targets = targets_of(*both, *others, absolute=2, relative=0.5)
    statistics = Observation(targets, CALENDAR).statistics
    said = [(p.label, float(p.sum(counts)), p.low, p.high, p.sd, p.last_day) for p in statistics]
    assert said == [
        ("T2", 34, 9, 9, 6.5, 4),
        ("T3", 12, 44, 44, 24, 5),
        ("T4", 4, 24, 96, 14, 7),
        ("T5", 4, 100, np.inf, 52, 8),
        ("T0", 109, 386, 386, 195, 9),
        ("T0 - T1", 70, 116, 116, 60, 9),
    ]


def test_logarithms_of_counts_begin_at_that_of_zero():
    logs = log_count(np.array([-3.0, 0.0, 0.5, 20.0]))
    assert logs == pytest.approx(np.log([5, 5, 5.5, 25]))


def test_intervals_and_lower_bounds_miss_only_outside():
    interval = target(0, "new", 3, kind="interval", low=24, high=96)
    least = target(1, "new", 5, kind="lower_bound", value=100)
    first, second = Observation(targets_of(interval, least), CALENDAR).statistics
    assert first.misses(np.array([24.0, 60.0, 96.0])).tolist() == [0, 0, 0]
    assert (first.misses(np.array([20.0, 100.0])) > 0).all()
    assert second.misses(np.array([100.0, 1e6])).tolist() == [0, 0]
    assert second.misses(np.array([92.0])) == pytest.approx(1.0)


def test_a_day_that_is_left_out_leaves_its_counts_but_not_its_days():
    whole = Observation(read_targets(), CALENDAR)
    without = Observation(read_targets(), CALENDAR, without=[dt.date(2020, 4, 28)])
    assert without.columns == whole.columns
    assert without.days == whole.days
    labels = {statistic.label for statistic in without.statistics}
    assert labels == {"A1", "A2 - A1", "A9", "A10 - A9"}


def test_the_kernel_is_that_of_independent_gaussians():
    assert log_kernel_of(np.array([[0.0, 0.0], [1.0, 2.0]])).tolist() == [0.0, -2.5]


def test_sources_that_agree_are_one_observation_and_the_more_precise_one_counts():
    first = target(0, "cumulative", 9, value=300)
    second = target(1, "cumulative", 9, value=300) | {"noise": {"absolute": 1, "relative": 0.01}}
    later = target(2, "cumulative", 12, value=340)
    for order in ([first, second, later], [later, second, first]):
        statistics = Observation(targets_of(*order), CALENDAR).statistics
        assert [(statistic.low, statistic.sd) for statistic in statistics] == [(300, 4), (40, 5)]
    stocks = [of | {"series": "imported_carriers_stock"} for of in (first, second)]
    assert len(Observation(targets_of(*stocks), CALENDAR).statistics) == 1


def test_sources_that_disagree_are_never_dropped():
    both = target(0, "cumulative", 9, value=300), target(1, "cumulative", 9, value=301)
    with pytest.raises(ValueError, match="T0 and T1 print different counts"):
        Observation(targets_of(*both), CALENDAR)


def test_intervals_of_one_day_are_one_observation():
    several = [
        target(0, "new", 7, kind="interval", low=24, high=96),
        target(1, "new", 7, kind="interval", low=30, high=100),
        target(2, "new", 7, kind="lower_bound", value=28),
        target(3, "new", 8, kind="lower_bound", value=28),
    ]
    first, second = Observation(targets_of(*several), CALENDAR).statistics
    assert (first.label, first.low, first.high) == ("T0 - T1 - T2", 30, 96)
    assert (second.label, second.low, second.high) == ("T3", 28, np.inf)


def test_what_an_emulator_is_held_against():
    counts = [
        target(0, "cumulative", 9, value=300),
        target(1, "cumulative", 12, value=295),
        target(2, "active", 13, kind="interval", low=15, high=45),
        target(3, "new", 14, kind="lower_bound", value=20),
    ]
    observation = Observation(targets_of(*counts), CALENDAR)
    low, high = observation.summary
    assert low == pytest.approx(np.log([305, 5, 20, 25]))
    assert high == pytest.approx([np.log(305), np.log(5), np.log(50), np.inf])
    # A count that was corrected downwards has the noise of none: 3.25 cases, of 0 + 5.
    assert observation.summary_noise[:2] == pytest.approx([18 / 305, 3.25 / 5])
    logs = np.log([[305.0, 10.0, 10.0, 5.0], [610.0, 5.0, 100.0, 500.0], [305.0, 5.0, 30.0, 25.0]])
    away = outside(logs, observation.summary)
    two = np.log(2)
    expected = [[0, two, -two, -np.log(5)], [two, 0, two, 0], [0, 0, 0, 0]]
    np.testing.assert_allclose(away, expected, atol=1e-12)


def test_every_target_is_a_statistic_of_its_own():
    counts = [target(0, "cumulative", 9, value=300), target(1, "cumulative", 12, value=340)]
    single = Observation(targets_of(*counts), CALENDAR).single
    assert [(of.label, of.low, of.sd) for of in single] == [("T0", 300, 18), ("T1", 340, 20)]
