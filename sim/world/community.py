"""The residents of a place: what comes over the border spreads in households and community.

Every resident has two Exp(1) thresholds, one for the household and one for the community, and
is infected when the first of them is passed (as under the sum of both hazards). The community's
hazard is the same for all, so those whose threshold it passes are the next in a random order:
only they and their households are ever made, and ten million residents cost no more than ten
thousand.
"""

from typing import TYPE_CHECKING

import numpy as np

from sim.world.agenda import due_today, plan
from sim.world.close_contacts import (
    Together,
    add_pair,
    mix_close_contacts,
    out_of_contact_from,
)
from sim.world.codes import EXTERNAL, NEVER, NONE, FoundBy, Stage
from sim.world.community_order import leave_out_last, threshold_after, threshold_of_next
from sim.world.compiled import compiled, entry
from sim.world.contagion import is_susceptible
from sim.world.draws import Stream
from sim.world.households import members, resident_key, shuffled
from sim.world.institution import Institution
from sim.world.keyed_draw import draw, draw_once
from sim.world.laboratory import PCR, receive
from sim.world.lists import append, clear, pop, remove_after
from sim.world.natural_history import infect, infectious_days
from sim.world.numbers import count_up_to
from sim.world.residents import follow, has_room_for, missing, row_of, someone
from sim.world.room import make_more_room
from sim.world.state import Floats, Ints, World
from sim.world.state_of_institutions import Community
from sim.world.state_of_people import Person

if TYPE_CHECKING:
    from sim.scenario.residents import Residents as Settings

_RESIDENT_BITS = np.uint64(31)


@entry
def seed_community(world: World, number: int) -> bool:
    """Infect the first residents, chosen at random, from outside as the calendar begins.

    Returns:
        Whether it needs more room, see ``Run.people_needed``; to be called again when there is.
    """
    community = world.communities[number]
    if not has_room_for(world, community, community.infected_at_start):
        return True
    leave_out_last(community, community.infected_at_start)
    rows = someone(world, community, community.infected_at_start)
    for i in rows:
        infect(world, i, 0.0, EXTERNAL, community.location)
    for i in rows:
        mix_in(world, community, i)
    return False


@compiled
def enter_community(world: World, i: int) -> None:
    """Let a person, if infected, mix in the place where they are."""
    person = world.people[i]
    if is_susceptible(person):
        return
    _isolate_at_onset(world, person)
    for number in range(len(world.communities)):
        if world.communities[number].location == person.location:
            mix_in(world, world.communities[number], i)


@compiled
def _isolate_at_onset(world: World, person: Person) -> None:
    """Let some people stay away from everybody once they have fallen ill.

    Also those whose symptoms are over: they know that they may be infectious.
    """
    share = world.days[world.run[0].day].self_isolation
    over = max(person.symptoms_end_at, person.infectious_until)
    if share == 0 or person.onset_at == NEVER or person.in_community_from >= over:
        return
    if draw_once(world, Stream.SELF_ISOLATION, person) < share:
        onset = max(person.onset_at, person.in_community_from)
        person.isolated_at = min(person.isolated_at, onset)


@compiled
def mix_in(world: World, community: Community, i: int) -> None:
    """Let an infected person mix from ``in_community_from`` on, and test some of them."""
    append(world, community.spreading, i, 0.0, 0, 0)
    if community.household_hazard > 0 and i >= world.run[0].travellers:
        _pair_with_household(world, community, i)
    _go_to_a_doctor(world, community, i)


@compiled
def _pair_with_household(world: World, community: Community, i: int) -> None:
    """Remember who lives with an infected resident; they have been made together."""
    resident = int(np.int64(world.people[i].key - community.key))
    first, after = members(world, community, resident)
    for member in range(first, after):
        if member != resident:
            mate = row_of(world, resident_key(community, member))
            add_pair(world, community.house_mates, i, mate)


@compiled
def _go_to_a_doctor(world: World, community: Community, i: int) -> None:
    """Plan the swab of a person whose symptoms bring them to a doctor."""
    run, person = world.run[0], world.people[i]
    came, onset = person.in_community_from, person.onset_at
    # Falling ill brings people to a doctor, however short the illness; an older one that shows.
    if onset < came and came >= person.symptoms_end_at:
        return
    onset = max(onset, came)
    if onset >= run.days:
        return
    day = int(max(onset, float(run.day)))
    tested: float = world.in_force[community.unit, day].symptomatic_testing
    if run.has_border and person.stage == Stage.INSIDE:
        tested *= run.crossers_seek_care
    if draw_once(world, Stream.TESTED_IN_TOWN, person) < tested:
        plan(world, community.agenda, i, onset + community.test_delay, 0, 0)


@entry
def take_doctor_swabs(world: World, number: int) -> None:
    """Swab those whose symptoms have brought them to a doctor today."""
    due = due_today(world, world.communities[number].agenda)
    while due.first != NONE:
        i, time = pop(world, due)
        if time < out_of_contact_from(world.people[i]):
            world.people[i].seeks_care = True
            receive(world, i, time, FoundBy.SYMPTOMS, PCR)


