"""An outbreak through hospital wards, seeded by an arrival on another route."""

import numpy as np

from sim.world.close_contacts import Together, add_pair, mix_close_contacts
from sim.world.codes import EXTERNAL, NEVER, NONE, Register, Stage
from sim.world.community import mix_in
from sim.world.compiled import compiled, entry
from sim.world.contact_tracing import call_in
from sim.world.contagion import is_susceptible, mix
from sim.world.institution import Institution
from sim.world.lists import append, pop
from sim.world.natural_history import draw_natural_history, start_infection
from sim.world.residents import has_room_for, someone
from sim.world.room import make_more_room
from sim.world.state import Floats, Ints, World


@entry
def found_outbreak(world: World) -> bool:
    """Choose neighbours and the arrival, who is infected.

    Returns:
        Whether that needs more room; to be called again when there is.
    """
    run = world.run[0]
    community = world.communities[run.outbreak_town]
    if not has_room_for(world, community, run.outbreak_neighbours + 1):
        return True
    house = someone(world, community, run.outbreak_neighbours + 1)
    for i in house[:-1]:
        append(world, run.neighbours, i, 0.0, 0, 0)
    run.arrival = house[-1]
    _infect_arrival(world)
    mix_in(world, community, run.arrival)
    for i in house[:-1]:
        add_pair(world, run.next_door, run.arrival, i)
    return False


@compiled
def _infect_arrival(world: World) -> None:
    """Infect the arrival, who never has symptoms and lives in town after quarantine.

    Of average infectiousness: that there was an outbreak is known.
    """
    run = world.run[0]
    draw_natural_history(world, run.arrival)
    person = world.people[run.arrival]
    person.local, person.asymptomatic, person.infectivity = False, True, 1.0
    person.in_community_from = run.outbreak_arrives + run.outbreak_home_quarantine
    infected = run.outbreak_arrives - run.outbreak_infected_before
    location = world.communities[run.outbreak_town].location
    start_infection(world, run.arrival, infected, EXTERNAL, location)


@entry
def step_outbreak(world: World) -> bool:
    """Let the arrival infect neighbours, and people on the wards infect each other.

    Returns:
        Whether those on the wards need more room; to be called again when there is.
    """
    run = world.run[0]
    if run.outbreak_town == NONE:
        return False
    _mix_next_door(world)
    if run.patient == NONE and run.day == int(run.outbreak_admitted):
        patient = _infected_last(world)
        if patient != NONE:
            community = world.communities[run.outbreak_town]
            if not has_room_for(world, community, _on_wards(world)):
                return True
            _admit(world, patient)
    if run.patient == NONE or run.detected_at < NEVER:
        return False
    for ward in range(len(world.wards)):
        _mix_on(world, ward)
    _look_for_a_case(world)
    return False


@compiled
def _mix_next_door(world: World) -> None:
    """Expose the neighbours of the arrival; asked again on the same day, it does nothing."""
    run = world.run[0]
    location = world.communities[run.outbreak_town].location
    mix_close_contacts(
        world,
        run.next_door,
        Together.NEXT_DOOR,
        run.neighbour_hazard,
        location,
        run.outbreak_victims,
    )
    while run.outbreak_victims.first != NONE:
        i, _ = pop(world, run.outbreak_victims)
        mix_in(world, world.communities[run.outbreak_town], i)


@compiled
def _infected_last(world: World) -> int:
    """Return the neighbour who was infected last before the admission, or NONE."""
    run, people = world.run[0], world.people
    last, place = NONE, run.neighbours.first
    while place != NONE:
        i = world.entries[place].person
        place = world.entries[place].next
        is_later = last == NONE or people[i].infected_at > people[last].infected_at
        infected = people[i].infected_at < run.outbreak_admitted
        if infected and is_later and people[i].register == Register.NONE:
            last = i
    return last


@compiled
def _on_wards(world: World) -> int:
    """Return how many people are on the wards, without the patient."""
    total = 0
    for number in range(len(world.wards)):
        total += world.wards[number].people
    return total


@compiled
def _admit(world: World, patient: int) -> None:
    """Take a neighbour to hospital.

    Like the arrival of average infectiousness: that the outbreak went on is known.
    """
    run, person = world.run[0], world.people[patient]
    run.patient = patient
    person.infectivity, person.stage = 1.0, Stage.PATIENT
    person.isolated_at = min(run.outbreak_admitted, person.isolated_at)
    everybody = someone(world, world.communities[run.outbreak_town], _on_wards(world))
    comes, taken = run.outbreak_admitted, 0
    for number in range(len(world.wards)):
        ward = world.wards[number]
        ward.comes, comes = comes, ward.leaves
        for i in everybody[taken : taken + ward.people]:
            append(world, ward.members, i, 0.0, 0, 0)
        taken += ward.people


@compiled
def _mix_on(world: World, number: int) -> None:
    """Expose everybody on a ward to everybody infectious there today."""
    ward, run, community = world.wards[number], world.run[0], world.run[0].outbreak_town
    who = np.empty(ward.members.length + 1, np.int64)
    comes, leaves = np.empty(len(who)), np.empty(len(who))
    here, place = 0, ward.members.first
    while place != NONE:
        i = world.entries[place].person
        place = world.entries[place].next
        here = _add(world, i, -NEVER, world.people[i].isolated_at, who, comes, leaves, here)
    here = _add(world, run.patient, ward.comes, ward.leaves, who, comes, leaves, here)
    if here == 0:
        return
    location = world.communities[community].location
    victims = mix(world, who[:here], comes[:here], leaves[:here], location, ward.hazard, 0.0)
    for i in who[:victims]:
        mix_in(world, world.communities[community], i)


@compiled
def _add(
    world: World,
    i: int,
    since: float,
    until: float,
    who: Ints,
    comes: Floats,
    leaves: Floats,
    here: int,
) -> int:
    """Add a person to those who are on a ward today, if they come before they leave."""
    day = world.run[0].day
    begins = max(since, float(day))
    ends = min(until, world.people[i].first_positive_at, day + 1.0)
    if begins < ends:
        who[here], comes[here], leaves[here] = i, begins, ends
        here += 1
    return here


@compiled
def _look_for_a_case(world: World) -> None:
    """When someone on a ward has been registered, trace everybody infected there."""
    run = world.run[0]
    first = world.people[run.patient].first_positive_at
    for number in range(len(world.wards)):
        place = world.wards[number].members.first
        while place != NONE:
            first = min(first, world.people[world.entries[place].person].first_positive_at)
            place = world.entries[place].next
    if first == NEVER:
        return
    run.detected_at = first
    called = first + world.communities[run.outbreak_town].tracing_delay
    call_in(world, run.patient, called)
    for number in range(len(world.wards)):
        place = world.wards[number].members.first
        while place != NONE:
            i = world.entries[place].person
            place = world.entries[place].next
            if not is_susceptible(world.people[i]):
                call_in(world, i, called)


class HospitalOutbreak(Institution):
    """An arrival who infects neighbours, one of whom infects others in hospital."""

    @property
    def arrival(self) -> int:
        """Number of the person who brings the infection."""
        return int(self.record.arrival)

    @property
    def patient(self) -> int | None:
        """Number of the person who brings it into hospital; None so far."""
        patient = int(self.record.patient)
        return None if patient == NONE else patient

    def step(self) -> None:
        """Let the arrival infect neighbours, and people on the wards infect each other."""
        while step_outbreak(self.world):
            make_more_room(self.world)
