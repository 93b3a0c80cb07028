"""Whether a stranded person dares to cross illegally: expected utility (Becker 1968).

Gary S. Becker, Crime and Punishment: An Economic Approach, Journal of Political Economy 76:169.
"""

import math

from sim.world.codes import NEVER
from sim.world.compiled import compiled, entry
from sim.world.draws import Stream
from sim.world.keyed_draw import draw, draw_once, travel_group_key
from sim.world.numbers import logistic, normal_quantile
from sim.world.state import World
from sim.world.state_of_people import Person
from sim.world.state_of_run import Run

_NEARLY_ONE = 1 - 1e-12


@entry
def draw_all_traits(world: World) -> None:
    """Draw the traits of everybody who sets out, unless they are known already."""
    for i in range(world.run[0].travellers):
        draw_traits(world, i)


@compiled
def draw_traits(world: World, i: int) -> None:
    """Draw what a stranded person's decisions depend on, unless that is known already."""
    run, person = world.run[0], world.people[i]
    if person.has_traits:
        return
    person.has_traits = True
    person.patience = -run.patience * math.log(draw_once(world, Stream.PATIENCE, person))
    # Travel groups divert together.
    u = draw(world, Stream.DIVERT, travel_group_key(person.travel_group), 0)
    person.diverts = u < run.divert_share
    if not run.has_border:
        return
    z = normal_quantile(draw_once(world, Stream.WORTH_OF_HOME, person))
    person.worth_of_home = math.exp(run.worth_spread * z)
    z = normal_quantile(draw_once(world, Stream.RISK_AVERSION, person))
    person.risk_aversion = math.exp(run.risk_spread * z)
    if draw_once(world, Stream.LAW_ABIDING, person) < run.law_abiding:
        person.resolve = NEVER
    else:
        person.resolve = -math.log(draw_once(world, Stream.RESOLVE, person))


@compiled
def keeps_to_the_law(person: Person) -> bool:
    """Tell whether a person, whose traits have been drawn, would never cross illegally."""
    return person.resolve == NEVER


@compiled
def chance_of_attempt(
    run: Run, person: Person, perceived: float, fine: float, days_lost: float
) -> float:
    """Return the probability that a stranded person tries to cross on this evening.

    Args:
        run: prices and tastes.
        person: whose traits have been drawn.
        perceived: perceived probability of being caught.
        fine: in CNY.
        days_lost: days of detention and quarantine when caught.

    Returns:
        It falls as ``perceived`` grows.
    """
    home = run.worth_of_home * person.worth_of_home
    loss = fine + run.daily_income * days_lost + run.shame
    crossing = (1 - perceived) * home - person.risk_aversion * perceived * loss
    crossing -= run.trip_cost
    waiting = run.reopening_chance * home - run.living_cost_per_day * run.expected_wait
    return run.readiness * logistic((crossing - waiting) / run.temperature)


@compiled
def add_urge(person: Person, chance: float) -> None:
    """Add an evening to a person's urge, so that it passes their resolve with ``chance``.

    One Exp(1) resolve for all evenings makes those who try under a lower chance a part of those
    who try under a higher one, run by run.
    """
    person.urge -= math.log1p(-min(chance, _NEARLY_ONE))
