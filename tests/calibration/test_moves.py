"""Proposals of chains: what the emulator predicts of a change, and which random numbers change."""

from collections import Counter

import numpy as np
import pytest
from guides import guide_of, sloped
from small_fit import small_simulator

from calibration.emulator import Emulator
from calibration.moves import INLAND, REDRAWN, TOGETHER, other_numbers
from calibration.observation import log_kernel_of
from calibration.simulator import Point
from sim.world.draws import BLOCKS

SIMULATOR = small_simulator()
SLOPES = np.array([[0.5, 0.0, 0.1], [0.2, 0.4, 0.0], [0.0, 0.3, -0.2]])
GUIDE = guide_of(sloped(SLOPES), np.random.default_rng(2).standard_normal((500, 3)))


def counts_of(new, before, after):
    """Return a history that has these sums in the summary statistics of the small simulator."""
    counts = np.zeros((len(SIMULATOR.columns), SIMULATOR.observation.days))
    row = {series: SIMULATOR.columns.index(("region", series)) for _, series in SIMULATOR.columns}
    counts[row["imported_confirmed_new"], 16] = new
    counts[row["imported_confirmed_cumulative"], 16] = new + before
    counts[row["imported_confirmed_cumulative"], 24] = new + before + after
    sums = SIMULATOR.sums(counts, SIMULATOR.observation.statistics)
    assert sorted(sums.tolist()) == sorted([new, before, after])
    return counts


def test_the_slope_of_a_quadratic_relation_is_exact():
    rng = np.random.default_rng(4)
    effects = rng.standard_normal((1 + 3 + 6, 2))
    emulator, scores = Emulator(effects, np.eye(2), np.ones(2)), rng.standard_normal(3)
    small = 1e-6 * np.eye(3)
    numeric = (emulator.mean(scores + small) - emulator.mean(scores - small)) / 2e-6
    np.testing.assert_allclose(emulator.slope(scores), numeric.T, atol=1e-6)
    np.testing.assert_allclose(GUIDE.emulator.slope(scores), SLOPES, atol=1e-12)


def test_a_correction_leads_to_where_the_emulator_expects_the_counts():
    counts, point = counts_of(20, 30, 50), Point(np.array([0.2, -0.1, 0.4]), 3)
    end = GUIDE.corrected(SIMULATOR, counts, point, 1.0)
    expected = np.exp(SLOPES @ (end.scores - point.scores)) * (
        SIMULATOR.sums(counts, SIMULATOR.observation.statistics) + 5
    )
    asked = np.array([statistic.low for statistic in SIMULATOR.observation.statistics]) + 5
    # The noise of reporting keeps a correction from going all the way.
    assert (np.abs(np.log(expected / asked)) < 0.25).all()
    half = GUIDE.corrected(SIMULATOR, counts, point, 0.5)
    np.testing.assert_allclose(half.scores - point.scores, (end.scores - point.scores) / 2)
    assert end.seed == point.seed
    exact = counts_of(12, 48, 70)
    assert GUIDE.corrected(SIMULATOR, exact, point, 1.0).scores == pytest.approx(point.scores)


def test_a_change_is_predicted_from_the_present_counts():
    """A small change: the kernel of the counts that grow as the emulator says."""
    counts, start = counts_of(12, 48, 60), Point(np.zeros(3), 1)
    end = Point(np.array([0.0, 0.05, 0.0]), 1)
    statistics = SIMULATOR.observation.statistics
    now = SIMULATOR.sums(counts, statistics)
    then = (now + 5) * np.exp(SLOPES @ end.scores) - 5
    kernels = [
        log_kernel_of(
            np.array([statistic.misses(of) for statistic, of in zip(statistics, sums, strict=True)])
        )
        for sums in (then, now)
    ]
    found = GUIDE.predicted_ratio(SIMULATOR, counts, start, end, 1.0)
    assert found == pytest.approx(kernels[0] - kernels[1], rel=0.05)
    widened = GUIDE.predicted_ratio(SIMULATOR, counts, start, end, 2.0)
    assert widened == pytest.approx(found / 4, rel=0.1)
    assert GUIDE.predicted_ratio(SIMULATOR, counts, start, start, 1.0) == 0


def test_a_large_change_is_predicted_with_less_certainty():
    counts, start = counts_of(12, 48, 70), Point(np.zeros(3), 1)
    far = GUIDE.predicted_ratio(SIMULATOR, counts, start, Point(np.array([0.0, 2.0, 0.0]), 1), 1.0)
    # Three counts that are off by what the emulator leaves open at most: (1 / 0.35)^2 / 2 each.
    assert 0 > far > -3 * 0.5 / 0.35**2


def test_new_random_numbers_are_for_blocks_of_one_mechanism_or_for_one_block_of_all():
    rng, old = np.random.default_rng(6), Point(np.zeros(2), 9, {(REDRAWN[0], 2): 77})
    sizes = Counter()
    for _ in range(400):
        new = other_numbers(rng, old)
        changed = {of: s for of, s in new.seed_overrides.items() if old.seed_overrides.get(of) != s}
        streams, blocks = {s for s, _ in changed}, {b for _, b in changed}
        assert len(set(changed.values())) == 1
        assert (new.seed, new.scores.tolist()) == (9, [0, 0])
        assert len(blocks) == 1 or len(streams) == 1
        assert streams == set(TOGETHER) or streams <= set(REDRAWN)
        sizes["all" if len(streams) > 1 else len(blocks)] += 1
    assert set(sizes) == {"all", 1, 2, 4, 8, BLOCKS}
    assert not INLAND & set(TOGETHER)


def test_mechanisms_that_are_left_out_do_not_draw_in_the_simulator():
    point = Point(np.zeros(3), 5)
    others = {(stream, block): 6 for stream in INLAND for block in range(BLOCKS)}
    assert (SIMULATOR.history(Point(point.scores, 5, others)) == SIMULATOR.history(point)).all()
    others = {(stream, block): 6 for stream in TOGETHER for block in range(BLOCKS)}
    assert (SIMULATOR.history(Point(point.scores, 5, others)) != SIMULATOR.history(point)).any()
