"""The same outbreak from theory: simulated contact by contact, and its exact laws."""

import heapq

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from benchmarks.town_outbreak import GenerationTime, Outbreak, Setting
from sim.world.draws import FloatArray

_NEVER = 1e-16
"""Probabilities below it are left out."""


def run_reference(generation: GenerationTime, people: int, setting: Setting, seed: int) -> Outbreak:
    """Simulate an outbreak in continuous time, contact by contact, without any time step.

    Everybody infected makes a Poisson number of contacts, at times drawn from the generation time,
    each with someone drawn from the whole town; anyone who is susceptible is infected.

    Args:
        generation: when contacts that would infect are made.
        people: residents of the town.
        setting: how many contacts and seeds.
        seed: of the random numbers.
    """
    rng = np.random.default_rng(seed)
    k = setting.dispersion
    factors = np.ones(people) if k is None else rng.gamma(k, 1 / k, people)
    counts = rng.poisson(setting.reproduction * factors)
    # Drawn beforehand for as many as there may be infected: the n-th of them has the n-th count.
    delays = np.split(generation.drawn(rng, int(counts.sum())), counts.cumsum()[:-1])
    met = rng.integers(people, size=int(counts.sum())).tolist()
    infected = np.arange(people) < setting.seeds
    times = [0.0] * setting.seeds
    contacts = np.concatenate(delays[: setting.seeds]).tolist()
    heapq.heapify(contacts)
    while contacts:
        at, who = heapq.heappop(contacts), met.pop()
        if infected[who]:
            continue
        infected[who] = True
        for delay in delays[len(times)].tolist():
            heapq.heappush(contacts, at + delay)
        times.append(at)
    return Outbreak.at(np.array(times))


def size_law(people: int, setting: Setting) -> FloatArray:
    """Return the exact distribution of the final size, where all are alike, shape (people + 1,).

    The final size does not depend on when contacts happen. So let the infected have theirs one
    after the other: each susceptible escapes each of them with probability exp(-R / N). The
    outbreak is over when as many have had theirs as there are infected (Ludwig 1975, Mathematical
    Biosciences 23:33).
    """
    assert setting.dispersion is None
    risk = -np.expm1(-setting.reproduction / people)
    law = np.zeros(people + 1)
    # Probability of each number of susceptible, ``low`` the least of them, outbreak still going.
    low, going_on = people - setting.seeds, np.ones(1)
    most = int(stats.binom.isf(_NEVER, people, risk)) + 1
    for number in range(1, people + 1):
        susceptible = low + np.arange(len(going_on))
        later = np.zeros(len(going_on) + most)
        chance = going_on * (1 - risk) ** susceptible
        for victims in range(most + 1):
            later[most - victims : len(later) - victims] += chance
            chance = chance * (susceptible - victims) / (victims + 1) * risk / (1 - risk)
        low, going_on = low - most, later
        over = people - number - low
        if over < len(going_on):
            law[number] = going_on[over]
            going_on = going_on[:over]
        likely = (going_on > _NEVER).nonzero()[0]
        if not len(likely):
            break
        low, going_on = low + int(likely[0]), going_on[likely[0] : likely[-1] + 1]
    return law


def extinction(setting: Setting) -> float:
    """Return the probability that an outbreak stays small in a town without bounds."""
    r, k = setting.reproduction, setting.dispersion

    def generating(q: float) -> float:
        if k is None:
            return float(np.exp(r * (q - 1)))
        return float((1 + r * (1 - q) / k) ** -k)

    line = brentq(lambda q: generating(q) - q, 0.0, 1 - 1e-9)
    return float(line**setting.seeds)


def final_share(people: int, setting: Setting) -> float:
    """Return the share ever infected in a large outbreak (Kermack and McKendrick 1927)."""
    susceptible = 1 - setting.seeds / people
    return float(
        brentq(lambda z: z - 1 + susceptible * np.exp(-setting.reproduction * z), 1e-3, 1 - 1e-12)
    )
