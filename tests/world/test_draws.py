"""Keyed draws: uniform, independent, and a pure function of their key."""

from itertools import pairwise

import numpy as np
import pytest
from random_scenarios import a_world, person_key_arrays, scenario_of
from scipy import stats

from sim import BorderModel
from sim.world.draws import BLOCKS, Draws, Stream

PEOPLE = person_key_arrays(50_000)

KNOWN = [0.9500396357643919, 0.4323770762801304, 0.4894991702906601, 0.9161005444036201]
"""Draws of stream TEST for the first four people, third event, seed 1."""


def test_the_same_key_gives_the_same_number_on_every_machine():
    first = Draws(seed=1).uniform(Stream.TEST, PEOPLE[:4], 2)
    assert first.tolist() == KNOWN


@pytest.mark.parametrize("stream", [Stream.SETTING_OUT, Stream.INFECTION_THRESHOLD, Stream.TEST])
@pytest.mark.parametrize("seed", [0, 1, 2**63])
def test_draws_are_uniform(stream, seed):
    numbers = Draws(seed).uniform(stream, PEOPLE)
    assert numbers.min() > 0
    assert numbers.max() < 1
    assert stats.kstest(numbers, "uniform").pvalue > 1e-3
    members = Draws(seed).uniform(stream, np.arange(50_000, dtype=np.uint64))
    assert stats.kstest(members, "uniform").pvalue > 1e-3
    lowest_bits = (numbers * 2**40).astype(np.int64) & 255
    assert stats.chisquare(np.bincount(lowest_bits, minlength=256)).pvalue > 1e-3


def assert_independent(*columns):
    assert_uncorrelated = np.corrcoef(columns) - np.eye(len(columns))
    assert np.abs(assert_uncorrelated).max() < 5 / np.sqrt(len(columns[0]))
    for one, other in pairwise(columns):
        cells = np.histogram2d(one, other, bins=16, range=[[0, 1], [0, 1]])[0]
        assert stats.chisquare(cells.ravel()).pvalue > 1e-4


def test_streams_are_independent():
    draws = Draws(7)
    assert_independent(*(draws.uniform(stream, PEOPLE) for stream in Stream))


def test_neighbouring_people_are_independent():
    numbers = Draws(7).uniform(Stream.TEST, PEOPLE)
    assert_independent(numbers[:-3], numbers[1:-2], numbers[2:-1], numbers[3:])
    members = Draws(7).uniform(Stream.TEST, np.arange(50_000, dtype=np.uint64))
    assert_independent(members[:-1], members[1:])


def test_successive_events_of_a_person_are_independent():
    draws = Draws(7)
    assert_independent(*(draws.uniform(Stream.TEST, PEOPLE, event) for event in range(6)))


def test_neighbouring_seeds_are_independent():
    assert_independent(*(Draws(seed).uniform(Stream.TEST, PEOPLE) for seed in range(6)))


def test_an_ordinal_each_is_the_same_as_one_for_all():
    draws = Draws(3)
    each = draws.uniform(Stream.TEST, PEOPLE[:9], np.full(9, 4))
    assert each.tolist() == draws.uniform(Stream.TEST, PEOPLE[:9], 4).tolist()


def test_a_draw_does_not_depend_on_who_else_draws():
    draws = Draws(3)
    everybody = draws.uniform(Stream.TEST, PEOPLE)
    shuffled = np.random.default_rng(1).permutation(len(PEOPLE))
    np.testing.assert_array_equal(draws.uniform(Stream.TEST, PEOPLE[shuffled]), everybody[shuffled])


def test_a_seed_override_of_a_block_changes_that_block_of_that_stream_only():
    plain, fresh = Draws(3), Draws(3, {(Stream.TEST, 5): 99})
    changed = plain.uniform(Stream.TEST, PEOPLE) != fresh.uniform(Stream.TEST, PEOPLE)
    in_block = (PEOPLE >> np.uint64(6)) % np.uint64(BLOCKS) == 5
    np.testing.assert_array_equal(changed, in_block)
    np.testing.assert_array_equal(
        plain.uniform(Stream.REVIEW, PEOPLE), fresh.uniform(Stream.REVIEW, PEOPLE)
    )


def test_an_overriding_seed_is_the_seed_itself():
    every_block = {(Stream.TEST, block): 42 for block in range(BLOCKS)}
    np.testing.assert_array_equal(
        Draws(3, every_block).uniform(Stream.TEST, PEOPLE), Draws(42).uniform(Stream.TEST, PEOPLE)
    )


def test_a_world_in_which_all_luck_is_replaced_is_that_of_the_other_seed():
    scenario = scenario_of(a_world())
    every = {(stream, block): 8 for stream in Stream for block in range(BLOCKS)}
    replaced, other = BorderModel(scenario, 1, every).people, BorderModel(scenario, 8).people
    for column in ("set_out_at", "threshold", "incubation", "asymptomatic", "patience", "port"):
        np.testing.assert_array_equal(getattr(replaced, column), getattr(other, column))
