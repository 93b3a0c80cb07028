"""Counts within and beyond reach: every fit ends, and says what it could not do."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from quick_simulator import QuickSimulator
from small_fit import PRIORS, SCENARIO, TARGETS

from calibration.fit import Budget, Fit, fit, stuck
from calibration.ladders import Schedule
from calibration.observation import Observation
from calibration.reach import Unreachable, most_missed
from calibration.reference_runs import run_reference
from calibration.targets import Targets
from calibration.task_runner import TaskRunner

BUDGET = Budget(
    90, 4, Schedule(seeds=3, corrections=2, rungs=3, moves=40, renewed=6, kept=2, apart=10)
)
"""For most parameters the simulator counts 40 to 400 cases in the end; the middle is 120."""

LAST, BEFORE, FIRST = "2020-03-25", "2020-03-17", "2020-03-01"


def target(name: str, end: str, date: str = LAST, **said: Any) -> dict[str, Any]:
    kind = {"kind": "count", **said}
    series = f"imported_confirmed_{end}"
    return {
        "id": name, "place": "region", "series": series, "data_date": date, "article": "A", **kind
    }  # fmt: skip


def simulator_of(*targets: dict[str, Any], noise: float = 3.0) -> QuickSimulator:
    data = TARGETS.model_dump(mode="json", exclude_none=True)
    noises = {"absolute": noise, "relative": 0.05}
    read = Targets.model_validate({**data, "targets": targets, "reporting_noise": noises})
    return QuickSimulator(SCENARIO, PRIORS.fitted, Observation(read, SCENARIO.calendar))


def fitted(*targets: dict[str, Any]) -> Fit:
    return fit(simulator_of(*targets), 1, BUDGET, TaskRunner())


def refusal(*targets: dict[str, Any]) -> tuple[Any, ...]:
    with pytest.raises(Unreachable) as caught:
        fitted(*targets)
    return caught.value.missed


def test_a_count_of_a_wrong_date_is_refused_after_the_runs_from_the_priors():
    ran: list[int] = []
    at = TaskRunner(on_progress=lambda stage, done, total: ran.append(done))
    with pytest.raises(Unreachable) as caught:
        fit(simulator_of(target("early", "cumulative", FIRST, value=326)), 1, BUDGET, at)
    assert max(ran) == BUDGET.runs // 3
    (missed,) = caught.value.missed
    assert missed.id == "early"
    assert missed.message.startswith(
        "region imported_confirmed_cumulative on 1 March: 326 asked, 0 in 30 prior runs; "
        "is the date right"
    )


def test_a_count_a_hundred_times_too_large_is_refused_with_the_range_of_the_runs():
    good = target("good", "cumulative", BEFORE, value=53)
    (missed,) = refusal(good, target("large", "cumulative", value=12_000))
    assert missed.id == "large"
    assert "on 25 March: 12,000 asked, " in missed.message
    assert " prior runs; is the date right, and the count?" in missed.message


def test_a_count_beyond_all_reference_runs_is_refused_before_the_chains():
    stages: set[str] = set()
    at = TaskRunner(on_progress=lambda stage, done, total: stages.add(stage))
    with pytest.raises(Unreachable, match="90 reference runs"):
        fit(simulator_of(target("large", "cumulative", value=1500)), 1, BUDGET, at)
    assert stages == {"reference runs"}


def test_a_count_of_another_day_is_asked_for_its_date():
    later = target("later", "cumulative", value=120)
    (missed,) = refusal(target("early", "cumulative", "2020-03-02", value=100), later)
    assert missed.id == "early"
    assert missed.message.endswith("is the date right?")


def test_an_increase_is_refused_where_each_count_can_be_reached():
    few, many = target("few", "cumulative", "2020-03-24", value=60), 500
    (missed,) = refusal(few, target("many", "cumulative", value=many))
    assert missed.id == "many"
    assert (
        "region imported_confirmed_cumulative on 25 March less region "
        "imported_confirmed_cumulative on 24 March: 440 asked, "
    ) in missed.message


def test_counts_that_exclude_each_other_are_refused_by_the_chains():
    """Half of the cases are active in this world: 250 and 40 are possible, but not both."""
    pair = target("all", "cumulative", value=250), target("still", "active", value=40)
    missed = refusal(*pair)
    assert {of.id for of in missed} <= {"all", "still"}
    for of in missed:
        assert " in 90 reference runs and " in of.message
        assert " in 4 states of the chains, all of which are farther from the counts" in of.message


@pytest.mark.parametrize("value", [40, 120, 350, 450])
def test_a_count_in_the_tails_of_the_priors_is_fitted(value):
    done = fitted(target("tail", "cumulative", value=value))
    assert not stuck(done)


@pytest.mark.parametrize(
    "targets",
    [
        [target("a", "cumulative", kind="interval", low=300, high=350)],
        [target("a", "cumulative", kind="interval", low=0, high=60)],
        [target("a", "cumulative", kind="lower_bound", value=250)],
        [target("a", "cumulative", kind="lower_bound", value=0)],
        [target("a", "cumulative", kind="interval", low=300, high=350),
         target("b", "cumulative", kind="interval", low=320, high=380)],
        [target("a", "cumulative", FIRST, value=0)],
        [target("a", "cumulative", FIRST, value=0), target("b", "cumulative", value=150)],
        [target("a", "cumulative", value=150)],
        [target("a", "cumulative", value=150), target("b", "cumulative", value=150)],
        [target("a", "cumulative", "2020-03-05", value=10),
         target("b", "cumulative", "2020-03-06", value=4), target("c", "cumulative", value=121)],
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("error")
@pytest.mark.slow
def test_what_can_be_fitted_is_fitted(targets):
    """Intervals or lower bounds alone, zero, one day, one count twice, a small correction."""
    done = fitted(*targets)
    assert len(stuck(done)) < len(done.pairs)
    statistics = done.simulator.observation.statistics
    assert np.isfinite(done.simulator.observation.summary_noise).all()
    assert (done.simulator.observation.summary_noise > 0).all()
    best = max(pair.log_kernel for pair in done.pairs)
    assert best > -2.0 * len(statistics)


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["new", "cumulative", "active"]),
            st.sampled_from([FIRST, "2020-03-09", BEFORE, LAST]),
            st.sampled_from([0, 3, 40, 150, 2000, 10**5]),
            st.sampled_from(["count", "interval", "lower_bound"]),
        ),
        min_size=1,
        max_size=4,
        unique_by=lambda of: of[:2],
    )
)
@settings(max_examples=25, deadline=None)
def test_every_fit_ends(drawn):
    """Whatever is asked: a fit, or a refusal that names counts and ranges."""
    targets = [
        target(
            f"T{n}", end, date, kind=kind,
            **({"low": value, "high": 1.2 * value} if kind == "interval" else {"value": value}),
        )
        for n, (end, date, value, kind) in enumerate(drawn)
    ]  # fmt: skip
    budget = Budget(
        60, 3, Schedule(seeds=1, corrections=1, rungs=2, moves=6, renewed=3, kept=1, apart=1)
    )
    try:
        done = fit(simulator_of(*targets), 1, budget, TaskRunner())
    except Unreachable as error:
        assert error.missed
        for of in error.missed:
            assert of.id in {said["id"] for said in targets}
            assert " asked, " in of.message
    else:
        assert len(stuck(done)) < len(done.pairs) == 3


def test_what_chains_miss_is_named():
    simulator = simulator_of(
        target("a", "cumulative", BEFORE, value=53), target("b", "cumulative", value=120)
    )
    counts = np.zeros((5, len(simulator.columns), simulator.observation.days), dtype=np.int32)
    cumulative = simulator.columns.index(("region", "imported_confirmed_cumulative"))
    counts[:, cumulative, 16] = 53
    counts[:, cumulative, 24] = 900
    assert [statistic.label for statistic in most_missed(simulator, counts)] == ["b - a"]
    # If all are within the noise, the one that is missed most.
    counts[:, cumulative, 24] = 122
    assert [statistic.label for statistic in most_missed(simulator, counts)] == ["b - a"]


def test_points_are_found_however_far_the_counts_are():
    """The search for parameters widens instead of going on for ever."""
    simulator = simulator_of(target("a", "cumulative", value=10**6))
    assert run_reference(simulator, 1, 90, TaskRunner()).scores.shape == (90, 3)
