"""The institutions of the plain Mesa model: carrier, town, port, quarantine, laboratory."""

from collections import deque
from typing import TYPE_CHECKING

from benchmarks.plain_person import Person
from sim.scenario.distributions import LogNormal, Uniform
from sim.scenario.route import Leg
from sim.world.policy_calendar import numbers_by_day

if TYPE_CHECKING:
    from benchmarks.plain_mesa import PlainModel

HOURS_PER_DAY = 24


class PlainCarrier:
    """A leg of the route with a queue in front of it."""

    def __init__(self, model: "PlainModel", leg: Leg) -> None:
        self.model = model
        self.leg = leg
        self.waiting: deque[Person] = deque()

    def queue(self, person: Person) -> None:
        """Let ``person`` wait for a seat."""
        self.waiting.append(person)

    def vehicles_of_today(self) -> list[list[Person]]:
        """Spread those who wait over today's departures, as far as there are seats."""
        departures = self.leg.departures_per_day
        load = min(self.leg.seats, -(-len(self.waiting) // departures))
        return [
            [self.waiting.popleft() for _ in range(min(load, len(self.waiting)))]
            for _ in range(departures)
        ]

    def mix(self, passengers: list[Person]) -> None:
        """Let the infectious on board infect others, those in near rows more than the rest."""
        on_board = self.leg.on_board
        per_hour = on_board.hazard_per_hour
        hours = self.leg.duration * HOURS_PER_DAY
        for seat, infector in enumerate(passengers):
            strength = infector.infectiousness()
            if strength == 0:
                continue
            for other_seat, person in enumerate(passengers):
                rows = abs(seat // self.leg.seats_abreast - other_seat // self.leg.seats_abreast)
                near = on_board.near_relative_risk if rows <= on_board.near_rows else 1.0
                person.expose(per_hour * hours * strength * near)


class PlainFlight(PlainCarrier):
    """The flight from the source to the staging town, with screening at the exit."""

    def step(self) -> None:
        """Screen and fly everybody who has set out and finds a seat."""
        screening = self.model.policy.exit_screening[self.model.flight_name][self.model.day]
        for booked in self.vehicles_of_today():
            passengers = []
            for person in booked:
                if person.has_symptoms() and self.model.random.random() < screening:
                    person.stage = "stopped_at_exit"
                else:
                    passengers.append(person)
            self.mix(passengers)
            for person in passengers:
                self.model.staging.arrive(person)


class PlainBus(PlainCarrier):
    """The bus from the staging town to the port."""

    def step(self) -> None:
        """Take everybody who is ready to the port, when it is open."""
        if not self.model.bus_runs:
            return
        for person in self.model.staging.ready():
            if len(self.waiting) < self.leg.departures_per_day * self.leg.seats:
                self.model.staging.leave(person)
                self.queue(person)
        for passengers in self.vehicles_of_today():
            self.mix(passengers)
            for person in passengers:
                self.model.port.arrive(person)


class PlainStaging:
    """The town where people change, mix and get stranded."""

    def __init__(self, model: "PlainModel", name: str) -> None:
        self.model = model
        self.name = name
        self.settings = model.setup.staging[name]
        self.present: dict[Person, None] = {}

    def arrive(self, person: Person) -> None:
        """Take in ``person``, who will be ready for the next leg after a while."""
        connection = self.settings.connection
        if not isinstance(connection, Uniform):
            raise TypeError("the plain model knows uniform connections only")
        wait = self.model.random.uniform(connection.low, connection.high)
        held = self.model.policy.staging_quarantine[self.name][self.model.day]
        person.stage = "staging"
        person.ready_at = self.model.day + 0.5 + self.model.flight.leg.duration + max(wait, held)
        self.present[person] = None

    def leave(self, person: Person) -> None:
        """Let ``person`` go."""
        del self.present[person]

    def ready(self) -> list[Person]:
        """Return who can take a bus today."""
        last_bus = self.model.day + self.model.bus.leg.last_departure
        return [person for person in self.present if person.ready_at <= last_bus]

    def step(self) -> None:
        """Let everybody in town mix with everybody else."""
        if not self.present:
            return
        pressure = sum(person.infectiousness() for person in self.present) / len(self.present)
        hazard = self.settings.contact_hazard_per_day * pressure
        for person in self.present:
            person.expose(hazard + self.settings.local_hazard_per_day)


class PlainPort:
    """The land port: its calendar, its capacity and its queue."""

    def __init__(self, model: "PlainModel", name: str) -> None:
        self.model = model
        self.name = name
        self.queue: deque[Person] = deque()

    def is_open(self, day: int) -> bool:
        """Tell whether people may cross on ``day``."""
        return bool(self.model.policy.port_open[self.name][day])

    def arrive(self, person: Person) -> None:
        """Let ``person`` queue."""
        person.stage = "at_port"
        self.queue.append(person)

    def step(self) -> None:
        """Admit as many as capacity allows, or send everybody back when the port is shut."""
        model = self.model
        if not self.is_open(model.day):
            while self.queue:
                model.staging.arrive(self.queue.popleft())
            return
        decided = model.policy.port_capacity[self.name][model.day]
        capacity = decided * model.setup.ports[self.name].throughput
        screening = model.policy.entry_screening[self.name][model.day]
        for _ in range(int(min(len(self.queue), capacity))):
            person = self.queue.popleft()
            model.quarantine.take_in(person)
            if person.has_symptoms() and model.random.random() < screening:
                model.laboratory.receive(person)


class PlainQuarantine:
    """All quarantine sites together: rooms, and the plan of each stay."""

    def __init__(self, model: "PlainModel") -> None:
        self.model = model
        rules = model.setup.quarantine
        self.room_size = next(iter(rules.sites.values())).room_size
        self.hazard_per_day = rules.room_hazard_per_day
        self.symptom_swabs = [round(swab.days) for swab in rules.symptom_swabs]
        self._noticed = rules.symptoms_noticed
        self._room: list[Person] = []

    def take_in(self, person: Person) -> None:
        """Give ``person`` a bed, swab days and a day of release."""
        model = self.model
        stay = float(model.policy.quarantine_stay[model.day])
        before_release = model.policy.test_before_release[model.day]
        swabs = {swab.days for swab in model.policy.quarantine_tests[model.day]}
        if before_release is not None:
            swabs.add(stay - before_release.days)
        person.stage = "quarantine"
        person.entered_at = model.day
        person.release_at = model.day + stay
        person.swabs_at = swabs
        person.symptoms_noticed = model.random.random() < self._noticed
        if len(self._room) == self.room_size:
            self._room = []
        self._room.append(person)
        person.room = self._room
        model.entrants += 1


class PlainLaboratory:
    """A queue of swabs and a number of tests a day; results come the next day."""

    def __init__(self, model: "PlainModel") -> None:
        self.model = model
        self.backlog: deque[tuple[Person, int]] = deque()
        self._done: list[tuple[Person, bool]] = []
        self._throughput = numbers_by_day(
            model.setup.calendar, model.setup.laboratory.throughput, 1.0
        )

    def receive(self, person: Person) -> None:
        """Take in a swab of ``person`` taken today."""
        person.results_awaited += 1
        self.backlog.append((person, self.model.day))

    def is_positive(self, person: Person, day: int) -> bool:
        """Test a swab of ``person`` taken on ``day``."""
        if person.infected_at is None:
            return False
        since = day + 0.5 - person.infected_at
        seen = self.model.disease.sensitivity(since, asymptomatic=person.asymptomatic)
        return self.model.random.random() < seen

    def step(self) -> None:
        """Report yesterday's results and work off today's tests."""
        for person, positive in self._done:
            person.results_awaited -= 1
            if positive and person.stage == "quarantine":
                self.model.authority.register(person)
        self._done = []
        decided = self.model.policy.laboratory_capacity[self.model.day]
        capacity = decided * self._throughput[self.model.day]
        for _ in range(int(min(len(self.backlog), capacity))):
            person, day = self.backlog.popleft()
            self._done.append((person, self.is_positive(person, day)))


class PlainAuthority:
    """Keeps the registers of carriers and confirmed cases."""

    def __init__(self, model: "PlainModel") -> None:
        self.model = model
        self.rules = model.setup.registers

    def register(self, person: Person) -> None:
        """Isolate a person who tested positive, as a case or as a carrier."""
        person.stage = "isolated"
        if person.has_symptoms():
            self.confirm(person)
        else:
            person.register = "carrier"
            person.observed_until = self.model.day + self.rules.carrier_observation

    def confirm(self, person: Person) -> None:
        """Move ``person`` to the confirmed register."""
        stay = self.rules.hospital_stay
        if not isinstance(stay, LogNormal):
            raise TypeError("the plain model knows a log-normal hospital stay only")
        person.register = "confirmed"
        person.discharge_at = self.model.day + self.model.random.lognormvariate(stay.mu, stay.sigma)
        self.model.confirmed += 1

    def end_observation(self, person: Person) -> None:
        """Test a carrier; release after enough negatives, go on observing otherwise."""
        model = self.model
        for number in range(self.rules.carrier_negatives):
            if model.laboratory.is_positive(person, model.day - number):
                person.observed_until = model.day + self.rules.carrier_retest
                return
        person.register = "carrier_released"
        person.stage = "released"
