"""What a run adds up to, person by person."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.world.codes import NEVER, NONE, CaughtBy, Stage
from sim.world.compiled import compiled, entry
from sim.world.detection import Detection, detection_of
from sim.world.draws import IntArray
from sim.world.fates import Fate, fate_of
from sim.world.natural_history import infectiousness_in
from sim.world.origins import Origin, origin_of
from sim.world.records import Rows, default_of
from sim.world.state import Ints, IntTable, World
from sim.world.state_of_people import Person

if TYPE_CHECKING:
    from sim.world.model import BorderModel


class Tally:
    """Sums over people: outcomes of these names, see ``outcomes_of``.

    Infectiousness is weighted by each person's own infectivity and is in units of the whole
    infectiousness of an average person: times a reproduction number it is expected infections.
    """

    gave_up: int
    stranded_person_days: float
    entrants: int
    infected_travellers: int
    infected_at_entry: int
    days_until_infected_entrant: float = NEVER

    infected_at_source: int
    infected_on_board: int
    infected_in_staging: int
    infected_in_quarantine: int

    # Of infected travellers who entered.
    infectiousness: float
    infectiousness_after_release: float
    infectiousness_on_journey: float
    infectiousness_after_entry: float
    infectiousness_in_quarantine: float
    community_infectiousness: float
    community_infectious_days: float

    quarantine_person_days: float

    illegal_attempts: int
    illegal_caught: int
    illegal_turned_back: int
    illegal_entered: int
    illegal_entered_infected: int
    seen_by_patrols: int
    seen_by_sensors: int
    caught_on_report: int
    captured_by_residents: int

    hospital_outbreak_size: int
    """Infected through the patient, without them."""
    local_first_positives: int
    days_until_local_case: float = NEVER


@entry
def add_up(
    world: World, tally: Rows[Tally], fates: IntTable, detected: Ints, local: IntTable
) -> None:
    """Add up what became of everybody.

    Args:
        world: the world.
        tally: one record.
        fates: infected travellers by day of crossing and ``Fate``, shape (days + 1, fates); the
            last row is for those who did not cross.
        detected: those of them who crossed, by ``Detection``, shape (detections,).
        local: infected residents by day of infection and ``Origin``, shape (days, origins).
    """
    run, sums = world.run[0], tally[0]
    for i in range(run.people):
        person = world.people[i]
        _add_journey(world, sums, person)
        if person.tried_at < NEVER:
            _add_crossing(sums, person)
        if person.local:
            _add_resident(world, sums, i, local)
        if run.patient != NONE:
            sums.hospital_outbreak_size += _is_through(world, i, run.patient)
        if i < run.travellers and person.infected_at < NEVER:
            day = int(min(person.crossed_at, float(run.days)))
            fates[day, fate_of(person)] += 1
            sums.infected_travellers += 1
            _add_where_infected(world, sums, person)
            if person.crossed_at < NEVER:
                detected[detection_of(person)] += 1
                _add_infectiousness(world, sums, person)


@compiled
def _add_journey(world: World, sums: Tally, person: Person) -> None:
    """Count where a person came to, and for how long they were stranded and in quarantine."""
    days = world.run[0].days
    sums.gave_up += person.stage == Stage.GAVE_UP
    sums.stranded_person_days += person.stranded_days
    if person.stage == Stage.STRANDED:
        sums.stranded_person_days += days - person.stranded_since
    if person.quarantined_at < days:
        leaves = min(person.released_at, person.first_positive_at, float(days))
        sums.quarantine_person_days += leaves - person.quarantined_at
    if person.crossed_at < NEVER:
        sums.entrants += person.tried_at == NEVER
        if person.infected_at <= person.crossed_at:
            sums.infected_at_entry += 1
            first = min(sums.days_until_infected_entrant, person.crossed_at)
            sums.days_until_infected_entrant = first


@compiled
def _add_crossing(sums: Tally, person: Person) -> None:
    """Count what became of someone who tried to cross away from the ports."""
    sums.illegal_attempts += 1
    if person.stage == Stage.CROSSING:  # the calendar ends before it is known
        return
    if person.caught_by == CaughtBy.NOT_CAUGHT:
        sums.illegal_entered += 1
        sums.illegal_entered_infected += person.infected_at <= person.crossed_at
        return
    if person.stage == Stage.TURNED_BACK:
        sums.illegal_turned_back += 1
    else:
        sums.illegal_caught += 1
    sums.seen_by_patrols += person.caught_by == CaughtBy.PATROL
    sums.seen_by_sensors += person.caught_by == CaughtBy.SENSOR
    sums.caught_on_report += person.caught_by == CaughtBy.REPORT
    sums.captured_by_residents += person.caught_by == CaughtBy.CAPTURE


@compiled
def _add_resident(world: World, sums: Tally, i: int, local: IntTable) -> None:
    """Count a resident who is infected, by what brought the infection into town."""
    run, person = world.run[0], world.people[i]
    if person.first_positive_at < run.days:
        sums.local_first_positives += 1
        first = min(sums.days_until_local_case, person.first_positive_at)
        sums.days_until_local_case = first
    if person.infected_at == NEVER:
        return
    day = int(min(max(person.infected_at, 0.0), run.days - 1.0))
    local[day, origin_of(world, i)] += 1


@compiled
def _is_through(world: World, i: int, patient: int) -> bool:
    """Tell whether someone's chain of infection leads through a patient, who is not they."""
    above = world.people[i].infector
    while above >= 0 and above != patient:
        above = world.people[above].infector
    return above == patient


