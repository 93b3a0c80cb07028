"""Quarantine: beds, swabs on schedule and on symptoms, breaches, and release."""

import math

from sim.world.agenda import due_today, plan
from sim.world.arrival_tests import plan_arrival_tests
from sim.world.codes import NEVER, NONE, Due, FoundBy, Stage
from sim.world.community import enter_community
from sim.world.compiled import compiled, entry
from sim.world.draws import Stream
from sim.world.event_counts import count
from sim.world.institution import Institution
from sim.world.keyed_draw import draw, draw_once
from sim.world.laboratory import receive
from sim.world.lists import append, clear, pop
from sim.world.quarantine_exit import let_go
from sim.world.quarantine_rooms import mix_room_mates, move_in
from sim.world.state import World
from sim.world.state_of_people import Person
from sim.world.surveillance import Flow


@compiled
def take_in(world: World, i: int, time: float, home: int) -> None:
    """Send an entrant to the first facility with a free bed, and home when every one is full.

    Args:
        world: the world.
        i: the entrant.
        time: when they crossed the border.
        home: number of the site that stands for quarantine at home.
    """
    person, number = world.people[i], _site_with_a_bed(world, home)
    site = world.sites[number]
    site.occupied += 1
    person.site, person.location, person.stage = number, site.location, Stage.IN_QUARANTINE
    person.quarantined_at = time
    count(world, Flow.QUARANTINE_IN, site.location, time)
    if site.is_home:
        count(world, Flow.HOME_IN, site.location, time)
    move_in(world, i, number)
    _begin_stay(world, i, time)
    plan_arrival_tests(world, i, time)
    _watch_for_symptoms(world, i)


@compiled
def _site_with_a_bed(world: World, home: int) -> int:
    """Return the first facility with a free bed, or the home: also of those who need not stay."""
    day = world.run[0].day
    if world.days[day].stay == 0:
        return home
    for number in range(len(world.sites)):
        site = world.sites[number]
        beds: float = world.in_force[site.unit, day].beds
        if not site.is_home and site.occupied + 1 <= beds:
            return number
    return home


@compiled
def _begin_stay(world: World, i: int, since: float) -> None:
    """Plan swabs, release and breach of a stay that begins at ``since``."""
    today, person = world.days[world.run[0].day], world.people[i]
    release = since + today.stay
    breach = _when_broken(world, person, since)
    if breach < release:
        plan(world, Due.BREACH, i, breach, 0, 0)
    # Who is brought back at the moment at which the stay began goes on with it.
    if person.planned_release == release:
        return
    person.planned_release = release
    plan(world, Due.RELEASE, i, release, 0, 0)
    for k in range(today.stay_swabs, today.stay_swabs_end):
        swab = world.swab_times[k]
        plan(world, Due.SCHEDULED_SWAB, i, since + swab.days, swab.assay, 0)


@compiled
def _when_broken(world: World, person: Person, since: float) -> float:
    """Return when a person would break the quarantine, by a hazard that changes by day."""
    site, brought_back = world.sites[person.site], person.breaches > 0
    # Those who never meant to keep it leave at once; brought back, they do keep it.
    if not brought_back:
        u = draw_once(world, Stream.KEEPS_QUARANTINE, person)
        if not u < site.adherence:
            return since
    if site.breach_per_day == 0:
        return NEVER
    u = draw(world, Stream.BREACH, person.key, person.breaches)
    days = -math.log(u) / site.breach_per_day
    if site.breach_growth != 0:
        if not days * site.breach_growth > -1:
            return NEVER
        days = math.log1p(days * site.breach_growth) / site.breach_growth
    # Who has just been brought back is watched until midnight.
    return max(since + days, world.run[0].day + 1.0) if brought_back else since + days


@compiled
def _watch_for_symptoms(world: World, i: int) -> None:
    """Plan swabs for a person who has symptoms in quarantine and is noticed."""
    run, person = world.run[0], world.people[i]
    came, onset = person.quarantined_at, person.onset_at
    # Falling ill is noticed however short the illness is; an older illness must still show.
    if onset == NEVER or not (onset >= came or came < person.symptoms_end_at):
        return
    if draw_once(world, Stream.SYMPTOMS_NOTICED, person) < run.symptoms_noticed:
        for k in range(run.symptom_swabs, run.symptom_swabs_end):
            swab = world.swab_times[k]
            plan(world, Due.SYMPTOM_SWAB, i, max(onset, came) + swab.days, swab.assay, 0)


