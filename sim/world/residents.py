"""The residents of a town: what comes over the border spreads in households and community.

Every resident has two Exp(1) thresholds, one for the household and one for the community, and
is infected when the first of them is passed (as under the sum of both hazards). The community's
hazard is the same for all, so those whose threshold it passes are the next in a random order:
only they and their households are ever made, and ten million residents cost no more than ten
thousand.
"""

from typing import TYPE_CHECKING

import numpy as np

from sim.scenario import residents as scenario
from sim.world.agenda import NO_ROWS, NO_TIMES, Agenda
from sim.world.close_contacts import CloseContacts
from sim.world.draws import FloatArray, IntArray, Stream, name_key
from sim.world.households import Households, shuffled
from sim.world.institution import Institution
from sim.world.population import EXTERNAL, NEVER, FoundBy, Stage, require_room

if TYPE_CHECKING:
    from sim.world.model import BorderModel

_TOWN_BITS, _RESIDENT_BITS = 31, 31
"""A resident's key is a hash of the town's name, never 0, and its own number. There are at most
a billion residents; keys of travellers are smaller than those of any town."""


def town_key(name: str) -> int:
    """Return the key of the first resident of a town."""
    return (1 + name_key(name) % ((1 << _TOWN_BITS) - 1)) << _RESIDENT_BITS


_CHUNK = 256
_AHEAD = 32
"""Residents who are made before their turn in the order of the community, at least."""


class CommunityOrder:
    """The residents in the order in which the community's hazard infects them.

    With N Exp(1) thresholds the n-th smallest is ``sum_{j<=n} E_j / (N - j)`` (Renyi 1953).

    Args:
        model: the world.
        people: number of residents.
        key: first key of the town.
    """

    def __init__(self, model: "BorderModel", people: int, key: int) -> None:
        self._draws = model.draws
        self._town = people
        self._people = people
        """Residents in the order: those of the town who can still be infected by the community."""
        self._key = key
        self._thresholds = NO_TIMES
        self._residents = NO_ROWS
        self._next = 0

    def leave_out_last(self, count: int) -> None:
        """Take the last ``count`` residents out, before anybody's turn has come.

        The others have independent thresholds, as if there had never been more of them.
        """
        self._people -= count

    def upcoming(self, count: int) -> IntArray:
        """Return up to ``count`` residents who come next, without moving on to them."""
        while len(self._thresholds) < min(self._people, self._next + count):
            self._draw_more()
        return self._residents[self._next : self._next + count]

    def infected_by(self, hazard: float) -> tuple[IntArray, FloatArray]:
        """Return who comes next, up to a cumulative ``hazard``: residents and thresholds."""
        while len(self._thresholds) < self._people and (
            not len(self._thresholds) or self._thresholds[-1] <= hazard
        ):
            self._draw_more()
        after = int(self._thresholds.searchsorted(hazard, side="right"))
        order = slice(self._next, after)
        self._next = after
        return self._residents[order], self._thresholds[order]

    def _draw_more(self) -> None:
        known = len(self._thresholds)
        require_room(known)
        ranks = np.arange(known, min(self._people, known + max(_CHUNK, known)))
        keys = ranks.astype(np.uint64) + np.uint64(self._key)
        spacings = -np.log(self._draws.uniform(Stream.COMMUNITY_THRESHOLD, keys))
        last = self._thresholds[-1] if known else 0.0
        more = last + np.cumsum(spacings / (self._people - ranks))
        self._thresholds = np.concatenate([self._thresholds, more])
        residents = shuffled(ranks, self._town, self._key, self._draws)
        self._residents = np.concatenate([self._residents, residents])


