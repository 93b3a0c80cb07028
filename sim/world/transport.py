"""A leg of the route: timetable, seats, exit screening, and infection on board."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.route import Leg
from sim.world.agenda import NO_ROWS, NO_TIMES
from sim.world.bulletin import Flow
from sim.world.contagion import Contacts, pairs_by_group
from sim.world.draws import BoolArray, FloatArray, IntArray, Stream
from sim.world.institution import Institution
from sim.world.population import Stage

if TYPE_CHECKING:
    from sim.world.model import BorderModel

HOURS_PER_DAY = 24.0


@dataclass(frozen=True)
class Boarding:
    """People who board.

    Attributes:
        rows: passengers, shape (n,), vehicle by vehicle.
        departs: when their vehicle leaves, shape (n,).
        vehicles: number of the vehicle, counted from the start of the calendar, shape (n,).
        seats: seat in the vehicle, from 0 at the front, shape (n,).
    """

    rows: IntArray
    departs: FloatArray
    vehicles: IntArray
    seats: IntArray

    def of(self, keep: IntArray) -> "Boarding":
        """Return the boarding of the passengers at the positions ``keep``."""
        return Boarding(self.rows[keep], self.departs[keep], self.vehicles[keep], self.seats[keep])


def all_boardings(boardings: Sequence[Boarding]) -> Boarding:
    """Return the boardings of several days, in order, as one."""
    if not boardings:
        return NOBODY
    return Boarding(
        np.concatenate([boarding.rows for boarding in boardings]),
        np.concatenate([boarding.departs for boarding in boardings]),
        np.concatenate([boarding.vehicles for boarding in boardings]),
        np.concatenate([boarding.seats for boarding in boardings]),
    )


NOBODY = Boarding(NO_ROWS, NO_TIMES, NO_ROWS, NO_ROWS)


class Carrier(Institution):
    """The airline, bus or railway that serves one leg."""

    def __init__(self, model: "BorderModel", name: str, leg: Leg) -> None:
        super().__init__(model, name)
        self.leg = leg
        self.location = model.geography.code[name]
        self.waiting = NO_ROWS
        self._ready = NO_TIMES
        self.departures: list[float] = []
        """When each vehicle left, in days."""
        timetable = np.linspace(leg.first_departure, leg.last_departure, leg.departures_per_day)
        self._departures = [
            self._without_shut(day + timetable) for day in range(model.scenario.calendar.days)
        ]
        """The departures of every day."""

    def queue(self, rows: IntArray, ready: FloatArray) -> None:
        """Let ``rows`` wait for a seat from the times ``ready`` on, first come first served."""
        if not len(rows):
            return
        rows, ready = np.concatenate([self.waiting, rows]), np.concatenate([self._ready, ready])
        order = np.lexsort((rows, ready))
        self.waiting, self._ready = rows[order], ready[order]

    def leave_queue(self, rows: IntArray) -> None:
        """Take ``rows`` out of the queue."""
        gone = np.zeros(self.people.size, dtype=bool)
        gone[rows] = True
        stays = ~gone[self.waiting]
        self.waiting, self._ready = self.waiting[stays], self._ready[stays]

    def ready_by(self, time: float) -> tuple[IntArray, FloatArray]:
        """Return who in the queue is ready before ``time``, and since when."""
        count = int(np.searchsorted(self._ready, time))
        return self.waiting[:count], self._ready[:count]

    def serves(self, day: int) -> bool:
        """Tell whether the leg runs at all on ``day``."""
        return len(self._departures[day]) > 0

    def _without_shut(self, departures: FloatArray) -> FloatArray:
        """Return ``departures`` without those that would find the port shut on arrival."""
        opening = self.policy.port_open.get(self.leg.end)
        if opening is None:
            return departures
        arrival = (departures + self.leg.duration).astype(np.int64)
        return departures[opening[np.minimum(arrival, len(opening) - 1)]]

    def board(self, day: int) -> Boarding:
        """Seat those who are ready, vehicle by vehicle; a party stays together if it fits."""
        if not len(self.waiting):
            return NOBODY
        timetable = self._departures[day]
        if not len(timetable) or self._ready[0] > timetable[-1]:
            return NOBODY
        bookings = self.policy.bookings[self.name][day]
        seated, sizes, departs = 0, [], []
        ready_by = np.searchsorted(self._ready, timetable, side="right")
        for departure, ready in zip(timetable.tolist(), ready_by.tolist(), strict=True):
            end = int(min(ready, seated + self.leg.seats, bookings))
            if seated < end < ready:
                end = self._end_of_party(seated, end)
            if end > seated:
                sizes.append(end - seated)
                departs.append(departure)
                seated = end
        if not seated:
            return NOBODY
        rows, self.waiting, self._ready = (
            self.waiting[:seated],
            self.waiting[seated:],
            self._ready[seated:],
        )
        vehicles = np.repeat(np.arange(len(sizes)) + len(self.departures), sizes)
        seats = np.arange(seated) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        self.departures += departs
        self.people.vehicle[self._index, rows] = vehicles
        return Boarding(rows, np.repeat(departs, sizes), vehicles, seats)

    def _end_of_party(self, start: int, end: int) -> int:
        """Return where in the queue the last party in ``(start, end]`` ends; ``end`` if nowhere."""
        party = self.people.party[self.waiting[start : end + 1]].tolist()
        boundary = end - start
        while boundary > 0 and party[boundary] == party[boundary - 1]:
            boundary -= 1
        return start + boundary if boundary > 0 else end

    @property
    def _index(self) -> int:
        return self.location - len(self.model.geography.places)

    def announce(self, rows: IntArray, departs: FloatArray) -> None:
        """Tell the end of the leg that ``rows``, who left at ``departs``, are on their way."""
        self.model.arrive(self.leg.end, rows, departs + self.leg.duration)

    def carry(self, boarding: Boarding) -> tuple[IntArray, FloatArray]:
        """Screen the passengers, take them along the leg, and let them infect each other.

        Returns:
            Those who will arrive, and when they departed.
        """
        if not len(boarding.rows):
            return boarding.rows, boarding.departs
        boarding = self._screened(boarding)
        people, rows, departs = self.people, boarding.rows, boarding.departs
        people.location[rows] = self.location
        people.stage[rows] = Stage.ON_BOARD
        people.departed_at[rows] = departs
        self._infect_passengers(boarding)
        arrives = departs + self.leg.duration
        ill = (people.severe_at[rows] <= arrives) & ~people.asymptomatic[rows]
        ill |= self._noticed_on_board(rows, departs, arrives)
        if not ill.any():
            return rows, departs
        people.stage[rows[ill]] = Stage.TAKEN_ILL_ON_BOARD
        people.location[rows[ill]] = self.model.town_of(self.leg.end)
        return rows[~ill], departs[~ill]

    def _noticed_on_board(
        self, rows: IntArray, departs: FloatArray, arrives: FloatArray
    ) -> BoolArray:
        """Return a mask over ``rows``: they fall ill on the way, and the crew notices."""
        noticed = self.leg.on_board.symptoms_noticed
        if noticed == 0:
            return np.zeros(len(rows), dtype=bool)
        onset = self.people.onset_at[rows]
        falls_ill = (departs < onset) & (onset <= arrives)
        return falls_ill & (self.lots.of(Stream.ILLNESS_ON_BOARD, rows) < noticed)

    def _screened(self, boarding: Boarding) -> Boarding:
        """Keep back passengers with visible symptoms or a positive test; return who travels."""
        people, rows, departs = self.people, boarding.rows, boarding.departs
        self._count_exit_tests(departs)
        stopped = np.zeros(len(rows), dtype=bool)
        infected = (people.infected_at[rows] < departs).nonzero()[0]
        if not len(infected):
            return boarding
        who, when = rows[infected], departs[infected]
        day = when.astype(np.int64)
        seen = self.lots.of(Stream.EXIT_SCREENING, who) < self.policy.exit_screening[self.name][day]
        stopped[infected] = seen & self.model.course.shows_symptoms(people, who, when)
        stopped[infected] |= self._says_so(who, day) | self._tested_positive(who, when)
        if not stopped.any():
            return boarding
        people.stage[rows[stopped]] = Stage.STOPPED_AT_EXIT
        return boarding.of((~stopped).nonzero()[0])

    def _says_so(self, rows: IntArray, day: IntArray) -> BoolArray:
        """Return a mask over infected ``rows``: they know of an exposure and do not hide it."""
        asked = self.policy.exit_questionnaire[self.name][day]
        if not asked.any():
            return np.zeros(len(rows), dtype=bool)
        honest: BoolArray = self.lots.of(Stream.EXIT_QUESTIONNAIRE, rows) < asked
        return honest & self.model.aware_of_exposure(rows)

    def _tested_positive(self, rows: IntArray, departs: FloatArray) -> BoolArray:
        """Return a mask over infected ``rows``: the test that they have to bring is positive."""
        positive = np.zeros(len(rows), dtype=bool)
        by_day = self.policy.exit_test[self.name]
        for test in dict.fromkeys(by_day):
            if test is None:
                continue
            in_force = np.array([other == test for other in by_day])
            who = in_force[departs.astype(np.int64)].nonzero()[0]
            taken = departs[who] - test.days
            sees = self.model.laboratory.sees_infection(rows[who], taken, test.assay)
            positive[who] = self.lots.of(Stream.EXIT_TEST, rows[who]) < sees
        return positive

    def _count_exit_tests(self, departs: FloatArray) -> None:
        """Count a test for every passenger who has to bring one."""
        asked_for = np.array([test is not None for test in self.policy.exit_test[self.name]])
        if asked_for.any():
            tested = departs[asked_for[departs.astype(np.int64)]]
            start = self.model.geography.code[self.leg.start]
            self.model.bulletin.count(Flow.EXIT_TESTS, start, tested)

    def _infect_passengers(self, boarding: Boarding) -> None:
        """Add the hazard from infectious passengers, near and far, for every vehicle at once."""
        on_board, contagion, people = self.leg.on_board, self.model.contagion, self.people
        rows, departs = boarding.rows, boarding.departs
        arrives = departs + self.leg.duration
        if on_board.hazard_per_hour == 0:
            return
        spreading, begins, ends = contagion.infectious_within(rows, departs, arrives)
        if not len(spreading):
            return
        load = self.model.course.infectious_days(people, rows[spreading], begins, ends)
        vehicle = boarding.vehicles - boarding.vehicles[0]
        seat_row = boarding.seats // self.leg.seats_abreast
        by_row = np.zeros((vehicle[-1] + 1, int(seat_row.max()) + 1))
        np.add.at(by_row, (vehicle[spreading], seat_row[spreading]), load)
        near = _windowed_sums(by_row, on_board.near_rows)[vehicle, seat_row]
        everybody = by_row.sum(axis=1)[vehicle]
        per_day = on_board.hazard_per_hour * HOURS_PER_DAY
        extra = on_board.near_relative_risk - 1
        hit, progress = contagion.strike(rows, per_day * (everybody + extra * near))
        if not len(hit):
            return
        victim, infector = pairs_by_group(vehicle[hit], vehicle[spreading])
        apart = np.abs(seat_row[hit][victim] - seat_row[spreading][infector])
        weight = np.where(apart <= on_board.near_rows, on_board.near_relative_risk, 1.0)
        contacts = Contacts(
            victim,
            rows[spreading][infector],
            weight * load[infector],
            begins[infector],
            ends[infector],
        )
        contagion.infect(rows[hit], progress, contacts, self.location)
        people.infected_aboard[rows[hit]] = boarding.vehicles[hit]

    def infected_per_vehicle(self) -> IntArray:
        """Return how many passengers of each vehicle were infected when it arrived."""
        vehicle = self.people.vehicle[self._index]
        aboard = (vehicle >= 0).nonzero()[0]
        arrives = np.array(self.departures)[vehicle[aboard]] + self.leg.duration
        infected = aboard[self.people.infected_at[aboard] < arrives]
        return np.bincount(vehicle[infected], minlength=len(self.departures))


def _windowed_sums(by_row: FloatArray, reach: int) -> FloatArray:
    """Return for each seat row the sum over the rows at most ``reach`` away, shape as given."""
    vehicles, rows = by_row.shape
    sums = np.concatenate([np.zeros((vehicles, 1)), np.cumsum(by_row, axis=1)], axis=1)
    row = np.arange(rows)
    windowed: FloatArray = (
        sums[:, np.minimum(row + reach + 1, rows)] - sums[:, np.maximum(row - reach, 0)]
    )
    return windowed
