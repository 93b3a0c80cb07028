"""A day in the world, in the order in which a traveller meets the institutions."""

from sim.engine.arrival_tests import take_arrival_tests
from sim.engine.border_guard import step_guard
from sim.engine.community import step_community, take_doctor_swabs
from sim.engine.compiled import compiled, entry
from sim.engine.contact_tracing import take_tracing_swabs
from sim.engine.health_authority import register_results, step_authority
from sim.engine.hospital_outbreak import step_outbreak
from sim.engine.laboratory import step_laboratory
from sim.engine.land_port import step_port
from sim.engine.quarantine import (
    settle_breaches,
    step_quarantine,
    take_quarantine_swabs,
)
from sim.engine.reward_office import step_rewards
from sim.engine.source_community import step_source
from sim.engine.staging_town import step_town
from sim.engine.state import Request, World


@entry
def live_day(world: World) -> int:
    """Live through one day, or as much of it as can be done without Python.

    Returns:
        A ``Request``: what the world needs from Python before it goes on with the same day.
    """
    run, towns = world.run[0], len(world.towns)
    if run.turn == 0 and run.used + run.entries_a_person * len(world.people) > len(world.entries):
        run.people_needed = 0
        return Request.ROOM
    if run.turn == 0:
        step_source(world)
        run.turn += 1
    while run.turn <= towns:
        request = step_town(world, run.turn - 1)
        if request != Request.NOTHING:
            return request
        run.turn += 1
    if run.turn == towns + 1:
        _behind_the_towns(world)
        run.turn += 1
    if run.turn == towns + 2:
        request = step_outbreak(world)
        if request != Request.NOTHING:
            return request
        run.turn += 1
    while run.turn < towns + 3 + len(world.communities):
        request = step_community(world, run.turn - towns - 3)
        if request != Request.NOTHING:
            return request
        run.turn += 1
    run.day, run.turn = run.day + 1, 0
    return Request.NOTHING


@compiled
def _behind_the_towns(world: World) -> None:
    """Let the institutions act that ask Python for nothing."""
    for port in range(len(world.ports)):
        step_port(world, port)
    for stretch in range(len(world.stretches)):
        step_guard(world, stretch)
    step_rewards(world)
    settle_breaches(world)
    register_results(world)
    take_quarantine_swabs(world)
    take_arrival_tests(world)
    take_tracing_swabs(world)
    for community in range(len(world.communities)):
        take_doctor_swabs(world, community)
    step_laboratory(world)
    register_results(world)
    step_authority(world)
    step_quarantine(world)
