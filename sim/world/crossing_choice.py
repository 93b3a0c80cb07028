"""Whether a stranded person dares to cross illegally: expected utility (Becker 1968).

Gary S. Becker, Crime and Punishment: An Economic Approach, Journal of Political Economy 76:169.
"""

import numpy as np
from scipy.special import expit, ndtri

from sim.scenario.border import Crossers
from sim.world.draws import Draws, FloatArray, IntArray, Stream
from sim.world.population import NEVER, Population

_NEARLY_ONE = 1 - 1e-12


def draw_traits(people: Population, crossers: Crossers, draws: Draws) -> None:
    """Give everybody who sets out what the decision to cross depends on."""
    keys = people.key
    people.worth_of_home[:] = np.exp(
        crossers.worth_spread * ndtri(draws.uniform(Stream.WORTH_OF_HOME, keys))
    )
    people.risk_aversion[:] = np.exp(
        crossers.risk_spread * ndtri(draws.uniform(Stream.RISK_AVERSION, keys))
    )
    people.resolve[:] = np.where(
        draws.uniform(Stream.LAW_ABIDING, keys) < crossers.law_abiding,
        NEVER,
        -np.log(draws.uniform(Stream.RESOLVE, keys)),
    )


def chance_of_attempt(
    people: Population,
    rows: IntArray,
    crossers: Crossers,
    perceived: float,
    fine: float,
    days_lost: float,
) -> FloatArray:
    """Return the probability that each stranded person tries to cross on this evening.

    Args:
        people: everybody.
        rows: the stranded, shape (n,).
        crossers: prices and tastes.
        perceived: perceived probability of being caught.
        fine: in CNY.
        days_lost: days of detention and quarantine when caught.

    Returns:
        Shape (n,); falls as ``perceived`` grows.
    """
    home = crossers.worth_of_home * people.worth_of_home[rows]
    loss = fine + crossers.daily_income * days_lost + crossers.shame
    crossing = (1 - perceived) * home - people.risk_aversion[rows] * perceived * loss
    crossing -= crossers.trip_cost
    waiting = crossers.reopening_chance * home
    waiting -= crossers.living_cost_per_day * crossers.expected_wait
    chance: FloatArray = expit((crossing - waiting) / crossers.temperature)
    return crossers.readiness * chance


def add_urge(people: Population, rows: IntArray, chance: FloatArray) -> None:
    """Add an evening to the urge of the stranded, so that it passes their resolve with ``chance``.

    One Exp(1) resolve for all evenings makes those who try under a lower chance a part of those
    who try under a higher one, run by run.
    """
    people.urge[rows] -= np.log1p(-np.minimum(chance, _NEARLY_ONE))
