"""A stretch of border away from the ports: who crosses it, and who is seen."""

from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.border import Border, Stretch
from sim.world.agenda import Agenda
from sim.world.bulletin import Flow
from sim.world.crossing_choice import add_urge, chance_of_attempt
from sim.world.draws import FloatArray, IntArray, Stream, name_key
from sim.world.informants import false_reports_per_day, what_informants_do
from sim.world.institution import Institution
from sim.world.population import CaughtBy, FoundBy, Stage
from sim.world.quantiles import poisson_quantile

if TYPE_CHECKING:
    from sim.world.model import BorderModel

_HOURS_PER_DAY = 24.0


def patrol_detection(stretch: Stretch, patrols: float) -> float:
    """Return the probability that one of ``patrols`` sees a crosser (Koopman's random search)."""
    hours = stretch.time_in_area * _HOURS_PER_DAY
    swept = patrols * stretch.sweep_width_km * stretch.speed_km_h * hours
    return float(-np.expm1(-swept / stretch.area_km2))


class BorderGuard(Institution):
    """Watches one stretch with patrols, sensors and residents; hands over whoever is caught.

    Args:
        model: the world.
        name: the stretch.
        border: prices, tastes and informants.
        stretch: where it is.

    Attributes:
        perceived: what those who might cross believe the probability of being caught to be.
    """

    def __init__(self, model: "BorderModel", name: str, border: Border, stretch: Stretch) -> None:
        super().__init__(model, name)
        self.border = border
        self.stretch = stretch
        self.location = model.geography.code[stretch.end]
        self.perceived = border.crossers.perceived_detection
        self._arrivals = Agenda()
        days = np.arange(model.scenario.calendar.days)
        keys = np.full(len(days), name_key(name), dtype=np.uint64)
        self._false_report_lots = self.draws.uniform(Stream.FALSE_REPORTS, keys, days)

    def weigh(self, rows: IntArray) -> None:
        """Let the stranded ``rows`` think about crossing here this evening."""
        day = self.model.day
        days_lost = self.policy.detention[day] + self.policy.quarantine_stay[day]
        chance = chance_of_attempt(
            self.people,
            rows,
            self.border.crossers,
            self.perceived,
            self.policy.fine[day],
            days_lost,
        )
        add_urge(self.people, rows, chance)

    def attempt(self, rows: IntArray, times: FloatArray) -> None:
        """Let ``rows`` set out at ``times``, and settle who sees them on the way."""
        if not len(rows):
            return
        people = self.people
        people.stage[rows] = Stage.CROSSING
        people.tried_at[rows] = times
        people.crossed_in[rows] = self.location
        self.model.bulletin.count(Flow.ILLEGAL_ATTEMPTS, self.location, times)
        people.caught_by[rows] = self._seen_by(rows, times)
        self._arrivals.add(rows, times + self.stretch.trip)

    def _seen_by(self, rows: IntArray, times: FloatArray) -> IntArray:
        """Return what each crosser is caught by: those at the line first, then residents."""
        day, stretch, lots = self.model.day, self.stretch, self.lots
        patrol = patrol_detection(stretch, float(self.policy.patrols[self.name][day]))
        report, capture = self.model.reward_office.offer(day)
        u = lots.of(Stream.INFORMANT_COST, rows)
        act = what_informants_do(self.border.informants, stretch, report, capture, u)
        acted = lots.of(Stream.INFORMANT_ACTS, rows) < act.probability
        succeeded = acted & (lots.of(Stream.INFORMANT_SUCCEEDS, rows) < act.success)
        by_residents = np.where(act.captures, CaughtBy.CAPTURE, CaughtBy.REPORT)
        caught_by = np.where(succeeded, by_residents, CaughtBy.NOT_CAUGHT)
        by_sensor = lots.of(Stream.SENSOR, rows) < self.policy.sensors[self.name][day]
        caught_by[by_sensor] = CaughtBy.SENSOR
        caught_by[lots.of(Stream.PATROL, rows) < patrol] = CaughtBy.PATROL
        self.model.bulletin.count(Flow.REPORTS, self.location, times[acted & ~act.captures])
        return caught_by

    def step(self) -> None:
        """Receive today's crossers, and let what has been seen and heard move perceptions."""
        day = self.model.day
        announced = self.policy.reward_announcements.get(day, 0.0)
        if announced > 0:
            heard = announced / (announced + self.border.informants.scale)
            effect = self.border.crossers.announcement_effect * heard
            self.perceived += effect * (1 - self.perceived)
        self._take_false_reports(day)
        rows, times = self._arrivals.due(day)
        if not len(rows):
            return
        order = np.lexsort((rows, times))
        rows, times = rows[order], times[order]
        caught_by = self.people.caught_by[rows]
        at_line = (caught_by == CaughtBy.PATROL) | (caught_by == CaughtBy.SENSOR)
        back = at_line & (self.lots.of(Stream.TURNED_BACK, rows) < self.stretch.turned_back)
        caught = (caught_by != CaughtBy.NOT_CAUGHT) & ~back
        self._send_back(rows[back], times[back])
        self._hand_over(rows[caught], times[caught])
        entered = ~(caught | back)
        self._let_in(rows[entered], times[entered])
        seen = float((caught | back).mean())
        self.perceived += self.border.crossers.learning * (seen - self.perceived)

    def _send_back(self, rows: IntArray, times: FloatArray) -> None:
        start = self.model.geography.code[self.stretch.start]
        self.people.stage[rows] = Stage.TURNED_BACK
        self.people.location[rows] = start
        self.model.bulletin.count(Flow.TURNED_BACK, start, times)

    def _hand_over(self, rows: IntArray, times: FloatArray) -> None:
        """Quarantine and swab those who were caught, and promise rewards to who caught them."""
        if not len(rows):
            return
        people = self.people
        people.crossed_at[rows] = times
        people.location[rows] = self.location
        self.model.bulletin.count(Flow.ILLEGAL_CAUGHT, self.location, times)
        self.model.quarantine.take_in(rows, times, self.location)
        self.model.laboratory.receive(rows, times, FoundBy.CAUGHT)
        by_residents = people.caught_by[rows] >= CaughtBy.REPORT
        delay = self.border.informants.payout_delay
        self.model.reward_office.promise(rows[by_residents], times[by_residents], delay)

    def _let_in(self, rows: IntArray, times: FloatArray) -> None:
        """Let those whom nobody caught live in town, out of quarantine."""
        if not len(rows):
            return
        people = self.people
        people.crossed_at[rows] = times
        people.at_large_from[rows] = times
        people.location[rows] = self.location
        people.stage[rows] = Stage.INSIDE
        self.model.bulletin.count(Flow.ILLEGAL_ENTERED, self.location, times)
        self.model.release_into_town(rows)

    def _take_false_reports(self, day: int) -> None:
        """Count the reports of nobody, which grow with the reward as true ones do."""
        informants = self.border.informants
        if informants.false_reports_per_day == 0:
            return
        report, _ = self.model.reward_office.offer(day)
        mean = false_reports_per_day(informants, report)
        number = poisson_quantile(mean, float(self._false_report_lots[day]))
        here, noon = np.array([self.location]), np.array([day + 0.5])
        self.model.bulletin.book(Flow.REPORTS, here, noon, np.array([number]))
