"""The health authority: keeps the registers, isolates, and reviews its carriers.

A positive test makes a person a *confirmed* case if there are symptoms, and an *asymptomatic
carrier* otherwise. A carrier becomes confirmed on onset, when an examination (CT) finds disease,
or at a review round, which examines many at once; one with none of these is released after
negative tests. Registers only move forward.
"""

import math

from sim.engine.agenda import due_today, plan
from sim.engine.compiled import compiled
from sim.engine.contact_tracing import follow_up
from sim.engine.distributions import quantile
from sim.engine.draws import draw, draw_once
from sim.engine.hospital import admit, leave_hospital
from sim.engine.laboratory import PCR, is_positive
from sim.engine.lists import append, free, remove_after, take_first
from sim.engine.quarantine_exit import hand_over, is_reachable
from sim.engine.state import NEVER, NONE, NOON, Due, Person, Register, Stage, World
from sim.engine.surveillance import count_case
from sim.world.bulletin import Flow
from sim.world.draws import Stream

_DAY_BETWEEN_NEGATIVES = 1.0


@compiled
def register_results(world: World) -> None:
    """Register those whose positive results of today are known.

    Asked again on the same day, it registers those whose results have come since. All are
    isolated before the contacts of any of them are looked for.
    """
    run, due = world.run[0], due_today(world, Due.RESULT)
    while due.first != NONE:
        number = take_first(world, due)
        result = world.entries[number]
        i, time, reason = result.person, result.time, result.what
        free(world, number)
        person = world.people[i]
        person.results_awaited -= 1
        # Swabs for several assays, or by priority, are not worked off in the order of results.
        person.last_result_at = max(person.last_result_at, time)
        if reason != NONE and _can_be_registered(world, i, time):
            _isolate(world, i, time, reason)
            append(world, run.registered, i, time, 0, 0)
    if run.registered.first == NONE:
        return
    follow_up(world, run.registered)
    while run.registered.first != NONE:
        number = take_first(world, run.registered)
        case = world.entries[number]
        i, time = case.person, case.time
        free(world, number)
        _enter(world, i, time)


@compiled
def _can_be_registered(world: World, i: int, time: float) -> bool:
    """Tell whether a first positive result reaches a person at ``time``.

    Those who left the quarantine before the result are out of reach.
    """
    person = world.people[i]
    return person.register == Register.NONE and person.first_positive_at == NEVER and (
        is_reachable(world, i, time) or person.seeks_care
    )


@compiled
def _isolate(world: World, i: int, time: float, reason: int) -> None:
    """Move a person from quarantine to a hospital bed, or isolate them where they are."""
    person = world.people[i]
    person.first_positive_at, person.found_by = time, reason
    person.registered_in = person.location
    count_case(world, Flow.FIRST_POSITIVES, person, time)
    if person.stage == Stage.IN_QUARANTINE:
        # Anyone who would have broken the quarantine later today does not.
        person.released_at = NEVER
        hand_over(world, i, time)
    person.stage = Stage.ISOLATED
    admit(world, i, time)


@compiled
def _enter(world: World, i: int, time: float) -> None:
    """Enter an isolated person in the register of confirmed cases, or in that of carriers."""
    run, person = world.run[0], world.people[i]
    if person.onset_at <= time:
        _confirm(world, i, time)
        return
    person.register = Register.CARRIER
    append(world, run.carriers, i, time, 0, 0)
    count_case(world, Flow.CARRIERS_IN, person, time)
    plan(world, Due.CONVERSION, i, min(person.onset_at, _found(world, person, time)), 0, 0)
    plan(world, Due.OBSERVATION_END, i, time + run.carrier_observation, 0, 0)


@compiled
def _found(world: World, carrier: Person, since: float) -> float:
    """Return when an examination of a carrier would find disease."""
    per_day = world.run[0].findings_per_day
    if per_day == 0:
        return NEVER
    return since + -math.log(draw_once(world, Stream.FINDINGS, carrier)) / per_day


@compiled
def step_authority(world: World) -> None:
    """Work through the day's onsets, reviews, tests for release and discharges, in order."""
    noon = world.run[0].day + NOON
    due_today(world, Due.CONVERSION)
    # What is planned while they are gone through is due tomorrow.
    observed = due_today(world, Due.OBSERVATION_END).length
    observed = _follow_carriers(world, observed, noon)
    _review(world, noon)
    _follow_carriers(world, observed, NEVER)
    _forget_former_carriers(world)
    discharged = due_today(world, Due.DISCHARGE)
    while discharged.first != NONE:
        number = take_first(world, discharged)
        case = world.entries[number]
        i, time = case.person, case.time
        free(world, number)
        _discharge(world, i, time)


