"""Who sets out and when: the travel groups of the pool leave one after the other.

Demand by a table is exact: group ``n`` leaves when the people before it and a share of its own,
drawn once, are as many as the table has sent by then.

Demand that grows is a hazard for everybody who is still in the pool. With Exp(1) thresholds for N
groups, the n-th smallest threshold is ``sum_{j<n} E_j / (N - j)`` with independent Exp(1)
spacings (Renyi 1953, Acta Mathematica Hungarica 4:191).

Only those who leave are ever made: a pool of 100,000 and one of 10 million cost the same. The same
people leave in the same order under every policy.
"""

import math

from sim.world.compiled import compiled, entry
from sim.world.draws import Stream
from sim.world.keyed_draw import draw, travel_group_key
from sim.world.numbers import count_up_to
from sim.world.port_choice import choose_port
from sim.world.state import Floats, Ints, World

NO_ROOM = -1
"""There are more groups than the arrays have room for."""


@entry
def leave_by_hazard(
    world: World, groups: int, hazard: Floats, shares: Floats, times: Floats, sizes: Ints,
    ports: Ints,
) -> int:  # fmt: skip
    """Let groups leave when the hazard of setting out has passed their thresholds.

    Args:
        world: the world, without people.
        groups: in the pool.
        hazard: cumulative hazard at the beginning of each day and at the end, shape (days + 1,).
        shares: of groups that have at most 1, 2, ... people.
        times: filled with when each group sets out, ascending.
        sizes: filled with the number of people in each.
        ports: filled with the port that each aims at.

    Returns:
        How many groups leave, or ``NO_ROOM``.
    """
    threshold, day = 0.0, 0
    for group in range(groups):
        u = draw(world, Stream.SETTING_OUT, travel_group_key(group), 0)
        threshold += -math.log(u) / (groups - group)
        if not threshold < hazard[len(hazard) - 1]:
            return group
        if group == len(times):
            return NO_ROOM
        # Where the hazard is flat (nobody sets out) time jumps to the end of the pause.
        while hazard[day + 1] <= threshold:
            day += 1
        times[group] = (threshold - hazard[day]) / (hazard[day + 1] - hazard[day]) + day
        _make_group(world, group, shares, sizes, ports)
    return groups


@entry
def leave_by_table(
    world: World, so_far: Floats, shares: Floats, times: Floats, sizes: Ints, ports: Ints
) -> int:
    """Let groups leave so that as many people have left as a table says.

    Args:
        world: the world, without people.
        so_far: people who have left at the beginning of each day and at the end.
        shares: see ``leave_by_hazard``, as are the others.
        times: filled in.
        sizes: filled in.
        ports: filled in.

    Returns:
        How many groups leave, or ``NO_ROOM``.
    """
    people, day, group, all_people = 0, 0, 0, so_far[len(so_far) - 1]
    while True:
        if group == len(times):
            return NO_ROOM
        _make_group(world, group, shares, sizes, ports)
        people += sizes[group]
        share = draw(world, Stream.SETTING_OUT, travel_group_key(group), 0)
        moment = people - share * sizes[group]
        if not moment < all_people:
            return group
        while so_far[day + 1] <= moment:
            day += 1
        times[group] = (moment - so_far[day]) / (so_far[day + 1] - so_far[day]) + day
        group += 1


@entry
def aim_at_ports(world: World, ports: Ints) -> None:
    """Fill in the port that each group aims at."""
    for group in range(len(ports)):
        ports[group] = choose_port(world, travel_group_key(group))


@compiled
def _make_group(world: World, group: int, shares: Floats, sizes: Ints, ports: Ints) -> None:
    """Draw the size of a group (one plus a Poisson number), and the port that it aims at."""
    u = draw(world, Stream.TRAVEL_GROUP_SIZE, travel_group_key(group), 0)
    sizes[group] = 1 + _count_below(u, shares)
    ports[group] = choose_port(world, travel_group_key(group))


@compiled
def _count_below(u: float, shares: Floats) -> int:
    """Return how many of ascending shares are below ``u``."""
    count = count_up_to(u, shares, 0, len(shares))
    while count > 0 and shares[count - 1] == u:
        count -= 1
    return count
