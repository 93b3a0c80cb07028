"""An outbreak through hospital wards, seeded by an arrival on another route."""

from typing import TYPE_CHECKING

import numpy as np

from sim.scenario import hospital_outbreak as scenario
from sim.world.agenda import NO_ROWS
from sim.world.close_contacts import CloseContacts
from sim.world.draws import FloatArray, IntArray
from sim.world.institution import Institution
from sim.world.population import EXTERNAL, NEVER, Register, Stage

if TYPE_CHECKING:
    from sim.world.model import BorderModel

_ADMISSION_HOUR = 0.5
"""The patient is admitted and moved at noon, as a share of the day."""


class Ward:
    """The people on one ward, and when the patient is among them.

    Attributes:
        rows: everybody, the patient last, shape (n,).
        since: when each of them is there, shape (n,).
        until: when each of them leaves, shape (n,).
        hazard_per_day: from one of them to each other.
    """

    def __init__(
        self,
        members: IntArray,
        patient: int,
        comes: float,
        leaves: float,
        hazard_per_day: float,
    ) -> None:
        self.hazard_per_day = hazard_per_day
        self.rows: IntArray = np.append(members, patient)
        self.since = np.append(np.full(len(members), -NEVER), comes)
        self.until = np.append(np.full(len(members), NEVER), leaves)


class HospitalOutbreak(Institution):
    """The arrival, the neighbours, the patient and the wards.

    Attributes:
        arrival: row of the infected arrival.
        patient: row of the patient who is taken to hospital, or None.
        detected_at: when the first case on a ward was registered, or never.
    """

    def __init__(
        self, model: "BorderModel", name: str, settings: scenario.HospitalOutbreak
    ) -> None:
        super().__init__(model, name)
        self.settings = settings
        self.town = model.residents[settings.town]
        day_of = model.scenario.calendar.day_of
        self._arrives = day_of(settings.arrives) + _ADMISSION_HOUR
        self._admitted = day_of(settings.admitted) + _ADMISSION_HOUR
        self._moves = [day_of(stay.until) + _ADMISSION_HOUR for stay in settings.hospitals]
        house = self.town.somebody(settings.neighbours + 1)
        self._neighbours, arrival = house[:-1], house[-1:]
        self._begin_with(arrival)
        self.arrival = int(arrival[0])
        self._next_door = CloseContacts(
            model,
            settings.neighbour_hazard_per_day,
            self._at_home_since,
            self.people.out_of_contact_from,
            self.town.where,
        )
        self._next_door.add(np.full(len(self._neighbours), self.arrival), self._neighbours)
        self.patient: int | None = None
        self.detected_at = NEVER
        self._wards: list[Ward] = []

    def _begin_with(self, row: IntArray) -> None:
        """Infect the arrival, who never has symptoms and lives in town after quarantine.

        Of average infectiousness: that there was an outbreak is known.
        """
        people = self.people
        people.local[row] = False
        people.asymptomatic[row] = True
        people.infectivity[row] = 1.0
        people.at_large_from[row] = self._arrives + self.settings.home_quarantine
        infected = self._arrives - self.settings.infected_before
        self.model.contagion.infect_at(row, np.array([infected]), EXTERNAL, self.town.location)
        self.town.meet(row)

    def step(self) -> None:
        """Let the arrival infect neighbours, and people on the wards infect each other."""
        day = self.model.day
        self.town.meet(self._next_door.mix())
        if self.patient is None and day == int(self._admitted):
            self._admit()
        if self.patient is None or self.detected_at < NEVER:
            return
        for ward in self._wards:
            self._mix_on(ward, day)
        self._look_for_a_case(day)

    def _admit(self) -> None:
        """Take the neighbour who was infected last to hospital, if there is one.

        Like the arrival of average infectiousness: that the outbreak went on is known.
        """
        people = self.people
        infected = self._neighbours[people.infected_at[self._neighbours] < self._admitted]
        infected = infected[people.register[infected] == Register.NONE]
        if not len(infected):
            return
        self.patient = int(infected[people.infected_at[infected].argmax()])
        people.infectivity[self.patient] = 1.0
        people.isolated_at[self.patient] = min(
            self._admitted, float(people.isolated_at[self.patient])
        )
        people.stage[self.patient] = Stage.PATIENT
        stays = self.settings.hospitals
        everybody = self.town.somebody(sum(stay.people for stay in stays))
        ends = np.cumsum([stay.people for stay in stays])[:-1]
        comes = self._admitted
        for stay, members, leaves in zip(
            stays, np.split(everybody, ends), self._moves, strict=True
        ):
            self._wards.append(Ward(members, self.patient, comes, leaves, stay.hazard_per_day))
            comes = leaves

    def _mix_on(self, ward: Ward, day: int) -> None:
        """Expose everybody on a ward to everybody infectious there today."""
        leaves = np.minimum(ward.until, self.people.first_positive_at[ward.rows])
        victims = self.model.contagion.mix(
            ward.rows,
            np.maximum(ward.since, day),
            np.minimum(leaves, day + 1),
            self.town.location,
            hazard_per_day=ward.hazard_per_day,
        )
        self.town.meet(victims)

    def _look_for_a_case(self, day: int) -> None:
        """When somebody on a ward has been registered, trace everybody infected there."""
        everybody = np.unique(np.concatenate([ward.rows for ward in self._wards]))
        first = float(self.people.first_positive_at[everybody].min())
        if first == NEVER:
            return
        self.detected_at = first
        infected = everybody[~self.people.susceptible(everybody)]
        delay = self.town.settings.tracing_delay
        self.model.tracing.call_in(infected, np.full(len(infected), first + delay))

    def _at_home_since(self, rows: IntArray) -> FloatArray:
        return np.where(rows == self.arrival, self._arrives, -NEVER)

    def infected_through_the_patient(self) -> IntArray:
        """Return everybody whose chain of infection leads through the patient, without them."""
        if self.patient is None:
            return NO_ROWS
        chain = [np.array([self.patient])]
        while len(chain[-1]):
            chain.append(np.isin(self.people.infector, chain[-1]).nonzero()[0])
        return np.concatenate(chain[1:])