@compiled
def restrict_household(world: World, community: Community, i: int, time: float) -> None:
    """Note that the household of a registered person is restricted from ``time`` on."""
    key = world.people[i].key
    if world.people[i].household == NONE or key >> _RESIDENT_BITS != (
        community.key >> _RESIDENT_BITS
    ):
        return
    first, after = members(world, community, int(np.int64(key - community.key)))
    for member in range(first, after):
        mate = row_of(world, resident_key(community, member))
        if mate != NONE:
            world.people[mate].restricted_from = min(world.people[mate].restricted_from, time)


@entry
def step_community(world: World, number: int) -> bool:
    """Let people infect each other in the community and at home.

    Returns:
        Whether it needs more room, see ``Run.people_needed``; to be called again when there is.
    """
    community, day = world.communities[number], world.run[0].day
    if community.phase == 0:
        _begin_day(world, community)
        if community.acting.first == NONE:
            return False
        _mix_households(world, community)
        community.phase = 1
    while True:
        if not _mix_in_community(world, community):
            return True
        clear(world, community.acting)
        while community.victims.first != NONE:
            i, _ = pop(world, community.victims)
            mix_in(world, community, i)
            # Those who are infected in the morning may infect others before the day is over.
            if world.people[i].infectious_from < day + 1:
                append(world, community.acting, i, 0.0, 0, 0)
        if community.acting.first == NONE:
            community.phase = 0
            return False
        _mix_households(world, community)


@compiled
def _begin_day(world: World, community: Community) -> None:
    """Forget those who infect nobody any more; the others act in the first round of the day."""
    before, place = NONE, community.spreading.first
    while place != NONE:
        i = world.entries[place].person
        if _until(world.people[i]) > world.run[0].day:
            append(world, community.acting, i, 0.0, 0, 0)
            before, place = place, world.entries[place].next
        else:
            place = remove_after(world, community.spreading, before, place)


@compiled
def _until(person: Person) -> float:
    """Return when a person ceases to infect others, as far as it is known."""
    return min(person.infectious_until, out_of_contact_from(person))


@compiled
def _mix_households(world: World, community: Community) -> None:
    mix_close_contacts(
        world,
        community.house_mates,
        Together.HOUSEHOLD,
        community.household_hazard,
        community.location,
        community.victims,
    )


@compiled
def _mix_in_community(world: World, community: Community) -> bool:
    """Add what those who act do to the community's hazard today, and infect those it passes.

    Returns:
        Whether there was room for those who become infected; otherwise nothing has happened.
    """
    run, people, most = world.run[0], world.people, community.acting.length
    who, sums = np.empty(most, np.int64), np.empty(most)
    begins, ends = np.empty(most), np.empty(most)
    in_force = world.in_force[community.unit, run.day]
    per_day = community.community_hazard * (1 - in_force.lockdown) / community.people
    acting, added, place = 0, 0.0, community.acting.first
    while place != NONE:
        i = world.entries[place].person
        place = world.entries[place].next
        since = max(people[i].infectious_from, people[i].in_community_from, float(run.day))
        until = min(_until(people[i]), run.day + 1.0)
        if since < until:
            load = infectious_days(world, people[i], since, until)
            if people[i].restricted_from <= run.day:
                load *= 1 - in_force.house_restrictions
            added += per_day * load
            who[acting], sums[acting], begins[acting], ends[acting] = i, added, since, until
            acting += 1
    if added == 0:
        return True
    before = community.hazard
    residents, thresholds, after = _infected_by(world, community, before + added)
    needed = 0
    for resident in residents:
        needed += missing(world, community, resident)
    if run.people + needed > len(people):
        run.people_needed = needed
        return False
    community.hazard = before + added
    community.drawn += len(residents)
    community.next_threshold = after
    for n in range(len(residents)):
        i = follow(world, community, residents[n])
        if is_susceptible(people[i]):
            u = draw(world, Stream.COMMUNITY_INFECTOR, people[i].key, 0)
            by = min(count_up_to(u * added, sums, 0, acting), acting - 1)
            progress = (thresholds[n] - before) / added
            time = begins[by] + progress * (ends[by] - begins[by])
            infect(world, i, time, who[by], community.location)
            append(world, community.victims, i, time, 0, 0)
    return True


@compiled
def _infected_by(world: World, community: Community, hazard: float) -> tuple[Ints, Floats, float]:
    """Return who comes next, up to a cumulative ``hazard``.

    Returns:
        Residents, their thresholds, and the threshold of the one after them.
    """
    count, threshold = 0, threshold_of_next(world, community)
    while threshold <= hazard:
        count += 1
        threshold = threshold_after(world, community, community.drawn + count, threshold)
    residents, thresholds = np.empty(count, np.int64), np.empty(count)
    after = threshold_of_next(world, community)
    for n in range(count):
        residents[n] = shuffled(world, community, community.drawn + n)
        thresholds[n] = after
        after = threshold_after(world, community, community.drawn + n + 1, after)
    return residents, thresholds, after


class Residents(Institution):
    """The residents of a place behind the border, of whom those are followed who matter."""

    table = "communities"

    @property
    def settings(self) -> "Settings":
        """The place, as the scenario describes it."""
        return self.model.scenario.residents[self.name]

    def take_swabs(self) -> None:
        """Take the swabs of those who go to a doctor today."""
        take_doctor_swabs(self.world, self.number)

    def step(self) -> None:
        """Let those who are infectious in the community and at home infect others."""
        while step_community(self.world, self.number):
            make_more_room(self.world)
