"""Who is swabbed or registered at which minute, and whether they were there to be."""

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.world.codes import NONE, Due, Stage
from sim.world.laboratory import PCR
from sim.world.model import BorderModel
from sim.world.state_of_people import List

_QUARANTINE, _TOWN, _CONTACTS, _BORDER = "quarantine", "town", "contacts", "border"


def numbers_in(entries: Any, of: List) -> list[int]:
    """Return the numbers of the entries of a list, in order."""
    numbers, number = [], int(of.first)
    while number != NONE:
        numbers.append(number)
        number = int(entries["next"][number])
    return numbers


class SwabLog:
    """Watches what institutions send to the laboratory, and checks every day's swabs.

    The laboratory's queue shows swabs for its own test; a swab for another assay shows as a result
    to come, as long after the swab as that assay takes. What a swab leads to on its own day is left
    out: the laboratory works by the day, so a second swab of that day is not called off.
    """

    def __init__(self, model: BorderModel) -> None:
        self._model, self._world = model, model.world
        self._swabs: list[tuple[str, np.ndarray, np.ndarray, np.ndarray]] = []
        self._breaks_at: dict[int, float] = {}
        for institution in (*model.land_ports, *model.border_guards):
            institution.step = self._watched(_BORDER, institution.step)
        for asks, institution, agendas in (
            (_QUARANTINE, model.quarantine, (Due.SYMPTOM_SWAB, Due.SCHEDULED_SWAB)),
            (_TOWN, model.arrival_tests, (Due.ARRIVAL_TEST,)),
            (_CONTACTS, model.tracing, ()),
            *((_TOWN, town, ()) for town in model.residents.values()),
        ):
            institution.take_swabs = self._watched(asks, institution.take_swabs, agendas)
        model.laboratory.step = self._within_capacity(model.laboratory.step)
        model.quarantine.decide_breaches = self._noting_breaches(model.quarantine.decide_breaches)

    def _watched(
        self, asks: str, act: Callable[[], None], agendas: tuple[int, ...] = ()
    ) -> Callable[[], None]:
        def watched() -> None:
            run, people = self._world.run[0], self._model.people
            known = people.first_positive_at.copy()
            tests, waiting = int(people.tests.sum()), int(run.swabs.length)
            planned = self._for_other_assays(agendas)
            before = self._lengths_of_results()
            act()
            swabs = self._entries(run.swabs)[waiting:]
            swabs += self._at_once(planned, before)
            # Results that come after the calendar are not kept: swabs for them cannot be seen.
            unseen = people.tests.sum() - tests - len(swabs)
            assert 0 <= unseen <= sum(result >= run.days for _, result, _ in planned)
            rows = np.array([row for row, _ in swabs], dtype=np.int64)
            self._swabs.append((asks, rows, np.array([time for _, time in swabs]), known[rows]))

        return watched

    def _entries(self, of: List) -> list[tuple[int, float]]:
        entries = np.asarray(self._world.entries)
        numbers = numbers_in(entries, of)
        people, times = entries["person"][numbers], entries["time"][numbers]
        return list(zip(people.tolist(), times.tolist(), strict=True))

    def _for_other_assays(self, agendas: tuple[int, ...]) -> list[tuple[int, float, float]]:
        """Return the person, the time of the result and the time of each swab that may be taken."""
        world, planned = self._world, []
        entries, run = np.asarray(world.entries), world.run[0]
        for agenda in agendas if len(world.assays) > 1 else ():
            for day in {max(0, run.day - 1), run.day, run.days}:
                numbers = numbers_in(entries, world.agendas[agenda, day])
                for row, time, assay in entries[["person", "time", "what"]][numbers].tolist():
                    if assay != PCR:
                        result = time + float(world.assays[assay].turnaround)
                        planned.append((row, result, time))
        return planned

    def _lengths_of_results(self) -> list[int]:
        return np.asarray(self._world.agendas)["length"][Due.RESULT].tolist()

    def _at_once(
        self, planned: list[tuple[int, float, float]], before: list[int]
    ) -> list[tuple[int, float]]:
        """Return the swabs that were tested at once: their results are new in the agenda."""
        due = {(row, result): time for row, result, time in planned}
        swabs: list[tuple[int, float]] = []
        for day, (old, new) in enumerate(zip(before, self._lengths_of_results(), strict=True)):
            if new > old:
                results = self._entries(self._world.agendas[Due.RESULT, day])[old:]
                assert due.keys() >= set(results), "nobody was to be swabbed then"
                swabs += [(row, due[row, time]) for row, time in results]
        return swabs

    def _within_capacity(self, step: Callable[[], None]) -> Callable[[], None]:
        """Check that the laboratory works off no more swabs than it can, and leaves none it could.

        Swabs for other assays never come to it.
        """

        def checked() -> None:
            run, waiting = self._world.run[0], self._model.laboratory.backlog
            before = self._model.laboratory.tests
            step()
            done = self._model.laboratory.tests - before
            assert done == min(waiting, self._world.days[run.day].laboratory_capacity)
            assert done == waiting - self._model.laboratory.backlog

        return checked

    def _noting_breaches(self, settle: Callable[[], None]) -> Callable[[], None]:
        def noting() -> None:
            settle()
            self._breaks_at = dict(self._entries(self._world.run[0].breaching))

        return noting

    def check_day(self) -> None:
        """Check what was logged since the last day."""
        people = self._model.people
        for asks, rows, times, first_positive in self._swabs:
            assert (times <= first_positive).all(), asks
            came, left = people.quarantined_at[rows], people.released_at[rows]
            in_community = (people.in_community_from[rows] <= times) | people.local[rows]
            if asks == _BORDER:
                assert (people.crossed_at[rows] == times).all()
            elif asks == _QUARANTINE:
                assert (came <= times).all()
                breached = people.stage[rows] == Stage.BREACHED
                # Found by an earlier swab of the same day: that swab is the exception.
                not_found = people.first_positive_at[rows] >= times
                assert (times <= left)[~breached & not_found].all()
                assert (times < left)[breached].all()
            elif asks == _TOWN:
                assert in_community.all()
            else:
                assert (people.isolated_at[rows] <= times).all()
        self._swabs.clear()
        for row, breaks_at in self._breaks_at.items():
            reached = people.first_positive_at[row]
            assert reached <= breaks_at or not self._model.day - 1 <= reached < self._model.day
        self._breaks_at = {}
