"""Numbers of outcomes in words: shares are not rounded to nothing or everything."""

import numpy as np
import pytest

from sim.experiment.outcome_registry import OUTCOMES
from sim.view.outcome_words import difference_words, value_words

SHARES = [outcome for outcome, of in OUTCOMES.items() if of.unit == "share"]


@pytest.mark.parametrize("outcome", SHARES)
def test_a_share_is_rounded_to_0_or_1_only_if_it_is(outcome):
    rng = np.random.default_rng(1)
    near = 10.0 ** rng.uniform(-5, 0, 200)
    for share in (*near, *(1 - near), 0.9949, 0.9951, 0.99999):
        assert 0 < float(value_words(outcome, share)) < 1
        assert float(value_words(outcome, share)) == pytest.approx(share, rel=0.06)
        assert difference_words(outcome, share) not in ("±0", "+1")
        assert 0 < float(difference_words(outcome, share)) < 1
    assert (value_words(outcome, 0.0), value_words(outcome, 1.0)) == ("0", "1")
    assert (difference_words(outcome, 0.0), difference_words(outcome, 1.0)) == ("±0", "+1")


@pytest.mark.parametrize(
    ("outcome", "value", "text"),
    [
        ("undetected_share", 0.4567, "0.46"),
        ("undetected_share", 0.997, "0.997"),
        ("undetected_share", 0.00012345, "0.00012"),
        ("infected_per_vehicle_mean", 0.997, "1"),
        ("infected_per_vehicle_mean", 1.25, "1.2"),
        ("tests", 12_345.0, "12,300"),
        ("cost_cny", 62_123_456.0, "62.1 million"),
        ("tests", 7.5, "8"),
        ("stranded_person_days", 7.54, "7.5"),
        ("cost_cny", 220_120_368.0, "220 million"),
        ("undetected_share", 7.3e-06, "0.0000073"),
    ],
)
def test_values_in_their_units(outcome, value, text):
    assert value_words(outcome, value) == text