@compiled
def _add_where_infected(world: World, sums: Tally, person: Person) -> None:
    """Count an infected traveller where they were infected."""
    first_leg = world.run[0].places
    if first_leg <= person.infected_in and person.infected_in < first_leg + len(world.legs):
        sums.infected_on_board += 1
    # A quarantine site may stand in a town on the way.
    elif person.quarantined_at < person.infected_at:
        sums.infected_in_quarantine += 1
    elif person.infected_in == world.run[0].start:
        sums.infected_at_source += 1
    else:
        for number in range(len(world.towns)):
            sums.infected_in_staging += person.infected_in == world.towns[number].location


@compiled
def _add_infectiousness(world: World, sums: Tally, person: Person) -> None:
    """Add the infectiousness of an infected traveller who entered where it falls.

    A positive test, tracing or self-isolation takes someone out of contact with others; who comes
    out of isolation is in contact again.
    """
    crossed = person.crossed_at
    comes, goes = min(person.released_at, person.in_community_from), NEVER
    for out_of_contact in (person.first_positive_at, person.isolated_at):
        if out_of_contact >= comes:
            goes = min(goes, out_of_contact)
    sums.infectiousness += infectiousness_in(world, person, person.infected_at, NEVER)
    released = infectiousness_in(world, person, person.released_at, NEVER)
    sums.infectiousness_after_release += released
    sums.infectiousness_on_journey += infectiousness_in(world, person, person.set_out_at, crossed)
    sums.infectiousness_after_entry += infectiousness_in(world, person, crossed, NEVER)
    sums.infectiousness_in_quarantine += infectiousness_in(world, person, crossed, comes)
    sums.community_infectiousness += infectiousness_in(world, person, comes, goes)
    begins = max(comes, person.infectious_from)
    ends = min(goes, person.infectious_until, float(world.run[0].days))
    sums.community_infectious_days += max(ends - begins, 0.0)


@dataclass(frozen=True)
class Sums:
    """What a run adds up to.

    Attributes:
        of_people: the fields of ``Tally`` by name.
        fates: infected travellers by ``Fate``, shape (fates,).
        fates_by_entry_day: those of them who crossed, by day and fate, shape (days, fates).
        detected: those of them who crossed, by ``Detection``, shape (detections,).
        local_by_day: infected residents by day of infection and ``Origin``, shape (days, origins).
    """

    of_people: dict[str, float]
    fates: IntArray
    fates_by_entry_day: IntArray
    detected: IntArray
    local_by_day: IntArray


def sums_of(model: "BorderModel") -> Sums:
    """Return what a run adds up to so far."""
    days, tally = model.scenario.calendar.days, default_of(Tally).copy()
    fates = np.zeros((days + 1, len(Fate)), np.int64)
    local = np.zeros((days, len(Origin)), np.int64)
    detected = np.zeros(len(Detection), np.int64)
    add_up(model.world, tally, fates, detected, local)
    of_people = dict(zip(tally.dtype.names, tally[0].tolist(), strict=True))
    return Sums(of_people, fates.sum(axis=0), fates[:-1], detected, local)
