"""Quarantine: beds, swabs on schedule and on symptoms, breaches, and the end of the stay."""

import math

from sim.engine.agenda import due_today, plan
from sim.engine.arrival_tests import ask_for_tests
from sim.engine.compiled import compiled
from sim.engine.community import enter_community
from sim.engine.draws import draw, draw_once
from sim.engine.laboratory import receive
from sim.engine.lists import append, free, take_first
from sim.engine.quarantine_exit import let_go
from sim.engine.quarantine_rooms import mix_rooms, move_in
from sim.engine.state import NEVER, NONE, Due, FoundBy, List, Person, Stage, World
from sim.engine.surveillance import count
from sim.world.bulletin import Flow
from sim.world.draws import Stream


@compiled
def take_in(world: World, i: int, time: float, home: int) -> None:
    """Send an entrant to the first facility with a free bed, or home when every one is full.

    Those who come together follow a ``begin_intake``, in the order in which they crossed.

    Args:
        world: the world.
        i: the person.
        time: when they crossed.
        home: number of the site that stands for the homes of the place that they came to.
    """
    person, number = world.people[i], _site_for(world, home)
    site = world.sites[number]
    person.site, person.location, person.stage = number, site.location, Stage.IN_QUARANTINE
    person.quarantined_at = time
    site.occupied += 1
    count(world, Flow.QUARANTINE_IN, site.location, time)
    if site.is_home:
        count(world, Flow.HOME_IN, site.location, time)
    move_in(world, i, number)
    _begin_stay(world, i, time)
    ask_for_tests(world, i, time)
    _watch_for_symptoms(world, i)


@compiled
def home_of(world: World, place: int) -> int:
    """Return the number of the homes to which those go who come to a place behind a port."""
    for port in world.ports:
        if port.town == place:
            return port.home
    return NONE


@compiled
def _site_for(world: World, home: int) -> int:
    """Return where an entrant of today goes; those who do not have to stay anywhere, home."""
    day = world.run[0].day
    if not world.days[day].stay > 0:
        return home
    for number in range(len(world.sites)):
        site = world.sites[number]
        if not site.is_home:
            beds: float = world.in_force[site.unit, day].beds
            if site.occupied + 1 <= beds:
                return number
    return home


@compiled
def _begin_stay(world: World, i: int, since: float) -> None:
    """Plan swabs, release and breach of a stay that begins at ``since``."""
    run, person = world.run[0], world.people[i]
    today = world.days[run.day]
    release = since + today.stay
    breach = _breach_time(world, person, since)
    if breach < release:
        plan(world, Due.BREACH, i, breach, 0, 0)
    # Anyone who is brought back at the moment at which the stay began goes on with it.
    if person.planned_release == release:
        return
    person.planned_release = release
    plan(world, Due.RELEASE, i, release, 0, 0)
    for k in range(today.stay_swabs, today.stay_swabs_end):
        swab = world.swab_times[k]
        plan(world, Due.SCHEDULED_SWAB, i, since + swab.days, swab.assay, 0)


@compiled
def _breach_time(world: World, person: Person, since: float) -> float:
    """Draw when a person would break the quarantine, by a hazard that changes by day."""
    site = world.sites[person.site]
    brought_back = person.breaches > 0
    # Those who never meant to keep it leave at once; brought back, they do keep it.
    if not brought_back and not draw_once(world, Stream.KEEPS_QUARANTINE, person) < site.kept_by:
        return since
    if site.breach_per_day == 0:
        return NEVER
    u = draw(world, Stream.BREACH, person.key, person.breaches)
    days = -math.log(u) / site.breach_per_day
    growth = site.breach_growth
    if growth != 0:
        days = math.log1p(days * growth) / growth if days * growth > -1 else NEVER
    # Anyone who has just been brought back is watched until midnight.
    return max(since + days, world.run[0].day + 1.0) if brought_back else since + days


@compiled
def _watch_for_symptoms(world: World, i: int) -> None:
    """Plan swabs for a person who has symptoms in quarantine, if they are noticed."""
    run, person = world.run[0], world.people[i]
    came, onset = person.quarantined_at, person.onset_at
    # Falling ill is noticed however short the illness is; an older illness must still show.
    if onset == NEVER or not (onset >= came or came < person.symptoms_end_at):
        return
    if draw_once(world, Stream.SYMPTOMS_NOTICED, person) < run.symptoms_noticed:
        for k in range(run.symptom_swabs, run.symptom_swabs_end):
            swab = world.swab_times[k]
            plan(world, Due.SYMPTOM_SWAB, i, max(onset, came) + swab.days, swab.assay, 0)


