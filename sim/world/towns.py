"""Towns on the near side of the border: where travellers start, change and get stranded."""

from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.route import Staging
from sim.scenario.source import CohortSource, CourseTiming, DistributedTiming
from sim.world.agenda import NO_ROWS, Agenda
from sim.world.bulletin import Flow
from sim.world.draws import FloatArray, IntArray, Stream, name_key
from sim.world.institution import Institution
from sim.world.population import EXTERNAL, NEVER, Stage
from sim.world.quantiles import Parameter, luck_of, quantile_of, settle, settled
from sim.world.setting_out import party_keys
from sim.world.source_epidemic import SourceEpidemic, infection_before_departure
from sim.world.transport import Boarding, Carrier, all_boardings
from sim.world.travellers import Decision, decide

if TYPE_CHECKING:
    from sim.world.border_guard import BorderGuard
    from sim.world.model import BorderModel


EVENING = 23 / 24
"""When the stranded decide, as a share of the day."""


class Town(Institution):
    """A place that legs start from.

    Args:
        model: the world.
        name: the place.
        carriers: the carriers of the legs that start here, by leg.
    """

    def __init__(self, model: "BorderModel", name: str, carriers: dict[str, Carrier]) -> None:
        super().__init__(model, name)
        self.location = model.geography.code[name]
        self.carriers = carriers

    def send(self, rows: IntArray, ready: FloatArray) -> None:
        """Let ``rows`` wait for the leg towards the port that each of them aims at."""
        if not len(rows):
            return
        aims = self.people.port[rows]
        for number, port in enumerate(self.model.geography.ports):
            of_port = (aims == number).nonzero()[0]
            if len(of_port):
                leg = self.model.geography.next_leg[self.name, port]
                self.carriers[leg].queue(rows[of_port], ready[of_port])


class SourceCommunity(Town):
    """The community that travellers come from, and the epidemic that it lives in."""

    def __init__(self, model: "BorderModel", name: str, carriers: dict[str, Carrier]) -> None:
        super().__init__(model, name, carriers)
        source = model.scenario.source
        self._cohort = source if isinstance(source, CohortSource) else None
        self._epidemic = (
            None
            if isinstance(source, CohortSource)
            else SourceEpidemic(source, model.scenario.calendar)
        )
        self.people.location[:] = self.location
        self._days = np.arange(model.scenario.calendar.days + 1)
        self._set_out_by: list[int] = self.people.set_out_at.searchsorted(self._days).tolist()
        self._boardings: list[tuple[Carrier, Boarding, list[int]]] = []
        """Of every carrier: who boards, and how many of them have departed when each day begins."""
        self._stage_then, self._location_then = self.people.stage, self.people.location
        if self._epidemic is not None:
            until = self._epidemic.hazard_until(self.people.set_out_at)
            self._expose(np.arange(self.people.size), np.zeros_like(until), until)

    def plan_departures(self) -> None:
        """Work out every journey of the calendar as far as the end of the first leg.

        Nothing behind that leg has a part in it, so all days are done in one sweep; ``step`` lets
        it come true day by day.
        """
        people = self.people
        self.send(np.arange(people.travellers), people.set_out_at[: people.travellers])
        for carrier in self.carriers.values():
            boarding = all_boardings([carrier.board(day) for day in self._days[:-1].tolist()])
            departed_by = boarding.departs.searchsorted(self._days).tolist()
            self._boardings.append((carrier, boarding, departed_by))
            carrier.carry(self._those_fit_to_travel(boarding))
        self._stage_then, self._location_then = people.stage.copy(), people.location.copy()
        people.stage[: people.travellers] = Stage.AT_HOME
        people.location[: people.travellers] = self.location

    def step(self) -> None:
        """Let today's parties set out, and those who have a seat depart."""
        people, day = self.people, self.model.day
        people.stage[self._set_out_by[day] : self._set_out_by[day + 1]] = Stage.SET_OUT
        for carrier, boarding, departed_by in self._boardings:
            today = slice(departed_by[day], departed_by[day + 1])
            if today.start == today.stop:
                continue
            rows, departs = boarding.rows[today], boarding.departs[today]
            people.stage[rows] = self._stage_then[rows]
            people.location[rows] = self._location_then[rows]
            on_board = (people.stage[rows] == Stage.ON_BOARD).nonzero()[0]
            carrier.announce(rows[on_board], departs[on_board])

    def turn_back(self, rows: IntArray, times: FloatArray) -> None:
        """Take home people from a port that shut before they could cross."""
        self.people.stage[rows] = Stage.GAVE_UP
        self.people.gave_up_at[rows] = times
        self.people.location[rows] = self.location

    def _those_fit_to_travel(self, boarding: Boarding) -> Boarding:
        """Infect until departure, and keep at home those whose illness forbids the journey."""
        people, rows, departs = self.people, boarding.rows, boarding.departs
        if not len(rows):
            return boarding
        if self._epidemic is not None:
            since = self._epidemic.hazard_until(people.set_out_at[rows])
            self._expose(rows, since, self._epidemic.hazard_until(departs))
            fit = (people.severe_at[rows] > departs) | people.asymptomatic[rows]
        else:
            fit = self._infect_cohort(rows, departs) > departs
        if fit.all():
            return boarding
        people.stage[rows[~fit]] = Stage.NOT_FIT_TO_TRAVEL
        return boarding.of(fit.nonzero()[0])

    def _expose(self, rows: IntArray, since: FloatArray, until: FloatArray) -> None:
        """Expose ``rows`` to the epidemic from one cumulative hazard to another.

        Every party has its own frailty, which multiplies the hazard of all its members.
        """
        assert self._epidemic is not None
        frailty = self.model.party_frailty[self.people.party[rows]]
        hit, progress = self.model.contagion.strike(rows, (until - since) * frailty)
        times = self._epidemic.time_of(since[hit] + progress * (until[hit] - since[hit]))
        self.model.contagion.infect_at(rows[hit], times, EXTERNAL, self.location)

    def _infect_cohort(self, rows: IntArray, departs: FloatArray) -> FloatArray:
        """Infect a share of ``rows`` before they depart; return when the illness of each ends.

        It ends with severe disease or with recovery, as the cohort is defined; never for those
        who are not infected.
        """
        assert self._cohort is not None
        people = self.people
        luck = luck_of(self.draws, Parameter.INFECTED_SHARE)
        share = settle(self._cohort.infected_share, luck)
        infected = (self.lots.of(Stream.COHORT_INFECTED, rows) < share).nonzero()[0]
        who = rows[infected]
        timing = self._cohort.timing
        if isinstance(timing, DistributedTiming):
            of = settled(timing.before, self.draws, Parameter.COHORT_TIMING)
            timing = timing.model_copy(update={"before": of})
        until_recovery = isinstance(timing, CourseTiming) and timing.until == "recovery"
        illness = self.model.course.illness(people, who)
        ends = illness if until_recovery else people.onset_to_severe[who]
        u = self.lots.of(Stream.COHORT_TIMING, who)
        before = infection_before_departure(timing, people.incubation[who] + ends, u)
        self.model.contagion.infect_at(who, departs[infected] - before, EXTERNAL, self.location)
        over = np.full(len(rows), NEVER)
        over[infected] = people.infected_at[who] + people.incubation[who] + ends
        return over


