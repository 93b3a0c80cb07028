"""The natural history of an infection in one person, and how infectious it makes that person."""

from sim.world.codes import NEVER
from sim.world.compiled import compiled, entry
from sim.world.distributions import quantile
from sim.world.draws import Stream
from sim.world.event_counts import count
from sim.world.keyed_draw import draw_once
from sim.world.state import World
from sim.world.state_of_people import Person
from sim.world.surveillance import Flow


@compiled
def infect(world: World, i: int, time: float, infector: int, location: int) -> None:
    """Infect person ``i`` at ``time``.

    Args:
        world: the world.
        i: the person.
        time: in days.
        infector: who infects them, or ``EXTERNAL``.
        location: code of the place where it happens.
    """
    draw_natural_history(world, i)
    start_infection(world, i, time, infector, location)


@entry
def draw_all_courses(world: World) -> None:
    """Draw the natural history of an infection in everybody, unless it is known already."""
    for i in range(world.run[0].people):
        draw_natural_history(world, i)


@compiled
def draw_natural_history(world: World, i: int) -> None:
    """Draw what an infection does in person ``i``, unless that is known already."""
    run, tables, person = world.run[0], world.tables, world.people[i]
    if person.incubation < NEVER:
        return
    person.incubation = quantile(
        run.incubation, tables, draw_once(world, Stream.INCUBATION, person)
    )
    u = draw_once(world, Stream.ASYMPTOMATIC, person)
    person.asymptomatic = u < run.asymptomatic_share
    u = draw_once(world, Stream.ONSET_TO_SEVERE, person)
    person.onset_to_severe = quantile(run.onset_to_severe, tables, u)
    u = draw_once(world, Stream.INFECTIVITY, person)
    person.infectivity = quantile(run.infectivity, tables, u)
    if person.asymptomatic:
        person.infectivity *= run.asymptomatic_infectiousness


@compiled
def start_infection(world: World, i: int, time: float, infector: int, location: int) -> None:
    """Begin the infection of a person whose natural history has been drawn; see ``infect``."""
    run, person = world.run[0], world.people[i]
    ends_incubation = time + person.incubation
    person.infected_at, person.infector, person.infected_in = time, infector, location
    person.onset_at = NEVER if person.asymptomatic else ends_incubation
    person.severe_at = ends_incubation + person.onset_to_severe
    person.symptoms_end_at = ends_incubation + illness(world, person)
    zero = ends_incubation if run.since_onset else time
    begins, ends = window(world, person)
    person.infectious_from = max(time + run.shortest_latent, zero + begins)
    person.infectious_until = max(person.infectious_from, zero + ends)
    count(world, Flow.INFECTIONS, location, time)


@compiled
def illness(world: World, person: Person) -> float:
    """Return the days from the end of incubation to recovery."""
    u = draw_once(world, Stream.RECOVERY, person)
    if person.asymptomatic:
        return quantile(world.run[0].asymptomatic_lasts, world.tables, u)
    return quantile(world.run[0].symptoms_last, world.tables, u)


@compiled
def window(world: World, person: Person) -> tuple[float, float]:
    """Return when a person is infectious, in days since the moment that times count from."""
    run, tables = world.run[0], world.tables
    if not run.is_constant:
        return run.window_begins, run.window_ends
    latent = quantile(run.latent, tables, draw_once(world, Stream.LATENCY, person))
    lead = quantile(run.lead, tables, draw_once(world, Stream.LEAD, person))
    u = draw_once(world, Stream.INFECTIOUS_PERIOD, person)
    lasts = quantile(run.lasts_asymptomatic if person.asymptomatic else run.lasts, tables, u)
    return latent - lead, latent + lasts


@compiled
def infectiousness_before(world: World, days: float) -> float:
    """Return the share of infectiousness before ``days``, uncut by its window.

    Constant infectiousness: as if it had always been there. Only differences mean anything.
    """
    run = world.run[0]
    if run.is_constant:
        return days * run.peak_density
    at = min(max((days - run.profile_first) * run.profile_per_day, 0.0), run.profile_nodes - 1.0)
    node = int(at)
    share = world.tables[run.profile + node]
    if node == run.profile_nodes - 1:
        return float(share)
    return float(share + (at - node) * (world.tables[run.profile + node + 1] - share))


@compiled
def infectiousness_between(world: World, person: Person, begins: float, ends: float) -> float:
    """Return the share of a person's infectiousness between two times, infectivity left out.

    Both times lie in the window in which the person is infectious.
    """
    zero = person.infected_at
    if world.run[0].since_onset:
        zero += person.incubation
    return infectiousness_before(world, ends - zero) - infectiousness_before(world, begins - zero)


@compiled
def infectious_days(world: World, person: Person, begins: float, ends: float) -> float:
    """Return a person's infectiousness between two times as days at the average peak.

    Both times lie in the window in which the person is infectious.
    """
    share = infectiousness_between(world, person, begins, ends)
    return person.infectivity * share / world.run[0].peak_density


@compiled
def infectiousness_in(world: World, person: Person, since: float, until: float) -> float:
    """Return an infected person's infectiousness between any two times, infectivity included.

    In units of the whole uncut infectiousness of an average person.
    """
    ends = min(until, person.infectious_until)
    begins = min(max(since, person.infectious_from), ends)
    return person.infectivity * infectiousness_between(world, person, begins, ends)


@compiled
def shows_symptoms(person: Person, time: float) -> bool:
    """Tell whether symptoms can be seen at ``time``."""
    return person.onset_at <= time and time < person.symptoms_end_at


@compiled
def is_severe(person: Person, time: float) -> bool:
    """Tell whether a person is severely ill at ``time``."""
    return person.severe_at <= time and not person.asymptomatic
