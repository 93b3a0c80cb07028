"""Keyed random draws: a uniform number is a pure function of its key.

The key is (seed, stream, unit, ordinal): the mechanism, the person or travel group, and the number
of the event of that mechanism in its life. No generator is shared, so a draw depends neither on the
order of events nor on the process, and two policies under one seed differ only through what the
policies change. The day is never in the key: a decision that is delayed draws the same number.

The mixing function is splitmix64 (Steele, Lea and Flood 2014, OOPSLA, doi 10.1145/2714064.2660195).
"""

import hashlib
from collections.abc import Mapping
from enum import IntEnum
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

UintArray = NDArray[np.uint64]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.signedinteger[Any]]
BoolArray = NDArray[np.bool_]

BLOCKS = 16
"""A seed can be replaced for one block of units: unit ``k`` is in block ``(k // 64) % 16``."""

MEMBERS = 64
"""Keys a group has for its members: person ``m`` of group ``g`` has the key ``64 * g + m``."""

_TOWN_BITS, _RESIDENT_BITS = 31, 31
"""A resident's key is a hash of the town's name, never 0, and its own number. There are at most
a billion residents; keys of travellers are smaller than those of any town."""

# Constants are arrays without dimensions: NumPy works with them twice as fast as with its scalars.
_GOLDEN = np.array(0x9E3779B97F4A7C15, dtype=np.uint64)
_MIX_1 = np.array(0xBF58476D1CE4E5B9, dtype=np.uint64)
_MIX_2 = np.array(0x94D049BB133111EB, dtype=np.uint64)
_ORDINAL = np.array(0xD1342543DE82EF95, dtype=np.uint64)
_ONE, _MEMBER_BITS, _BLOCK_BITS = (np.array(n, dtype=np.uint64) for n in (1, 6, BLOCKS - 1))
_BITS_11, _BITS_27, _BITS_30, _BITS_31 = (np.array(n, dtype=np.uint64) for n in (11, 27, 30, 31))
_MASK = (1 << 64) - 1


class Stream(IntEnum):
    """The mechanisms that draw. A number, once given, is never given to another mechanism."""

    SETTING_OUT = 1
    TRAVEL_GROUP_SIZE = 2
    TRAVEL_GROUP_FRAILTY = 3
    PORT_CHOICE = 4
    INFECTION_THRESHOLD = 5
    COHORT_TIMING = 6
    INCUBATION = 7
    ASYMPTOMATIC = 8
    INFECTIVITY = 9
    ONSET_TO_SEVERE = 10
    INFECTOR = 11
    EXIT_SCREENING = 12
    EXIT_TEST = 13
    CONNECTION = 14
    PATIENCE = 15
    DIVERT = 16
    ENTRY_SCREENING = 17
    SYMPTOMS_NOTICED = 18
    TEST = 19
    REVIEW = 20
    RELEASE_TEST = 21
    HOSPITAL_STAY = 22
    BREACH = 23
    MONITORING = 24
    PARAMETER = 25
    COMMUNITY_THRESHOLD = 26
    RESIDENT_SHUFFLE = 27
    COMMUNITY_INFECTOR = 28
    TESTED_IN_TOWN = 29
    TRACED = 30
    LAW_ABIDING = 31
    WORTH_OF_HOME = 32
    RISK_AVERSION = 33
    RESOLVE = 34
    PATROL = 35
    SENSOR = 36
    TURNED_BACK = 37
    INFORMANT_COST = 38
    INFORMANT_ACTS = 39
    INFORMANT_SUCCEEDS = 40
    FALSE_REPORTS = 41
    FINDINGS = 42
    RECOVERY = 43
    LATENCY = 44
    LEAD = 45
    INFECTIOUS_PERIOD = 46
    COHORT_INFECTED = 47
    AWARE = 48
    EXIT_QUESTIONNAIRE = 49
    ENTRY_QUESTIONNAIRE = 50
    KEEPS_QUARANTINE = 51
    SELF_ISOLATION = 52
    TAKES_ARRIVAL_TESTS = 53
    ILLNESS_ON_BOARD = 54
    SYMPTOMS_DIAGNOSED = 55
    DECISION_DELAY = 56


@cache
def name_key(name: str) -> int:
    """Return the 63-bit key of a place, port or stretch: a hash of its name (BLAKE2b, RFC 7693).

    So neither the order in which a file names them nor another entry changes a draw.
    """
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") >> 1


def town_key(name: str) -> int:
    """Return the key of the first resident of a town."""
    return (1 + name_key(name) % ((1 << _TOWN_BITS) - 1)) << _RESIDENT_BITS


def _mix(x: UintArray) -> UintArray:
    """Replace every element of ``x`` by its splitmix64 finaliser, and return ``x``."""
    x ^= x >> _BITS_30
    x *= _MIX_1
    x ^= x >> _BITS_27
    x *= _MIX_2
    x ^= x >> _BITS_31
    return x


class Draws:
    """All random numbers of one run.

    Args:
        seed: any whole number; only its lowest 64 bits count.
        seed_overrides: seeds that replace ``seed`` for one (stream, block) each.
    """

    def __init__(
        self, seed: int, seed_overrides: Mapping[tuple[Stream, int], int] | None = None
    ) -> None:
        seeds = np.full((max(Stream) + 1, BLOCKS), seed & _MASK, dtype=np.uint64)
        for (stream, block), other in (seed_overrides or {}).items():
            seeds[stream, block] = other & _MASK
        streams = np.arange(max(Stream) + 1, dtype=np.uint64)[:, None]
        self.seeds = _mix(_mix(seeds + _GOLDEN) + (streams + _ONE) * _GOLDEN)

    def uniform(self, stream: Stream, units: UintArray, ordinals: IntArray | int = 0) -> FloatArray:
        """Return a uniform number in (0, 1) for every unit.

        Args:
            stream: the mechanism that draws.
            units: keys of persons, travel groups or other units, shape (n,).
            ordinals: which event of this mechanism it is for the unit, shape (n,) or one number.

        Returns:
            Array of shape (n,); never exactly 0 or 1.
        """
        state = units * _GOLDEN
        state += self.seeds[stream][(units >> _MEMBER_BITS) & _BLOCK_BITS]
        if isinstance(ordinals, int):
            if ordinals:
                state += np.array(ordinals * int(_ORDINAL) & _MASK, dtype=np.uint64)
        else:
            state += ordinals.astype(np.uint64) * _ORDINAL
        _mix(state)
        state >>= _BITS_11
        numbers = state.astype(np.float64)
        numbers += 0.5
        numbers *= 2.0**-53
        return numbers