@compiled
def settle_breaches(world: World) -> None:
    """Find out who leaves today without permission, and when; monitoring brings some back."""
    run, due = world.run[0], due_today(world, Due.BREACH)
    for _ in range(due.length):
        number = take_first(world, due)
        i, time = world.entries[number].person, world.entries[number].time
        free(world, number)
        if _gets_away(world, i, time):
            world.people[i].released_at = time
            append(world, run.breaching, i, time, 0, 0)


@compiled
def _gets_away(world: World, i: int, time: float) -> bool:
    """Tell whether a person breaks the quarantine and is not brought back."""
    person = world.people[i]
    if person.stage != Stage.IN_QUARANTINE or not time < person.planned_release:
        return False
    u = draw(world, Stream.MONITORING, person.key, person.breaches)
    person.breaches += 1
    if u < world.days[world.run[0].day].monitoring:
        _begin_stay(world, i, time)
        return False
    return True


@compiled
def take_quarantine_swabs(world: World) -> None:
    """Send today's swabs to the laboratory, of those who are there at that minute."""
    _take_swabs(world, Due.SYMPTOM_SWAB, FoundBy.SYMPTOMS)
    _take_swabs(world, Due.SCHEDULED_SWAB, FoundBy.SCHEDULED_TEST)


@compiled
def _take_swabs(world: World, agenda: int, reason: int) -> None:
    """Take the swabs of one agenda, assay by assay."""
    due = due_today(world, agenda)
    for assay in range(len(world.assays)):
        number = due.first
        while number != NONE:
            swab = world.entries[number]
            number = swab.next
            if swab.what == assay and _is_there(world.people[swab.person], swab.time, reason):
                receive(world, swab.person, swab.time, reason, assay)
    while due.first != NONE:
        free(world, take_first(world, due))


@compiled
def _is_there(person: Person, time: float, reason: int) -> bool:
    """Tell whether a person can be swabbed in quarantine at ``time``."""
    if not time < min(person.released_at, person.first_positive_at):
        return False
    if reason == FoundBy.SCHEDULED_TEST:
        # A schedule may ask for a swab at the very moment of release.
        return time <= person.planned_release
    return time < person.planned_release


@compiled
def step_quarantine(world: World) -> None:
    """Settle who leaves today, let room-mates infect each other until then, and let go."""
    run = world.run[0]
    _settle_releases(world)
    mix_rooms(world, run.victims)
    while run.victims.first != NONE:
        number = take_first(world, run.victims)
        i = world.entries[number].person
        free(world, number)
        _watch_for_symptoms(world, i)
        if world.people[i].stage == Stage.RELEASED:  # in the course of the day, after the infection
            enter_community(world, i)
    _let_go_all(world, run.breaching, Stage.BREACHED)
    _let_go_all(world, run.released, Stage.RELEASED)


@compiled
def _let_go_all(world: World, leaving: List, stage: int) -> None:
    """Let those in a list go who are still in quarantine, and empty the list."""
    while leaving.first != NONE:
        number = take_first(world, leaving)
        i = world.entries[number].person
        free(world, number)
        if world.people[i].stage == Stage.IN_QUARANTINE:
            let_go(world, i, stage)


@compiled
def _settle_releases(world: World) -> None:
    """Put those whose stay ends today in the list of those who are released."""
    run, due = world.run[0], due_today(world, Due.RELEASE)
    left = due.length  # what is planned meanwhile is due tomorrow
    while left > 0:
        number = take_first(world, due)
        i, time = world.entries[number].person, world.entries[number].time
        free(world, number)
        left -= 1
        if i == NONE or not _may_leave(world.people[i], time):
            continue
        person = world.people[i]
        if person.results_awaited == 0:
            person.released_at = max(person.planned_release, person.last_result_at)
            append(world, run.released, i, time, 0, 0)
            continue
        # Those who have a result to wait for stay until it comes.
        if person.breaches > 0:
            _forget_other_stays(world, due, left, i)
        plan(world, Due.RELEASE, i, time + 1.0, 0, 0)


@compiled
def _may_leave(person: Person, time: float) -> bool:
    """Tell whether the stay of a person has ended by ``time``."""
    if person.stage != Stage.IN_QUARANTINE or person.released_at < NEVER:
        return False
    return person.planned_release <= time


@compiled
def _forget_other_stays(world: World, due: List, left: int, i: int) -> None:
    """Cross a person out in the first entries of a list: one entry is enough.

    Anyone who was brought back while waiting for a result has an entry for each stay.
    """
    number = due.first
    for _ in range(left):
        if world.entries[number].person == i:
            world.entries[number].person = NONE
        number = world.entries[number].next
