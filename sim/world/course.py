"""The course of an infection in one person, and how infectious it makes that person."""

import numpy as np

from sim.scenario.disease import Disease
from sim.world.draws import BoolArray, Draws, FloatArray, IntArray, Stream
from sim.world.infectiousness import profile_of
from sim.world.population import NEVER, Population
from sim.world.quantiles import (
    Parameter,
    Quantile,
    always,
    gamma_quantile,
    luck_of,
    quantile_of,
    settle,
    settled,
)


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
        self.profile = profile_of(disease.infectiousness, draws)
        self._since_onset = disease.infectiousness.since == "onset"
        self._illness, self._asymptomatic_illness = _illnesses(disease, draws)

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
        people.symptoms_end_at[rows] = ends_incubation + self.illness(people, rows)
        begins, ends = self.profile.window(self._draws, people.key[rows], people.asymptomatic[rows])
        people.infectious_from[rows] = np.maximum(times, zero + begins)
        people.infectious_until[rows] = np.maximum(times, zero + ends)

    def illness(self, people: Population, rows: IntArray) -> FloatArray:
        """Return the days from the end of incubation to recovery of each person, shape (n,)."""
        u = self._draws.uniform(Stream.RECOVERY, people.key[rows])
        lasts = self._illness(u)
        if self._asymptomatic_illness is not self._illness:
            lasts = np.where(people.asymptomatic[rows], self._asymptomatic_illness(u), lasts)
        return lasts

    def infectious_share(
        self, people: Population, rows: IntArray, since: FloatArray, until: FloatArray
    ) -> FloatArray:
        """Return how much of each person's infectiousness falls between two times.

        As a share of the whole uncut profile (constant infectiousness: of that of a person with
        its mean duration), shape (n,); infectivity is not included.
        """
        ends = np.minimum(until, people.infectious_until[rows])
        begins = np.minimum(np.maximum(since, people.infectious_from[rows]), ends)
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
        return (people.onset_at[rows] <= times) & (times < people.symptoms_end_at[rows])


def _illnesses(disease: Disease, draws: Draws) -> tuple[Quantile, Quantile]:
    """Return how long an illness lasts, with symptoms and without; equal ones are the same."""
    lasts = disease.symptoms_last
    of_all = (
        always(lasts)
        if isinstance(lasts, float)
        else quantile_of(settled(lasts, draws, Parameter.SYMPTOMS_LAST))
    )
    if disease.asymptomatic_lasts is None:
        return of_all, of_all
    asymptomatic = settled(disease.asymptomatic_lasts, draws, Parameter.ASYMPTOMATIC_LASTS)
    return of_all, quantile_of(asymptomatic)
