"""How people leave the quarantine: released, in breach of it, or to be isolated."""

from sim.world.codes import NEVER, Stage
from sim.world.community import enter_community
from sim.world.compiled import compiled
from sim.world.contagion import is_susceptible
from sim.world.event_counts import count
from sim.world.state import World
from sim.world.surveillance import Flow


@compiled
def is_reachable(world: World, i: int, time: float) -> bool:
    """Tell whether a person is in quarantine today, and not gone before ``time``."""
    person = world.people[i]
    return person.stage == Stage.IN_QUARANTINE and time < person.released_at


@compiled
def hand_over(world: World, i: int, time: float) -> None:
    """Free the bed of a person who leaves at ``time``; their stage is for the caller to set."""
    site = world.sites[world.people[i].site]
    site.occupied -= 1
    count(world, Flow.QUARANTINE_OUT, site.location, time)
    if site.is_home:
        count(world, Flow.HOME_OUT, site.location, time)


@compiled
def let_go(world: World, i: int, stage: int) -> None:
    """Let a person leave at ``released_at``, and live in the community from then on."""
    person = world.people[i]
    time = person.released_at
    hand_over(world, i, time)
    person.stage = stage
    person.in_community_from = time
    if is_susceptible(person):
        return
    enter_community(world, i)
    if person.infected_at <= time and time < person.infectious_until:
        count(world, Flow.RELEASED_INFECTIOUS, person.location, time)


@compiled
def let_go_by(world: World, i: int, time: float) -> None:
    """Let a person go if the stay ends today by ``time``, with no result to come."""
    person = world.people[i]
    leaves = max(person.planned_release, person.last_result_at)
    if person.stage != Stage.IN_QUARANTINE or person.released_at < NEVER:
        return
    if person.results_awaited == 0 and leaves <= time:
        person.released_at = leaves
        let_go(world, i, Stage.RELEASED)
