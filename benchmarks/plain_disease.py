"""The disease of a scenario, one person at a time, for the plain Mesa model."""

import math
from random import Random

from scipy import special

from sim.scenario.disease import LogisticPcr
from sim.scenario.distributions import Gamma, LogNormal
from sim.scenario.schema import Scenario


class PlainDisease:
    """Natural history and tests, with the parameters of the scenario.

    Args:
        scenario: its incubation must be lognormal, its infectiousness a Gamma since onset, its
            PCR curve logistic, and every parameter a number, as in the shipped baseline.

    Raises:
        TypeError: the scenario's disease is of another kind.
    """

    def __init__(self, scenario: Scenario) -> None:
        disease, laboratory = scenario.disease, scenario.laboratory
        incubation, profile = disease.incubation, disease.infectiousness.profile
        if not isinstance(incubation, LogNormal) or not isinstance(profile, Gamma):
            raise TypeError("the plain model knows lognormal incubation and Gamma infectiousness")
        if not isinstance(laboratory.sensitivity, LogisticPcr):
            raise TypeError("the plain model knows the logistic PCR curve only")
        self._mu, self._sigma = _number(incubation.mu), _number(incubation.sigma)
        self._profile = profile
        low, high = disease.infectiousness.window
        self._begins = float(special.gammaincinv(profile.shape, low)) / profile.rate + profile.shift
        self._ends = float(special.gammaincinv(profile.shape, high)) / profile.rate + profile.shift
        self._log_peak = self._log_density((profile.shape - 1) / profile.rate)
        self._pcr = laboratory.sensitivity
        self._asymptomatic_pcr = laboratory.asymptomatic_factor
        self.asymptomatic_share = _number(disease.asymptomatic_share)
        self._asymptomatic_infectiousness = _number(disease.asymptomatic_infectiousness)
        self._dispersion = disease.offspring_dispersion
        self.symptoms_last = disease.symptoms_last

    def incubation(self, random: Random) -> float:
        """Draw the days from infection to onset."""
        return random.lognormvariate(self._mu, self._sigma)

    def infectivity(self, random: Random, *, asymptomatic: bool) -> float:
        """Draw the factor on a person's infectiousness, mean 1 for those with symptoms."""
        k = self._dispersion
        factor = 1.0 if k is None else random.gammavariate(k, 1 / k)
        return factor * (self._asymptomatic_infectiousness if asymptomatic else 1.0)

    def infectiousness(self, days_since_onset: float) -> float:
        """Return infectiousness on one day as a share of its peak."""
        if not self._begins < days_since_onset < self._ends:
            return 0.0
        since_zero = days_since_onset - self._profile.shift
        return math.exp(self._log_density(since_zero) - self._log_peak)

    def sensitivity(self, days_since_infection: float, *, asymptomatic: bool) -> float:
        """Return the probability that a swab of an infected person turns out positive."""
        if days_since_infection < 0:
            return 0.0
        curve = self._pcr
        x = days_since_infection - curve.c
        logit = curve.b1 + curve.b2 * x + (curve.b2 * curve.b3 * x if x > 0 else 0.0)
        return (self._asymptomatic_pcr if asymptomatic else 1.0) / (1 + math.exp(-logit))

    def _log_density(self, days: float) -> float:
        """Return the logarithm of the Gamma density, up to a constant."""
        return (self._profile.shape - 1) * math.log(days) - self._profile.rate * days


def _number(value: object) -> float:
    if not isinstance(value, float):
        raise TypeError("the plain model does not draw uncertain parameters")
    return value
