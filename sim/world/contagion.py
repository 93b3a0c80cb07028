"""Who infects whom: infection by thresholds (Sellke 1983, Journal of Applied Probability 20:390).

Every person has one Exp(1) threshold. Each setting adds the hazard that it exposes the person
to; the person is infected when the sum passes the threshold. Cost follows infections, and a
policy that only lowers hazards can only prevent infections, run by run.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.world.agenda import NO_TIMES
from sim.world.bulletin import Bulletin, Flow
from sim.world.course import Course
from sim.world.draws import FloatArray, IntArray, LifetimeLots, Stream
from sim.world.population import EXTERNAL, NEVER, Population

_FROM_THE_START = np.array([0])
_LONG_AGO, _SOMEBODY_UNKNOWN = np.array([-NEVER]), np.array([EXTERNAL])


@dataclass(frozen=True)
class Contacts:
    """Pairs of a victim and a possible infector, victim by victim.

    Attributes:
        victims: number of the victim, ascending from 0, shape (p,); each has a pair.
        infectors: rows of the infectors, shape (p,); ``EXTERNAL`` for somebody unknown.
        hazards: hazard from the infector to the victim, shape (p,).
        begins: when the two were together and the infector infectious, shape (p,).
        ends: end of that time, shape (p,).
    """

    victims: IntArray
    infectors: IntArray
    hazards: FloatArray
    begins: FloatArray
    ends: FloatArray


class Contagion:
    """Adds up hazards, infects those whose threshold is passed, and counts them."""

    def __init__(
        self, people: Population, course: Course, lots: LifetimeLots, bulletin: Bulletin
    ) -> None:
        self._people = people
        self._course = course
        self._lots = lots
        self._bulletin = bulletin

    def strike(self, rows: IntArray, hazards: FloatArray) -> tuple[IntArray, FloatArray]:
        """Expose ``rows`` to ``hazards`` and find out whose threshold that passes.

        Args:
            rows: people exposed, shape (n,), each once; the infected among them are left alone.
            hazards: cumulative hazard of this exposure, shape (n,).

        Returns:
            Positions in ``rows`` of those who become infected, and for each of them how far
            into the exposure it happens, as a share of its hazard in (0, 1).
        """
        people = self._people
        exposed = ((hazards > 0) & people.susceptible(rows)).nonzero()[0]
        rows, hazards = rows[exposed], hazards[exposed]
        left = people.threshold[rows] - hazards
        people.threshold[rows] = left
        hit = (left < 0).nonzero()[0]
        return exposed[hit], 1.0 + left[hit] / hazards[hit]

    def infect(
        self, rows: IntArray, progress: FloatArray, contacts: Contacts, location: IntArray | int
    ) -> None:
        """Infect ``rows``, each by one of its contacts in proportion to their hazards.

        Args:
            rows: victims, shape (k,).
            progress: how far into the common time the infection happens, shape (k,).
            contacts: their possible infectors.
            location: code of the place where it happens, one or one for each victim.
        """
        if not len(rows):
            return
        sums = contacts.hazards.cumsum()
        each = np.arange(len(rows))
        first = contacts.victims.searchsorted(each)
        last = contacts.victims.searchsorted(each, side="right") - 1
        before = sums[first] - contacts.hazards[first]
        lots = before + self._lots.of(Stream.INFECTOR, rows) * (sums[last] - before)
        chosen = np.minimum(np.maximum(sums.searchsorted(lots, side="right"), first), last)
        begins, ends = contacts.begins[chosen], contacts.ends[chosen]
        self.infect_at(
            rows, begins + progress * (ends - begins), contacts.infectors[chosen], location
        )

    def expose_pairs(
        self,
        infectors: IntArray,
        exposed: IntArray,
        hazards: FloatArray,
        begins: FloatArray,
        ends: FloatArray,
        where: Callable[[IntArray], IntArray],
    ) -> IntArray:
        """Expose one person of every pair to the other, and infect those it is too much for.

        Args:
            infectors: the infectious person of each pair, shape (n,).
            exposed: the other one, shape (n,); a person may be in several pairs.
            hazards: cumulative hazard of each pair, shape (n,).
            begins: when the two were together and the infector infectious, shape (n,).
            ends: end of that time, shape (n,).
            where: codes of the places where people of given rows meet the others.

        Returns:
            Those who became infected, each once.
        """
        order = exposed.argsort(kind="stable")
        exposed = exposed[order]
        changes = (exposed[1:] != exposed[:-1]).nonzero()[0] + 1
        first = np.concatenate([_FROM_THE_START, changes])
        people = exposed[first]
        hit, progress = self.strike(people, np.add.reduceat(hazards[order], first))
        victims: IntArray = people[hit]
        if not len(hit):
            return victims
        victim, pair = pairs_by_group(victims, exposed)
        pair = order[pair]
        contacts = Contacts(victim, infectors[pair], hazards[pair], begins[pair], ends[pair])
        self.infect(victims, progress, contacts, where(victims))
        return victims

    def mix(
        self,
        rows: IntArray,
        comes: FloatArray,
        leaves: FloatArray,
        location: int,
        *,
        hazard_per_day: float,
        from_outside_per_day: float = 0.0,
    ) -> IntArray:
        """Expose everybody who is in one place today to everybody else, by the time they share.

        Args:
            rows: who is there, shape (n,).
            comes: when each of them comes, shape (n,).
            leaves: when each of them leaves, shape (n,).
            location: code of the place.
            hazard_per_day: from one person at the peak of infectiousness to each other one.
            from_outside_per_day: hazard from somebody unknown, who is always there.

        Returns:
            Those who became infected.
        """
        people = self._people
        spreading, begins, ends = self.infectious_within(rows, comes, leaves)
        # Those who are infectious all day come first.
        if len(spreading):
            day = np.floor(comes.min())
            first = np.argsort(~((begins == day) & (ends == day + 1)), kind="stable")
            spreading, begins, ends = spreading[first], begins[first], ends[first]
        infectors, per_day = rows[spreading], NO_TIMES
        hazards = from_outside_per_day * (leaves - comes)
        if len(infectors):
            days = self._course.infectious_days(people, infectors, begins, ends)
            per_day = hazard_per_day * days / (ends - begins)
            hazards += shared_hazard(per_day, begins, ends, comes, leaves)
        hit, progress = self.strike(rows, hazards)
        victims: IntArray = rows[hit]
        if not len(hit):
            return victims
        if from_outside_per_day > 0:
            infectors = np.concatenate([infectors, _SOMEBODY_UNKNOWN])
            per_day = np.concatenate([per_day, [from_outside_per_day]])
            begins = np.concatenate([begins, _LONG_AGO])
            ends = np.concatenate([ends, -_LONG_AGO])
        shared_from = np.maximum(comes[hit, None], begins)
        shared_until = np.minimum(leaves[hit, None], ends)
        shared = np.maximum(shared_until - shared_from, 0.0)
        up_to = (per_day * shared).cumsum(axis=1)
        lots = self._lots.of(Stream.INFECTOR, victims) * up_to[:, -1]
        chosen = np.minimum((up_to <= lots[:, None]).sum(axis=1), len(infectors) - 1)
        each = np.arange(len(victims))
        begins, ends = shared_from[each, chosen], shared_until[each, chosen]
        times = begins + progress * (ends - begins)
        self.infect_at(victims, times, infectors[chosen], location)
        return victims

    def infect_at(
        self,
        rows: IntArray,
        times: FloatArray,
        infectors: IntArray | int,
        location: IntArray | int,
    ) -> None:
        """Infect ``rows`` at ``times``."""
        if not len(rows):
            return
        people = self._people
        people.infector[rows] = infectors
        people.infected_in[rows] = location
        self._course.begin(people, rows, times)
        self._bulletin.count(Flow.INFECTIONS, location, times)

    def infectious_within(
        self, rows: IntArray, since: FloatArray, until: FloatArray
    ) -> tuple[IntArray, FloatArray, FloatArray]:
        """Return who is infectious at some time between the two.

        Returns:
            Positions in ``rows`` of m people, and when in between each begins and ceases to be.
        """
        people = self._people
        begins = np.maximum(people.infectious_from[rows], since)
        ends = np.minimum(people.infectious_until[rows], until)
        spreading = (begins < ends).nonzero()[0]
        return spreading, begins[spreading], ends[spreading]


def pairs_by_group(of_victims: IntArray, of_infectors: IntArray) -> tuple[IntArray, IntArray]:
    """Return every pair of a victim and an infector of the same group.

    Args:
        of_victims: group of each victim, shape (k,).
        of_infectors: group of each infector, ascending, shape (m,).

    Returns:
        Positions of the victim, ascending, and of the infector of each pair.
    """
    first = of_infectors.searchsorted(of_victims)
    counts = of_infectors.searchsorted(of_victims, side="right") - first
    victims = np.repeat(np.arange(len(of_victims)), counts)
    skipped = np.cumsum(counts) - counts
    return victims, np.arange(len(victims)) + np.repeat(first - skipped, counts)


def shared_hazard(
    rates: FloatArray, begins: FloatArray, ends: FloatArray, comes: FloatArray, leaves: FloatArray
) -> FloatArray:
    """Return the hazard that each visitor meets from everybody who is infectious meanwhile.

    Args:
        rates: hazard per day from each infectious person, shape (m,).
        begins: when each of them is there and infectious, shape (m,).
        ends: end of that time, shape (m,).
        comes: when each visitor comes, shape (n,).
        leaves: when each visitor leaves, shape (n,).

    Returns:
        Sum over the infectious of rate times shared time, shape (n,); its cost grows with
        n + m, not with n times m.
    """
    if not len(rates):
        return np.zeros(len(comes))
    times = np.concatenate([begins, ends])
    order = times.argsort(kind="stable")
    times = times[order]
    total_rate = np.concatenate([rates, -rates])[order].cumsum()
    so_far = np.zeros(len(times))
    (total_rate[:-1] * (times[1:] - times[:-1])).cumsum(out=so_far[1:])
    until: FloatArray = np.interp(np.concatenate([leaves, comes]), times, so_far)
    hazard: FloatArray = np.maximum(until[: len(leaves)] - until[len(leaves) :], 0.0)
    return hazard
