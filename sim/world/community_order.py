"""The residents in the order in which the community's hazard infects them.

With N Exp(1) thresholds the n-th smallest is ``sum_{j<=n} E_j / (N - j)`` (Renyi 1953).
"""

import math

from sim.world.codes import NEVER
from sim.world.compiled import compiled
from sim.world.draws import Stream
from sim.world.households import resident_key
from sim.world.keyed_draw import draw
from sim.world.state import World
from sim.world.state_of_institutions import Community


@compiled
def leave_out_last(community: Community, count: int) -> None:
    """Take the last ``count`` residents out, before anybody's turn has come.

    The others have independent thresholds, as if there had never been more of them.
    """
    community.in_order -= count


@compiled
def threshold_of_next(world: World, community: Community) -> float:
    """Return the threshold of the resident who is next, or never where there is none."""
    if community.next_threshold < 0:
        community.next_threshold = threshold_after(world, community, 0, 0.0)
    return community.next_threshold


@compiled
def threshold_after(world: World, community: Community, rank: int, last: float) -> float:
    """Return the threshold of the resident of a rank, or never where there is none.

    Args:
        world: the world.
        community: whose residents.
        rank: from 0 on.
        last: threshold of the one before.
    """
    if rank >= community.in_order:
        return NEVER
    u = draw(world, Stream.COMMUNITY_THRESHOLD, resident_key(community, rank), 0)
    return last - math.log(u) / (community.in_order - rank)
