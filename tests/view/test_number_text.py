"""Numbers as figures write them."""

import pytest

from sim.view.labels import short


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.5, "0.5"),  # a tick at one half is not a second zero
        (-2.5, "\N{MINUS SIGN}2.5"),
        (3.0000000000001, "3"),
        (0.1 + 0.2, "0.3"),
        (250, "250"),
        (12_500, "12.5k"),
    ],
)
def test_ticks_are_not_rounded_to_whole_numbers(value, text):
    assert short(value) == text
