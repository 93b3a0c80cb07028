"""Tests of arrivals in the community behind the border: after release, or without a quarantine.

Only those who have been let go take them: in quarantine there are other swabs, and those who
broke it are out of reach.
"""

from sim.engine.agenda import plan
from sim.engine.compiled import compiled
from sim.engine.draws import draw_once
from sim.engine.state import Due, World
from sim.world.draws import Stream


@compiled
def plan_arrival_tests(world: World, i: int, time: float) -> None:
    """Ask a person who comes in today for swabs on set days after entry; some take them."""
    run, today = world.run[0], world.days[world.run[0].day]
    if today.arrival_swabs == today.arrival_swabs_end:
        return
    u = draw_once(world, Stream.TAKES_ARRIVAL_TESTS, world.people[i])
    if u < run.arrival_tests_taken:
        for k in range(today.arrival_swabs, today.arrival_swabs_end):
            swab = world.swab_times[k]
            plan(world, Due.ARRIVAL_TEST, i, time + swab.days, swab.assay, 0)
