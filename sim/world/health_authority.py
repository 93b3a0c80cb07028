"""The health authority: keeps the registers, isolates, and reviews its carriers.

A positive test makes a person a *confirmed* case if symptoms are diagnosed, and an *asymptomatic
carrier* otherwise. A carrier shows disease when symptoms begin, when those that were missed become
severe, or when an examination (CT) finds something; a panel of experts decides some time later, and
then the case is confirmed. A review round examines many carriers and decides on them at once. One
who never shows disease is released after negative tests. Registers only move forward.
"""

import math

from sim.world.agenda import due_today, plan
from sim.world.codes import NEVER, NONE, NOON, Due, Register, Stage
from sim.world.compiled import compiled, entry
from sim.world.contact_tracing import follow_up
from sim.world.distributions import quantile
from sim.world.draws import Stream
from sim.world.event_counts import count_case
from sim.world.hospital import admit, discharge
from sim.world.institution import Institution
from sim.world.keyed_draw import draw, draw_once
from sim.world.laboratory import NEGATIVE, PCR, is_positive
from sim.world.lists import append, clear, free, pop, remove_after, take_first
from sim.world.natural_history import is_severe
from sim.world.quarantine_exit import hand_over, is_reachable
from sim.world.state import World
from sim.world.state_of_people import List, Person
from sim.world.surveillance import Flow

_DAY_BETWEEN_NEGATIVES = 1.0


@entry
def register_results(world: World) -> None:
    """Register those whose positive results of today are known."""
    due = due_today(world, Due.RESULT)
    number = due.first
    while number != NONE:
        result = world.entries[number]
        person = world.people[result.person]
        person.results_awaited -= 1
        # Swabs for several assays, or by priority, are not worked off in the order of results.
        person.last_result_at = max(person.last_result_at, result.time)
        number = result.next
    registered = world.run[0].registered
    while due.first != NONE:
        number = take_first(world, due)
        result = world.entries[number]
        i, time, reason = result.person, result.time, result.what
        free(world, number)
        if reason != NEGATIVE and _is_here(world, i, time):
            _register(world, i, time, reason)
            append(world, registered, i, time, 0, 0)
    follow_up(world, registered)
    clear(world, registered)


@compiled
def _is_here(world: World, i: int, time: float) -> bool:
    """Tell whether a person can be registered: who left before the result is out of reach."""
    person = world.people[i]
    if person.register != Register.NONE:
        return False
    return is_reachable(world, i, time) or person.seeks_care


@compiled
def _register(world: World, i: int, time: float, reason: int) -> None:
    """Register a first positive test and isolate the person."""
    run, person = world.run[0], world.people[i]
    person.first_positive_at, person.found_by = time, reason
    person.registered_in = person.location
    count_case(world, Flow.FIRST_POSITIVES, person, time)
    if person.stage == Stage.IN_QUARANTINE:
        # Who would have broken the quarantine later today does not.
        person.released_at = NEVER
        hand_over(world, i, time)
    person.stage = Stage.ISOLATED
    admit(world, i, time)
    is_ill = person.onset_at <= time
    if is_ill and _is_diagnosed(world, person, time):
        _confirm(world, i, time)
        return
    person.register = Register.CARRIER
    append(world, run.carriers, i, time, 0, 0)
    count_case(world, Flow.CARRIERS_IN, person, time)
    # Symptoms that begin in hospital are seen there; those that were missed, once they are severe.
    seen_at = person.severe_at if is_ill else person.onset_at
    person.shows_disease_at = min(seen_at, _found_at(world, person, time))
    u = draw_once(world, Stream.DECISION_DELAY, person)
    decided_at = person.shows_disease_at + quantile(run.decision_delay, world.tables, u)
    plan(world, Due.CONVERSION, i, decided_at, 0, 0)
    plan(world, Due.OBSERVATION_END, i, time + run.carrier_observation, 0, 0)


@compiled
def _is_diagnosed(world: World, ill: Person, time: float) -> bool:
    """Tell whether the symptoms of an ill person are diagnosed when they are registered."""
    u = draw_once(world, Stream.SYMPTOMS_DIAGNOSED, ill)
    return u < world.run[0].symptoms_diagnosed or is_severe(ill, time)


@compiled
def _found_at(world: World, carrier: Person, since: float) -> float:
    """Return when an examination of a carrier would find disease."""
    per_day = world.run[0].findings_per_day
    if per_day == 0:
        return NEVER
    return since - math.log(draw_once(world, Stream.FINDINGS, carrier)) / per_day