@entry
def decide_breaches(world: World) -> None:
    """Find out who leaves today without leave, and when; monitoring brings some back."""
    run = world.run[0]
    due = due_today(world, Due.BREACH)
    while due.first != NONE:
        i, time = pop(world, due)
        person = world.people[i]
        if person.stage != Stage.IN_QUARANTINE or not time < person.planned_release:
            continue
        u = draw(world, Stream.MONITORING, person.key, person.breaches)
        person.breaches += 1
        if u < world.days[run.day].monitoring:
            _begin_stay(world, i, time)
        else:
            person.released_at = time
            append(world, run.breaching, i, time, 0, 0)


@entry
def take_quarantine_swabs(world: World) -> None:
    """Send today's swabs to the laboratory, of those who are there at that minute."""
    _take_swabs(world, Due.SYMPTOM_SWAB, FoundBy.SYMPTOMS)
    _take_swabs(world, Due.SCHEDULED_SWAB, FoundBy.SCHEDULED_TEST)


@compiled
def _take_swabs(world: World, agenda: int, reason: int) -> None:
    """Take the swabs of an agenda that are due today, assay by assay."""
    due = due_today(world, agenda)
    for assay in range(len(world.assays)):
        number = due.first
        while number != NONE:
            swab = world.entries[number]
            i, time = swab.person, swab.time
            if swab.what == assay and _is_there(world.people[i], time, reason):
                receive(world, i, time, reason, assay)
            number = world.entries[number].next
    clear(world, due)


@compiled
def _is_there(person: Person, time: float, reason: int) -> bool:
    """Tell whether a person is there for a swab at ``time``."""
    if not time < min(person.released_at, person.first_positive_at):
        return False
    # A schedule may ask for a swab at the very moment of release.
    at_release = reason == FoundBy.SCHEDULED_TEST and time == person.planned_release
    return time < person.planned_release or at_release


@entry
def step_quarantine(world: World) -> None:
    """Determine who leaves today, let room-mates infect each other until then, and let go."""
    run = world.run[0]
    due = due_today(world, Due.RELEASE)
    while due.first != NONE:
        i, time = pop(world, due)
        if _is_released(world, i, time):
            append(world, run.leaving, i, time, 0, 0)
    mix_room_mates(world, run.victims)
    number = run.victims.first
    while number != NONE:
        _watch_for_symptoms(world, world.entries[number].person)
        number = world.entries[number].next
    while run.victims.first != NONE:
        i, _ = pop(world, run.victims)
        # In the course of the day, after the infection.
        if world.people[i].stage == Stage.RELEASED:
            enter_community(world, i)
    while run.breaching.first != NONE:
        i, _ = pop(world, run.breaching)
        if world.people[i].stage == Stage.IN_QUARANTINE:
            let_go(world, i, Stage.BREACHED)
    while run.leaving.first != NONE:
        i, _ = pop(world, run.leaving)
        let_go(world, i, Stage.RELEASED)


@compiled
def _is_released(world: World, i: int, time: float) -> bool:
    """Tell whether a stay ends; who has a result to wait for stays until it comes."""
    person = world.people[i]
    if (
        person.stage != Stage.IN_QUARANTINE
        or person.planned_release > time
        or person.released_at < NEVER
    ):
        return False
    if person.results_awaited > 0:
        plan(world, Due.RELEASE, i, time + 1.0, 0, 0)
        return False
    person.released_at = max(person.planned_release, person.last_result_at)
    return True


class Quarantine(Institution):
    """Keeps everybody who came over the border for a while, and has them swabbed."""

    @property
    def sites(self) -> list["QuarantineSite"]:
        """Its facilities, in the order in which they fill, and the homes of each place."""
        return self.model.quarantine_sites

    def decide_breaches(self) -> None:
        """Find out who breaks quarantine today, and who of them is brought back."""
        decide_breaches(self.world)

    def take_swabs(self) -> None:
        """Take the swabs that are due today."""
        take_quarantine_swabs(self.world)

    def step(self) -> None:
        """Release those whose stay is over and who have no result outstanding."""
        step_quarantine(self.world)


HOME = "home"
"""Name of a site that stands for quarantine at home."""


class QuarantineSite(Institution):
    """A facility with beds, or all homes of a place together."""

    table = "sites"

    @property
    def occupied(self) -> int:
        """How many are in quarantine here."""
        return int(self.record.occupied)