class Residents(Institution):
    """The people of one town behind the border, and whoever from outside is at large there.

    Args:
        model: the world.
        place: the town.
        settings: how many there are, and how they meet.
    """

    def __init__(self, model: "BorderModel", place: str, settings: scenario.Residents) -> None:
        super().__init__(model, place)
        self.settings = settings
        self.location = model.geography.code[place]
        self._key = town_key(place)
        self._order = CommunityOrder(model, settings.people, self._key)
        self._households = Households(settings.people, settings.household_sizes)
        self._chosen = 0
        self._row_of: dict[int, int] = {}
        """Row of each resident who has one."""
        self._hazard = 0.0
        """Cumulative hazard of the community to each resident."""
        self.spreading = NO_ROWS
        """Infected people at large in town whose infection is not over, residents or not."""
        self._house_mates = CloseContacts(
            model,
            settings.household_hazard_per_day,
            self._since,
            self.people.out_of_contact_from,
            self.where,
        )
        self._swabs = Agenda()

    def infect_some(self, count: int, at: float) -> IntArray:
        """Infect ``count`` residents, chosen at random, from outside; return their rows.

        To be called before anything else happens in town.
        """
        self._order.leave_out_last(count)
        rows = self.somebody(count)
        self.model.contagion.infect_at(rows, np.full(len(rows), at), EXTERNAL, self.location)
        self.meet(rows)
        return rows

    def somebody(self, count: int) -> IntArray:
        """Return the rows of ``count`` residents chosen at random, others at every call."""
        # From the end of the random order: those whom the community would infect last.
        after = self.settings.people - self._chosen
        order = np.arange(max(0, after - count), after)
        self._chosen += len(order)
        return self._rows_of(shuffled(order, self.settings.people, self._key, self.draws))

    def meet(self, rows: IntArray) -> None:
        """Let infected ``rows`` mix in town from ``at_large_from`` on, and test some of them."""
        if not len(rows):
            return
        people = self.people
        self.spreading = np.concatenate([self.spreading, rows])
        if self.settings.household_hazard_per_day > 0:
            self._pair_with_household(rows)
        came, onset = people.at_large_from[rows], people.onset_at[rows]
        # Falling ill brings people to a doctor, however short the illness; an older one that shows.
        ill = (onset >= came) | (came < people.symptoms_end_at[rows])
        onset = np.maximum(onset, came)
        ill &= onset < self.model.scenario.calendar.days
        rows, onset = rows[ill], onset[ill]
        day = np.maximum(onset, self.model.day).astype(np.int64)
        tested = self.policy.symptomatic_testing[self.name][day]
        border = self.model.scenario.border
        if border is not None:
            hides = self.people.stage[rows] == Stage.INSIDE
            tested = np.where(hides, tested * border.crossers.seeks_care, tested)
        goes = self.lots.of(Stream.TESTED_IN_TOWN, rows) < tested
        self._swabs.add(rows[goes], onset[goes] + self.settings.test_delay)

    def take_swabs(self) -> None:
        """Swab those whose symptoms have brought them to a doctor today."""
        rows, times = self._swabs.due(self.model.day)
        if not len(rows):
            return
        people = self.people
        here = times < np.minimum(people.first_positive_at[rows], people.isolated_at[rows])
        rows, times = rows[here], times[here]
        people.seeks_care[rows] = True
        self.model.laboratory.receive(rows, times, FoundBy.SYMPTOMS)

    def restrict_households_of(self, rows: IntArray, times: FloatArray) -> None:
        """Note that the households of registered ``rows`` are restricted from ``times`` on."""
        restricted = self.people.restricted_from
        town_of = self.people.household[rows] >> _RESIDENT_BITS
        own = (town_of == self._key >> _RESIDENT_BITS).nonzero()[0]
        for row, time in zip(rows[own].tolist(), times[own].tolist(), strict=True):
            for member in self._households.members(int(self.people.key[row]) - self._key):
                mate = self._row_of.get(member)
                if mate is not None:
                    restricted[mate] = min(restricted[mate], time)

    def step(self) -> None:
        """Let people infect each other in the community and at home."""
        spreading, day = self.spreading, self.model.day
        self.spreading = rows = spreading[self._until(spreading) > day]
        while len(rows):
            victims = np.concatenate([self._house_mates.mix(), self._mix_in_community(rows)])
            self.meet(victims)
            # Who is infected in the morning may infect others before the day is over.
            rows = victims[self.people.infectious_from[victims] < day + 1]

    def _mix_in_community(self, rows: IntArray) -> IntArray:
        """Add what ``rows`` do to the community's hazard today, and infect whom it is too much for.

        Args:
            rows: infected people at large, shape (n,).
        """
        people, day = self.people, self.model.day
        begins = np.maximum(people.infectious_from[rows], np.maximum(self._since(rows), day))
        ends = np.minimum(self._until(rows), day + 1)
        now = (begins < ends).nonzero()[0]
        rows, begins, ends = rows[now], begins[now], ends[now]
        if not len(rows):
            return NO_ROWS
        days = self.model.course.infectious_days(people, rows, begins, ends)
        days = np.where(
            people.restricted_from[rows] <= day,
            days * (1 - self.policy.house_restrictions[self.name][day]),
            days,
        )
        per_day = self.settings.community_hazard_per_day * (
            1 - self.policy.lockdown[self.name][day]
        )
        hazards = (per_day / self.settings.people * days).cumsum()
        before, added = self._hazard, float(hazards[-1])
        if added == 0:
            return NO_ROWS
        self._hazard += added
        residents, thresholds = self._order.infected_by(self._hazard)
        if not len(residents):
            return NO_ROWS
        victims = self._rows_of(residents)
        fresh = people.susceptible(victims).nonzero()[0]
        victims, progress = victims[fresh], (thresholds[fresh] - before) / added
        lots = self.draws.uniform(Stream.COMMUNITY_INFECTOR, people.key[victims])
        by = np.minimum(hazards.searchsorted(lots * added, side="right"), len(rows) - 1)
        times = begins[by] + progress * (ends[by] - begins[by])
        self.model.contagion.infect_at(victims, times, rows[by], self.location)
        return victims

    def where(self, rows: IntArray) -> IntArray:
        """Return the code of the town for each of ``rows``."""
        return np.full(len(rows), self.location)

    def _until(self, rows: IntArray) -> FloatArray:
        """Return when each of ``rows`` ceases to infect others, as far as it is known."""
        out_of_contact = self.people.out_of_contact_from(rows)
        return np.minimum(self.people.infectious_until[rows], out_of_contact)

    def _since(self, rows: IntArray) -> FloatArray:
        return self.people.at_large_from[rows]

    def _pair_with_household(self, rows: IntArray) -> None:
        """Make the households of infected residents, and remember who lives with them."""
        infected, exposed = [], []
        for row in rows.tolist():
            if row < self.people.travellers:
                continue  # travellers have no household here
            number = int(self.people.key[row]) - self._key
            mates = [mate for mate in self._households.members(number) if mate != number]
            infected += [row] * len(mates)
            exposed += mates
        if infected:
            self._house_mates.add(np.array(infected), self._rows_of(np.array(exposed)))

    def _rows_of(self, residents: IntArray) -> IntArray:
        """Return the rows of residents, made now with their households for those who had none."""
        new = [n for n in dict.fromkeys(residents.tolist()) if n not in self._row_of]
        if new:
            if self.settings.household_hazard_per_day > 0:
                new = [mate for n in new for mate in self._households.members(n)]
            new = [n for n in dict.fromkeys(new) if n not in self._row_of]
            people = self.people
            rows = people.add(len(new))
            self._row_of.update(zip(new, rows.tolist(), strict=True))
            people.key[rows] = np.array(new, dtype=np.uint64) + np.uint64(self._key)
            people.household[rows] = [
                self._key + self._households.members(number)[0] for number in new
            ]
            people.local[rows] = True
            people.stage[rows] = Stage.RESIDENT
            people.location[rows] = self.location
            people.at_large_from[rows] = -NEVER
            self.model.course.draw(people, slice(int(rows[0]), people.size))
        return np.array([self._row_of[n] for n in residents.tolist()], dtype=np.int64)