@compiled
def _confirm(world: World, i: int, time: float) -> None:
    """Put a person down as a confirmed case."""
    run, person = world.run[0], world.people[i]
    person.register, person.confirmed_at = Register.CONFIRMED, time
    count_case(world, Flow.CONFIRMED, person, time)
    u = draw_once(world, Stream.HOSPITAL_STAY, person)
    plan(world, Due.DISCHARGE, i, time + quantile(run.hospital_stay, world.tables, u), 0, 0)


@entry
def step_authority(world: World) -> None:
    """Work through the day's decisions, reviews, tests for release and discharges, in order."""
    noon = world.run[0].day + NOON
    converted = due_today(world, Due.CONVERSION)
    observed = due_today(world, Due.OBSERVATION_END)
    _follow_carriers(world, converted, observed, noon)
    _review(world, noon)
    _follow_carriers(world, converted, observed, NEVER)
    _forget_former_carriers(world)
    due = due_today(world, Due.DISCHARGE)
    while due.first != NONE:
        i, time = pop(world, due)
        person = world.people[i]
        person.register, person.closed_at = Register.CLOSED, time
        count_case(world, Flow.CLOSED, person, time)
        _end_isolation(world, i, time)


@compiled
def _follow_carriers(world: World, converted: List, observed: List, until: float) -> None:
    """Confirm or release carriers before ``until``, whichever comes first for each.

    Args:
        world: the world.
        converted: carriers whom the panel decides on, because they show disease; taken out.
        observed: carriers whose observation ends; taken out.
        until: end of the part of the day.
    """
    while True:
        decided, over = converted.first, observed.first
        decided_at = world.entries[decided].time if decided != NONE else NEVER
        over_at = world.entries[over].time if over != NONE else NEVER
        if min(decided_at, over_at) >= until:
            return
        # A decision at the very end of the observation still counts.
        is_decision = decided_at <= over_at
        i, time = pop(world, converted) if is_decision else pop(world, observed)
        if world.people[i].register != Register.CARRIER:
            continue
        if is_decision:
            _convert(world, i, time, False)
        else:
            _end_observation(world, i, time)


@compiled
def _convert(world: World, i: int, time: float, at_review: bool) -> None:
    """Move a carrier to the confirmed register."""
    world.people[i].confirmed_at_review = at_review
    count_case(world, Flow.CARRIERS_OUT, world.people[i], time)
    _confirm(world, i, time)


@compiled
def _review(world: World, noon: float) -> None:
    """Hold a review round: examine a share of the carriers at noon, and decide on them at once."""
    run = world.run[0]
    if not world.days[run.day].is_review:
        return
    share = world.days[run.day].review_share
    number = run.carriers.first
    while number != NONE:
        i = world.entries[number].person
        number = world.entries[number].next
        person = world.people[i]
        if person.register != Register.CARRIER or person.first_positive_at > noon:
            continue
        u = draw(world, Stream.REVIEW, person.key, person.reviews)
        person.reviews += 1
        findings = 1.0 if person.shows_disease_at <= noon else run.review_findings
        if u < share * findings:
            _convert(world, i, noon, True)


@compiled
def _end_observation(world: World, i: int, time: float) -> None:
    """Test a carrier whose observation is over, and release them with enough negatives.

    One who shows disease stays until the panel has decided.
    """
    run, person, positive = world.run[0], world.people[i], False
    if person.shows_disease_at <= time:
        return
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
def _end_isolation(world: World, i: int, time: float) -> None:
    """Let a person go who was isolated."""
    person = world.people[i]
    discharge(world, i, time)
    person.stage, person.location = Stage.RELEASED, person.registered_in
    person.released_at = min(person.released_at, time)


@compiled
def _forget_former_carriers(world: World) -> None:
    """Keep only those in the list of carriers who still are some."""
    carriers = world.run[0].carriers
    before, number = NONE, carriers.first
    while number != NONE:
        if world.people[world.entries[number].person].register == Register.CARRIER:
            before, number = number, world.entries[number].next
        else:
            number = remove_after(world, carriers, before, number)


class HealthAuthority(Institution):
    """Keeps the registers: carriers, confirmed cases, and those whose case is closed."""

    def register(self) -> None:
        """Register those whose first positive result is known by now."""
        register_results(self.world)

    def step(self) -> None:
        """Confirm carriers who are decided on or reviewed, and discharge those who are well."""
        step_authority(self.world)
