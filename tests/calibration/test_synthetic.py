"""Synthetic epidemics: of which size, from which priors, and what is reported of them."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from small_fit import TARGETS
from small_study import TRAVELLERS_ONLY, WHOLE

from calibration import synthetic
from calibration.local_chains import LOCAL_STREAMS
from calibration.synthetic import observed_size, shipped_case, total_column, truths
from calibration.targets import ReportingNoise


@pytest.fixture(scope="module")
def made():
    return list(islice(truths(WHOLE, 1), 40))


def test_what_is_reported_has_the_observed_order_of_size(made):
    for truth in made:
        assert 65 <= observed_size(truth.simulator) <= 260
        (statistic,) = truth.local.simulator.observation.statistics
        assert 30 <= statistic.low == statistic.high <= 120
        made_up, asked = truth.simulator.observation, WHOLE.simulator.observation
        for of, like in zip(made_up.statistics, asked.statistics, strict=True):
            assert 1 / 4 <= (of.low + 5) / (like.low + 5) <= 4
    sizes = {observed_size(truth.simulator) for truth in made}
    assert len(sizes) > 20


def test_what_is_reported_decides_and_not_what_happened():
    noisy = TARGETS.model_copy(update={"reporting_noise": ReportingNoise(absolute=40, relative=0)})
    case = replace(TRAVELLERS_ONLY, targets=noisy)
    column = case.simulator.columns.index(total_column(case.simulator))
    made = list(islice(truths(case, 1), 60))
    assert all(65 <= observed_size(truth.simulator) <= 260 for truth in made)
    assert any(not 65 <= truth.counts[column, -1] <= 260 for truth in made)


def test_reported_is_what_happened_with_noise(made):
    columns = WHOLE.local.columns
    misses = []
    for truth in made:
        assert (truth.counts == WHOLE.simulator.history(truth.point)).all()
        whole = truth.local.counts[[columns.index(column) for column in WHOLE.simulator.columns]]
        np.testing.assert_array_equal(truth.counts, whole[:, : truth.counts.shape[1]])
        simulator, local = truth.simulator, truth.local.simulator
        assert local.travellers is simulator.observation
        misses += [*simulator.misses(truth.counts), *local.misses(truth.local.counts)]
    assert 0.7 < np.sqrt(np.square(misses).mean()) < 1.3


def test_every_epidemic_has_a_local_side_of_its_own(made):
    assert len({float(truth.local.scores[0]) for truth in made}) == len(made)
    scores = np.array([truth.local.scores[0] for truth in made])
    # Counts of 30 to 120 come from scores of -1.7 to 1.7: the prior is hardly cut.
    assert 0.6 < scores.std() < 1.2


def test_local_parameters_are_drawn_until_their_counts_have_the_size(monkeypatch):
    """With the travellers as they are: these are accepted by their own counts alone."""
    asked = []
    history = type(WHOLE.local).counted

    def counted(self, scenario, pair, state, *more):
        asked.append((pair.seed, state.seed_overrides[LOCAL_STREAMS[1], 0]))
        counts = history(self, scenario, pair, state, *more)
        local = self.columns.index(("east", "local_confirmed_cumulative"))
        if len(asked) % 3:
            counts[local] = 0
        return counts

    monkeypatch.setattr(type(WHOLE.local), "counted", counted)
    made = list(islice(truths(WHOLE, 1), 5))
    of_made = [seed for seed, _ in asked if seed in {truth.point.seed for truth in made}]
    assert len(of_made) > 8
    assert len({residents for _, residents in asked}) == len(asked)


def test_without_a_local_side_there_is_none():
    (truth,) = islice(truths(TRAVELLERS_ONLY, 1), 1)
    assert truth.local is None
    assert total_column(truth.simulator) == ("region", "imported_confirmed_cumulative")


def test_one_root_seed_gives_the_same_epidemics(made):
    for one, other in zip(made, truths(WHOLE, 1), strict=False):
        assert (one.counts == other.counts).all()
        assert one.simulator.observation.statistics == other.simulator.observation.statistics
        of_one, of_other = one.local.simulator.observation, other.local.simulator.observation
        assert of_one.statistics == of_other.statistics


def test_a_size_that_is_never_reached_ends_the_study(monkeypatch):
    monkeypatch.setattr(synthetic, "_IN_VAIN", 20)
    monkeypatch.setattr(synthetic, "TOTAL_FACTOR", 0.5)
    with pytest.raises(ValueError, match="none of 20 histories in a row"):
        next(truths(TRAVELLERS_ONLY, 1))


def statistic_of(low, high):
    return replace(WHOLE.local.observation.statistics[0], low=low, high=high)


def reported(total, low, high, times=2000):
    rng, noise, statistic = np.random.default_rng(1), WHOLE.noise, statistic_of(low, high)
    return np.array(
        [synthetic._reported_interval(statistic, total, noise, rng) for _ in range(times)]
    )


def test_an_interval_is_as_wide_as_the_printed_one_and_anywhere_around_the_count():
    low, high = reported(200.0, 24.0, 96.0).T
    assert (high >= low).all()
    ratios = (high + 1) / low  # ends are rounded outwards
    assert (np.abs(ratios / 4 - 1) < 0.1).all()
    assert (low % 1 == 0).all()
    assert ((low < 200 + 55) & (high > 200 - 55)).all()
    place = np.log(200 / low) / np.log(4)
    assert np.quantile(place, [0.1, 0.5, 0.9]) == pytest.approx([0.1, 0.5, 0.9], abs=0.1)


def test_an_interval_is_as_likely_with_every_count_that_it_holds():
    """As the kernel of the fit has it, which is flat inside."""
    likely = [
        np.mean([low == 50 for low, _ in reported(total, 24.0, 96.0, 6000)])
        for total in (80.0, 110.0, 150.0)
    ]
    assert min(likely) > 0.6 * max(likely) > 0


def test_no_case_is_reported_as_few():
    low, high = reported(0.0, 24.0, 96.0).T
    assert low.min() == 0
    assert high.max() < 100


def test_a_bound_without_an_end_cannot_be_made_up():
    with pytest.raises(ValueError, match="need a count, or an interval"):
        reported(10.0, 24.0, np.inf, 1)


def test_the_shipped_study_is_of_the_articles():
    case = shipped_case()
    assert case.simulator.scenario.name == "baseline"
    lows = [statistic.low for statistic in case.simulator.observation.statistics]
    assert lows == [20, 19, 79, 247, 60, 116]
    assert [statistic.label for statistic in case.local.observation.statistics] == ["A14", "A15"]
    assert {prior.part for prior in case.local.priors} == {"towns", "hospital_outbreak"}
    assert "border" in {prior.part for prior in case.not_fitted}
    named = [*case.simulator.priors, *case.local.priors, *case.not_fitted]
    assert sorted(prior.path for prior in named) == sorted(p.path for p in case.priors.parameters)