@compiled
def _follow_carriers(world: World, observed: int, until: float) -> int:
    """Confirm or release carriers up to ``until``, whichever comes first for each of them.

    Args:
        world: the world.
        observed: carriers whose observation ends today and who have not been looked at.
        until: end of the part of the day, in days.

    Returns:
        How many of those are left.
    """
    day = world.run[0].day
    ill, over = world.agendas[Due.CONVERSION, day], world.agendas[Due.OBSERVATION_END, day]
    while True:
        falls_ill, ends = NEVER, NEVER
        if ill.first != NONE:
            falls_ill = world.entries[ill.first].time
        if observed > 0:
            ends = world.entries[over.first].time
        if not min(falls_ill, ends) < until:
            return observed
        if ends < falls_ill:
            observed -= 1
            number = take_first(world, over)
        else:
            number = take_first(world, ill)
        i = world.entries[number].person
        free(world, number)
        if world.people[i].register != Register.CARRIER:
            continue
        if ends < falls_ill:
            _end_observation(world, i, ends)
        else:
            _convert(world, i, falls_ill, False)


@compiled
def _convert(world: World, i: int, time: float, at_review: bool) -> None:
    """Move a carrier to the register of confirmed cases."""
    person = world.people[i]
    person.confirmed_at_review = at_review
    count_case(world, Flow.CARRIERS_OUT, person, time)
    _confirm(world, i, time)


@compiled
def _confirm(world: World, i: int, time: float) -> None:
    """Register a person as a confirmed case."""
    run, person = world.run[0], world.people[i]
    person.register, person.confirmed_at = Register.CONFIRMED, time
    count_case(world, Flow.CONFIRMED, person, time)
    u = draw_once(world, Stream.HOSPITAL_STAY, person)
    plan(world, Due.DISCHARGE, i, time + quantile(run.hospital_stay, world.tables, u), 0, 0)


@compiled
def _review(world: World, noon: float) -> None:
    """Hold a review round: confirm a share of the carriers who are there at noon."""
    run = world.run[0]
    share = world.days[run.day].review_share
    if share == 0:
        return
    number = run.carriers.first
    while number != NONE:
        i, number = world.entries[number].person, world.entries[number].next
        person = world.people[i]
        if person.register != Register.CARRIER or not person.first_positive_at <= noon:
            continue
        u = draw(world, Stream.REVIEW, person.key, person.reviews)
        person.reviews += 1
        if u < share * run.review_findings:
            _convert(world, i, noon, True)


@compiled
def _end_observation(world: World, i: int, time: float) -> None:
    """Test a carrier whose observation is over, and release them if all tests are negative."""
    run, person = world.run[0], world.people[i]
    positive = False
    for number in range(run.carrier_negatives):
        taken = time - _DAY_BETWEEN_NEGATIVES * number
        # Carriers are tested by the hospital's own laboratory, outside the queue of swabs.
        if is_positive(world, Stream.RELEASE_TEST, i, taken, person.release_tests, PCR):
            positive = True
        person.release_tests += 1
    if positive:
        plan(world, Due.OBSERVATION_END, i, time + run.carrier_retest, 0, 0)
        return
    person.register = Register.CARRIER_RELEASED
    count_case(world, Flow.CARRIERS_OUT, person, time)
    _end_isolation(world, i, time)


@compiled
def _discharge(world: World, i: int, time: float) -> None:
    """Close a case whose hospital stay is over."""
    person = world.people[i]
    person.register, person.closed_at = Register.CLOSED, time
    count_case(world, Flow.CLOSED, person, time)
    _end_isolation(world, i, time)


@compiled
def _end_isolation(world: World, i: int, time: float) -> None:
    leave_hospital(world, i, time)
    person = world.people[i]
    person.stage, person.location = Stage.RELEASED, person.registered_in
    person.released_at = min(person.released_at, time)


@compiled
def _forget_former_carriers(world: World) -> None:
    carriers = world.run[0].carriers
    before, number = NONE, carriers.first
    while number != NONE:
        if world.people[world.entries[number].person].register == Register.CARRIER:
            before, number = number, world.entries[number].next
        else:
            number = remove_after(world, carriers, before, number)