class StagingTown(Town):
    """A town where travellers wait for the next leg, mix, and may be held or stranded."""

    def __init__(self, model: "BorderModel", name: str, carriers: dict[str, Carrier]) -> None:
        super().__init__(model, name, carriers)
        self.staging = model.scenario.staging.get(name, Staging())
        own = name_key(name)
        connection = settled(self.staging.connection, model.draws, Parameter.CONNECTION, own)
        self._connection = quantile_of(connection)
        self.arrivals = Agenda()

    def step(self) -> None:
        """Take in arrivals, board those who can go on, let the others mix, wait or decide."""
        day = self.model.day
        self._take_in(*self.arrivals.due(day))
        boardings = [(carrier, carrier.board(day)) for carrier in self.carriers.values()]
        leaving = [(boarding.rows, boarding.departs) for _, boarding in boardings]
        self._mix(day, [*leaving, *self._ask_the_stranded(day)])
        for carrier, boarding in boardings:
            self._end_stranding(boarding.rows, boarding.departs)
            carrier.announce(*carrier.carry(self._those_fit_to_go_on(boarding)))

    def turn_back(self, rows: IntArray, times: FloatArray) -> None:
        """Take back people from a port that shut before they could cross."""
        if not len(rows):
            return
        self.people.location[rows] = self.location
        self.people.mixing_from[rows] = times
        self._strand(rows, times)
        self.send(rows, times)

    def _take_in(self, rows: IntArray, times: FloatArray) -> None:
        if not len(rows):
            return
        people, day = self.people, self.model.day
        people.location[rows] = self.location
        people.stage[rows] = Stage.STAGING
        ridden = (people.vehicle[:, rows] >= 0).sum(axis=0)
        # One draw for the party, so that it travels on together.
        lot = self.draws.uniform(Stream.CONNECTION, party_keys(people.party[rows]), ridden)
        held = self.policy.staging_quarantine[self.name][day]
        people.mixing_from[rows] = times + held
        self.send(rows, times + np.maximum(self._connection(lot), held))

    def _those_fit_to_go_on(self, boarding: Boarding) -> Boarding:
        """Keep in town those who are severely ill when they should depart."""
        people, rows = self.people, boarding.rows
        fit = (people.severe_at[rows] > boarding.departs) | people.asymptomatic[rows]
        if fit.all():
            return boarding
        people.stage[rows[~fit]] = Stage.NOT_FIT_TO_TRAVEL
        return boarding.of(fit.nonzero()[0])

    def _mix(self, day: int, leaving: list[tuple[IntArray, FloatArray]]) -> None:
        """Expose everybody who is in town today to everybody else, by the time they share.

        Args:
            day: today.
            leaving: people who leave today, and when.
        """
        staying = np.concatenate([carrier.waiting for carrier in self.carriers.values()])
        rows = np.concatenate([staying, *(rows for rows, _ in leaving)])
        leaves = np.concatenate(
            [np.full(len(staying), day + 1.0), *(times for _, times in leaving)]
        )
        comes = np.maximum(self.people.mixing_from[rows], day)
        present = (comes < leaves).nonzero()[0]
        if len(present):
            self.model.contagion.mix(
                rows[present],
                comes[present],
                leaves[present],
                self.location,
                hazard_per_day=self.staging.contact_hazard_per_day / len(present),
                from_outside_per_day=self.staging.local_hazard_per_day,
            )

    def _ask_the_stranded(self, day: int) -> list[tuple[IntArray, FloatArray]]:
        """Put down whoever cannot go on as stranded, and let them decide.

        Returns:
            Groups of people who leave town this evening, and when.
        """
        people = self.people
        stranded: list[IntArray] = [NO_ROWS]
        for carrier in self.carriers.values():
            if carrier.serves(day):
                continue
            rows, ready = carrier.ready_by(day + 1)
            newly = (people.stage[rows] != Stage.STRANDED).nonzero()[0]
            self._strand(rows[newly], np.maximum(ready[newly], day))
            stranded.append(rows)
        rows = np.concatenate(stranded)
        if not len(rows):
            return []
        guard = self._least_watched()
        if guard is not None:
            well = (people.severe_at[rows] > day + 1) | people.asymptomatic[rows]
            guard.weigh(rows[well])
        decisions = decide(self.model, rows)
        leaving = []
        crosses = rows[decisions == Decision.CROSS]
        # A traveller of the user's own may ask for what cannot be had.
        if len(crosses) and guard is not None:
            times = self._leave(crosses)
            guard.attempt(crosses, times)
            leaving.append((crosses, times))
        gave_up = rows[decisions == Decision.GIVE_UP]
        if len(gave_up):
            leaving.append((gave_up, self._give_up(gave_up)))
        diverts = rows[decisions == Decision.DIVERT]
        if len(diverts):
            self._divert(diverts)
        return leaving

    def _least_watched(self) -> "BorderGuard | None":
        """Return the stretch of border from here that people believe to be watched least."""
        guards = [guard for guard in self.model.border_guards if guard.stretch.start == self.name]
        return min(guards, key=lambda guard: (guard.perceived, guard.name), default=None)

    def _give_up(self, rows: IntArray) -> FloatArray:
        people = self.people
        times = self._leave(rows)
        people.stage[rows] = Stage.GAVE_UP
        people.gave_up_at[rows] = times
        people.location[rows] = self.model.geography.code[self.model.scenario.travellers.start]
        return times

    def _divert(self, rows: IntArray) -> None:
        ports = self.model.open_ports_from(self.name)
        if not ports:  # a traveller of the user's own may ask for what cannot be had
            return
        times = self._leave(rows)
        self.people.stage[rows] = Stage.STAGING
        parties = party_keys(self.people.party[rows])
        self.people.port[rows] = self.model.port_choice.of(parties, among=ports)
        self.send(rows, times)

    def _leave(self, rows: IntArray) -> FloatArray:
        """Take ``rows`` out of every queue in the evening and return when."""
        times = np.maximum(self.model.day + EVENING, self.people.stranded_since[rows])
        for carrier in self.carriers.values():
            carrier.leave_queue(rows)
        self._end_stranding(rows, times)
        return times

    def _strand(self, rows: IntArray, times: FloatArray) -> None:
        """Put down ``rows`` as stranded from ``times`` on."""
        if not len(rows):
            return
        people = self.people
        people.stage[rows] = Stage.STRANDED
        people.stranded_since[rows] = times
        locations = people.location[rows].astype(np.int64)
        self.model.bulletin.count(Flow.STRANDED_IN, locations, times)

    def _end_stranding(self, rows: IntArray, times: FloatArray) -> None:
        """Add up the days that the stranded among ``rows`` have waited, until ``times``."""
        people = self.people
        waited = (people.stage[rows] == Stage.STRANDED).nonzero()[0]
        if not len(waited):
            return
        rows, times = rows[waited], times[waited]
        people.stranded_days[rows] += times - people.stranded_since[rows]
        self.model.bulletin.count(Flow.STRANDED_OUT, people.location[rows].astype(np.int64), times)
