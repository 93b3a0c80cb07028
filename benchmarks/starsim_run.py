"""Starsim with the same outbreak as bordersim: its agents, its random network, its transmission.

The disease is a module of a few lines, because none of those that come with Starsim has
infectiousness that varies with the time since infection.
"""

from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import numpy as np
from scipy import stats

from benchmarks.town_outbreak import TOWN, GenerationTime, Outbreak, Setting
from sim.scenario.schema import Scenario
from sim.world.draws import FloatArray, IntArray

CONTACTS = 4.0
"""Mean number of contacts that an agent has in a step, redrawn in every step."""

_SEEDS = 2**31


def starsim_version() -> str | None:
    """Return the version of Starsim, None if it is not installed."""
    return version("starsim") if find_spec("starsim") else None


def run_starsim(
    scenario: Scenario,
    setting: Setting,
    seed: int,
    step: float,
    contacts: float = CONTACTS,
    *,
    evener: bool = False,
) -> Outbreak:
    """Run Starsim until nobody is infectious.

    Args:
        scenario: the town and the disease.
        setting: how much of it there is.
        seed: of Starsim's random numbers.
        step: length of a time step in days; a day is a whole number of them.
        contacts: mean number of contacts in a step.
        evener: let them vary less than at random, as ``ss.poisson`` in a ``RandomNet`` does.
    """
    import starsim as ss

    # Faster random numbers, which do not line up between scenarios: no scenarios are compared.
    ss.options(crn=False)
    infection = _disease()(
        chances=shares_by_age(GenerationTime(scenario), step) * setting.reproduction / contacts,
        dispersion=setting.dispersion,
        rng=np.random.default_rng(seed),
        init_prev=ss.choose_n(setting.seeds),
    )
    simulation = ss.Sim(
        n_agents=scenario.residents[TOWN].people,
        diseases=infection,
        networks=ss.RandomNet(
            n_contacts=ss.poisson(contacts) if evener else random_contacts(contacts),
            uniform_targets=True,
            dur=0,
        ),
        start=ss.days(0),
        dur=ss.days(scenario.calendar.days),
        dt=ss.days(step),
        rand_seed=seed % _SEEDS,
        verbose=0,
    )
    simulation.init()
    disease = simulation.diseases[0]  # Starsim works on a copy
    while disease.infected.raw.any() and simulation.ti < scenario.calendar.days / step:
        simulation.run_one_step()
    by_step = np.array(disease.results.new_infections, dtype=np.int64)
    by_step[0] += setting.seeds
    simulation.shrink(size_limit=None)  # otherwise nothing of it would ever be freed
    daily = daily_counts(by_step, round(1 / step), np.random.default_rng((seed, 1)))
    return Outbreak(int(daily.sum()), int(daily.argmax()))


def random_contacts(mean: float) -> Any:
    """Return the distribution of contacts where everybody meets anybody at random: Poisson.

    Starsim lets an agent begin half of the drawn number of contacts; others begin the other half.
    Twice a Poisson number is drawn, so that the half is one: half of a Poisson number varies less.
    """
    import starsim as ss

    begun = np.arange(int(mean / 2 + 10 * mean**0.5) + 1)
    chance = stats.poisson.pmf(begun, mean / 2)
    return ss.choice(a=2 * begun, p=chance / chance.sum())


def shares_by_age(generation: GenerationTime, step: float) -> FloatArray:
    """Return the share of infectiousness for every age of an infection in steps.

    An age stands for the times that are rounded to it, so that the mean generation time is kept;
    what would be rounded to zero goes to the first step. Shape (ages,).
    """
    ages = np.arange(int(generation.longest / step) + 2)
    shares = np.diff(generation.cumulative((ages + 0.5) * step), prepend=0.0)
    shares[1] += shares[0]
    shares[0] = 0.0
    return shares


def daily_counts(by_step: IntArray, steps_a_day: int, rng: np.random.Generator) -> IntArray:
    """Return infections by day, shape (days,).

    A step stands for the half steps before and after it: what happens in the step at midnight
    belongs to either day with the same probability.

    Args:
        by_step: infections by step, shape (steps,); those of the first are on the first day.
        steps_a_day: number of steps.
        rng: decides at midnight.
    """
    days = -(-len(by_step) // steps_a_day)
    padded = np.zeros(days * steps_a_day, dtype=np.int64)
    padded[: len(by_step)] = by_step
    midnights = padded[steps_a_day::steps_a_day]
    daily: IntArray = padded.reshape(days, steps_a_day).sum(axis=1)
    earlier = rng.binomial(midnights, 0.5)
    daily[:-1] += earlier
    daily[1:] -= earlier
    return daily


@cache
def _disease() -> Any:
    """Return the class of the disease; made late, so that Starsim is needed only to run it."""
    import starsim as ss

    class Disease(ss.Infection):  # type: ignore[misc]
        """An infection whose transmissibility follows the time since it began."""

        def __init__(
            self,
            chances: FloatArray,
            dispersion: float | None,
            rng: np.random.Generator,
            **parameters: Any,
        ) -> None:
            super().__init__()
            self.define_pars(beta=1.0, init_prev=None)
            self.update_pars(**parameters)
            self._chances = chances
            self._dispersion = dispersion
            self._rng = rng
            self._factor: FloatArray = np.ones(0)

        def set_prognoses(self, uids: Any, sources: Any = None) -> None:
            """Infect agents now."""
            super().set_prognoses(uids, sources)
            if len(self._factor) == 0:
                self._factor = self._factors(len(self.infected.raw))
            self.infected[uids] = True
            self.ti_infected[uids] = self.ti

        def step_state(self) -> None:
            """Let every infection grow older, and end those that are over."""
            infected = self.infected.raw.nonzero()[0]
            ages = self.ti - self.ti_infected.raw[infected].astype(np.int64)
            going_on = ages < len(self._chances)
            self.infected.raw[infected[~going_on]] = False
            infected, ages = infected[going_on], ages[going_on]
            self.rel_trans.raw[infected] = self._chances[ages] * self._factor[infected]

        def _factors(self, agents: int) -> FloatArray:
            if self._dispersion is None:
                return np.ones(agents)
            factors: FloatArray = self._rng.gamma(self._dispersion, 1 / self._dispersion, agents)
            return factors

    return Disease
