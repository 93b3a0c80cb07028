"""Keyed random draws, one at a time: a uniform number is a pure function of its key.

See ``sim.world.draws`` for what a key is. The mixing function is splitmix64 (Steele, Lea and
Flood 2014, OOPSLA, doi 10.1145/2714064.2660195).
"""

import numpy as np

from sim.world.compiled import compiled
from sim.world.state import World
from sim.world.state_of_people import Person

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_ORDINAL = np.uint64(0xD1342543DE82EF95)
_MEMBERS = np.uint64(64)
_BLOCK, _LAST_BLOCK = np.uint64(6), np.uint64(15)
_11, _27, _30, _31 = np.uint64(11), np.uint64(27), np.uint64(30), np.uint64(31)


@compiled
def draw(world: World, stream: int, key: int, ordinal: int) -> float:
    """Return the uniform number in (0, 1) of a unit for the ``ordinal``-th event of a stream.

    Args:
        world: the world.
        stream: the mechanism that draws.
        key: of the person, travel_group or other unit.
        ordinal: 0 for the first event.
    """
    x = key * _GOLDEN + world.seeds[stream, (key >> _BLOCK) & _LAST_BLOCK]
    x += np.uint64(ordinal) * _ORDINAL
    x = (x ^ (x >> _30)) * _MIX_1
    x = (x ^ (x >> _27)) * _MIX_2
    x = (x ^ (x >> _31)) >> _11
    return (np.float64(x) + 0.5) * 2.0**-53


@compiled
def draw_once(world: World, stream: int, person: Person) -> float:
    """Return the uniform number of a person for what happens to them once."""
    return draw(world, stream, person.key, 0)


@compiled
def travel_group_key(travel_group: int) -> int:
    """Return the key of a travel group: that of its first member."""
    key: int = np.uint64(travel_group) * _MEMBERS  # type: ignore[assignment]
    return key
