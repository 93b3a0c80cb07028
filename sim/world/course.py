"""The course of an infection in one person, and how infectious it makes that person."""

from functools import lru_cache

import numpy as np
from scipy import special

from sim.scenario.disease import Disease
from sim.scenario.distributions import Gamma, Weibull
from sim.world.draws import BoolArray, Draws, FloatArray, IntArray, Stream
from sim.world.population import NEVER, Population
from sim.world.quantiles import (
    Parameter,
    gamma_quantile,
    luck_of,
    quantile_of,
    settle,
    settled,
)

_NODES = 20_001


class Profile:
    """The density of infectiousness over time, cut to its window.

    Args:
        distribution: Gamma (He et al. 2020) or Weibull, in days.
        window: lower and upper quantile at which infectiousness begins and ends.
    """

    def __init__(self, distribution: Gamma | Weibull, window: tuple[float, float]) -> None:
        self._distribution = distribution
        self.begins, self.ends = self._quantile(window[0]), self._quantile(window[1])
        self.peak_density = self._peak_density()
        # Interpolated between 20,001 exact values (error below 1e-7): ten times as fast.
        first, last = self._quantile(0.0), self._quantile(1 - 1e-13)
        self._first, self._per_day = first, (_NODES - 1) / (last - first)
        self._shares = self._exact(np.linspace(first, last, _NODES))
        self._steps = np.append(np.diff(self._shares), 0.0)

    def cumulative(self, days: FloatArray) -> FloatArray:
        """Return the share of infectiousness before ``days``, uncut, shape as given."""
        at = np.minimum(np.maximum((days - self._first) * self._per_day, 0.0), _NODES - 1.0)
        node = at.astype(np.int64)
        share: FloatArray = self._shares[node] + (at - node) * self._steps[node]
        return share

    def _exact(self, days: FloatArray) -> FloatArray:
        match self._distribution:
            case Gamma(shape=shape, rate=rate, shift=shift):
                share = special.gammainc(shape, np.maximum(days - shift, 0.0) * rate)
            case Weibull(shape=shape, scale=scale):
                share = -np.expm1(-((np.maximum(days, 0.0) / scale) ** shape))
        return np.asarray(share, dtype=np.float64)

    def _quantile(self, share: float) -> float:
        match self._distribution:
            case Gamma(shape=shape, rate=rate, shift=shift):
                return float(special.gammaincinv(shape, share)) / rate + shift
            case Weibull(shape=shape, scale=scale):
                return scale * float(-np.log1p(-share)) ** (1 / shape) if share < 1 else NEVER

    def _peak_density(self) -> float:
        match self._distribution:
            case Gamma(shape=shape, rate=rate):
                mode = max(shape - 1, 1e-9)
                log_density = (shape - 1) * np.log(mode) - mode - special.gammaln(shape)
                density = rate * float(np.exp(log_density))
            case Weibull(shape=shape, scale=scale):
                z = max((shape - 1) / shape, 1e-9)
                density = shape / scale * z ** (1 - 1 / shape) * float(np.exp(-z))
        return density


@lru_cache(maxsize=32)
def _profile(distribution: Gamma | Weibull, window: tuple[float, float]) -> Profile:
    return Profile(distribution, window)


class Course:
    """Draws and applies the natural history of ``disease`` to a population."""

    def __init__(self, disease: Disease, draws: Draws) -> None:
        self._draws = draws
        self.disease = disease
        self._incubation = quantile_of(settled(disease.incubation, draws, Parameter.INCUBATION))
        severe = disease.onset_to_severe
        self._onset_to_severe = (
            None
            if severe is None
            else quantile_of(settled(severe, draws, Parameter.ONSET_TO_SEVERE))
        )
        self.asymptomatic_share = settle(
            disease.asymptomatic_share, luck_of(draws, Parameter.ASYMPTOMATIC_SHARE)
        )
        relative = settle(
            disease.asymptomatic_infectiousness,
            luck_of(draws, Parameter.ASYMPTOMATIC_INFECTIOUSNESS),
        )
        # A normal error may lead below nought.
        self._asymptomatic_infectiousness = max(0.0, relative)
        infectiousness = disease.infectiousness
        self.profile = _profile(infectiousness.profile, infectiousness.window)
        self._since_onset = infectiousness.since == "onset"

    def draw(self, people: Population, rows: slice) -> None:
        """Give the people in ``rows`` the course that an infection would take in them."""
        draws, keys = self._draws, people.key[rows]
        people.threshold[rows] = -np.log(draws.uniform(Stream.INFECTION_THRESHOLD, keys))
        people.incubation[rows] = self._incubation(draws.uniform(Stream.INCUBATION, keys))
        asymptomatic = draws.uniform(Stream.ASYMPTOMATIC, keys) < self.asymptomatic_share
        people.asymptomatic[rows] = asymptomatic
        if self._onset_to_severe is not None:
            u = draws.uniform(Stream.ONSET_TO_SEVERE, keys)
            people.onset_to_severe[rows] = self._onset_to_severe(u)
        if (k := self.disease.offspring_dispersion) is not None:
            u = draws.uniform(Stream.INFECTIVITY, keys)
            people.infectivity[rows] = gamma_quantile(k, u) / k
        people.infectivity[rows] *= np.where(asymptomatic, self._asymptomatic_infectiousness, 1.0)

    def begin(self, people: Population, rows: IntArray, times: FloatArray) -> None:
        """Start the infection of ``rows`` at ``times``."""
        ends_incubation = times + people.incubation[rows]
        zero = ends_incubation if self._since_onset else times
        people.infected_at[rows] = times
        people.onset_at[rows] = np.where(people.asymptomatic[rows], NEVER, ends_incubation)
        people.severe_at[rows] = ends_incubation + people.onset_to_severe[rows]
        people.infectious_from[rows] = np.maximum(times, zero + self.profile.begins)
        people.infectious_until[rows] = np.maximum(times, zero + self.profile.ends)

    def infectious_share(
        self, people: Population, rows: IntArray, since: FloatArray, until: FloatArray
    ) -> FloatArray:
        """Return how much of each person's infectiousness falls between two times.

        As a share of the whole uncut profile, shape (n,); infectivity is not included.
        """
        begins = np.maximum(since, people.infectious_from[rows])
        ends = np.maximum(np.minimum(until, people.infectious_until[rows]), begins)
        return self._share_between(people, rows, begins, ends)

    def _share_between(
        self, people: Population, rows: IntArray, begins: FloatArray, ends: FloatArray
    ) -> FloatArray:
        zero = people.infected_at[rows]
        if self._since_onset:
            zero = zero + people.incubation[rows]
        days = np.concatenate([ends, begins])
        days.reshape(2, -1)[:] -= zero
        shares = self.profile.cumulative(days)
        return shares[: len(rows)] - shares[len(rows) :]

    def infectious_days(
        self, people: Population, rows: IntArray, begins: FloatArray, ends: FloatArray
    ) -> FloatArray:
        """Return each person's infectiousness between two times as days at the average peak.

        Both times lie in the window in which the person is infectious.
        """
        share = self._share_between(people, rows, begins, ends)
        return people.infectivity[rows] * share / self.profile.peak_density

    def shows_symptoms(self, people: Population, rows: IntArray, times: FloatArray) -> BoolArray:
        """Return a mask over ``rows``: symptoms can be seen at ``times``."""
        onset = people.onset_at[rows]
        return (onset <= times) & (times < onset + self.disease.symptoms_last)
