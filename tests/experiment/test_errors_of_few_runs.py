"""What stands behind ±: it covers the truth as often as it says, or it is not printed."""

import numpy as np
import pytest

from sim.experiment.half_width import FEWEST, half_width
from sim.experiment.paired_statistics import PairedStatistics
from sim.experiment.published import Reproduced
from sim.scenario.published import PublishedValue
from sim.view.published import cells

REPEATS = 4000
VALUE = PublishedValue(what="a share", outcome="undetected_share", value=11.7, tolerance=0.5)


def shares(rng, runs):
    """Return shares in percent of runs: binomial inside a run, and some spread between runs."""
    mean = rng.beta(0.1165 * 400, 0.8835 * 400, runs)
    return 100 * rng.binomial(2000, mean) / 2000


@pytest.mark.parametrize("runs", [FEWEST, 8, 30])
def test_intervals_of_a_mean_share_cover_the_truth_as_often_as_they_say(runs):
    rng = np.random.default_rng(runs)
    rows = [Reproduced(VALUE, shares(rng, runs)) for _ in range(REPEATS)]
    inside = [abs(row.number - 11.65) <= row.half_width_95 for row in rows]
    error = 4 * np.sqrt(0.95 * 0.05 / REPEATS)
    assert np.mean(inside) == pytest.approx(0.95, abs=error)
    # One standard error covers about two thirds.
    near = np.mean([abs(row.number - 11.65) <= row.error for row in rows])
    assert 0.6 < near < 0.7
    assert "±" in cells(rows[0])[1]


@pytest.mark.parametrize("runs", range(1, FEWEST))
def test_few_runs_have_no_error(runs):
    """Two to four runs may agree by chance: 12.13 and 12.19, for a true 11.65."""
    row = Reproduced(VALUE, np.linspace(12.13, 12.19, runs))
    assert np.isnan(row.error)
    assert "±" not in cells(row)[1]
    for values in (np.arange(runs) * 1.0, np.full(runs, 3.0)):
        assert half_width(values) == np.inf
        assert PairedStatistics.of(values, np.zeros(runs)).mean_half_width_95 == np.inf


def test_a_number_is_of_the_runs_that_have_a_value():
    row = Reproduced(VALUE, np.array([11.0, np.nan, 12.0, 13.0, 12.0, 12.0]))
    assert row.number == 12
    assert row.error == pytest.approx(np.sqrt(0.5 / 5))
    assert cells(row)[1].startswith("12.0 (in 5 of 6 runs) ± 0.3")
    nobody = Reproduced(VALUE, np.full(6, np.nan))
    assert cells(nobody) == ("11.7", "no value", "")
    assert not nobody.agrees
