"""The laboratory: a queue of swabs, a number of tests a day, and results after a while."""

from sim.world.agenda import plan
from sim.world.assay import sensitivity
from sim.world.codes import Due, FoundBy
from sim.world.compiled import compiled, entry
from sim.world.draws import Stream
from sim.world.event_counts import count
from sim.world.institution import Institution
from sim.world.keyed_draw import draw
from sim.world.lists import append, free, put_last, sort, take_first
from sim.world.state import World
from sim.world.state_of_people import List, Person
from sim.world.surveillance import Flow

PCR = 0
"""The assay of the laboratory's queue; swabs for another one are worked off at once."""

NEGATIVE = -1
"""Instead of the reason for a swab, in a negative result."""


@compiled
def receive(world: World, i: int, taken: float, reason: int, assay: int) -> None:
    """Take in a swab of a person.

    Args:
        world: the world.
        i: the person.
        taken: when, in days.
        reason: what led to it, see ``FoundBy``.
        assay: the test that it is for.
    """
    run, person = world.run[0], world.people[i]
    ordinal = person.tests
    person.tests += 1
    person.results_awaited += 1
    count(world, Flow.SWABS, run.laboratory, taken)
    if assay == PCR:
        append(world, run.swabs, i, taken, reason, ordinal)
    else:
        _test(world, i, taken, taken, reason, ordinal, assay)


@entry
def step_laboratory(world: World) -> None:
    """Work off as many swabs as today's capacity allows, first come, first served.

    With ``suspects_first``, swabs taken on schedule come after all others of the day.
    """
    run = world.run[0]
    capacity, done = world.days[run.day].laboratory_capacity, 0
    sort(world, run.swabs)
    if run.suspects_first:
        done = _work_off(world, run.swabs, capacity, done, True)
    _work_off(world, run.swabs, capacity, done, False)


@compiled
def _work_off(world: World, swabs: List, capacity: float, done: int, suspects: bool) -> int:
    """Test swabs in order until capacity is used up; return how many have been tested today.

    Args:
        world: the world.
        swabs: those that wait; what is left over stays there.
        capacity: tests a day.
        done: tests done today.
        suspects: only swabs that were not taken on schedule.
    """
    day, waiting = world.run[0].day, swabs.length
    for _ in range(waiting):
        number = take_first(world, swabs)
        swab = world.entries[number]
        if done < capacity and not (suspects and swab.what == FoundBy.SCHEDULED_TEST):
            # The k-th swab is begun when capacity has worked off k of them, or when it is taken.
            begun = max(swab.time, day + done / capacity)
            _test(world, swab.person, swab.time, begun, swab.what, swab.other, PCR)
            free(world, number)
            done += 1
        else:
            put_last(world, swabs, number)
    return done


@compiled
def _test(
    world: World, i: int, taken: float, begun: float, reason: int, ordinal: int, assay: int
) -> None:
    """Test a swab; its result is due after the turnaround."""
    run = world.run[0]
    run.tests += 1
    count(world, Flow.PROCESSED, run.laboratory, begun)
    positive = is_positive(world, Stream.TEST, i, taken, ordinal, assay)
    if not positive:
        _note_negative(world.people[i], taken)
    result = begun + world.assays[assay].turnaround
    plan(world, Due.RESULT, i, result, reason if positive else NEGATIVE, 0)


@compiled
def _note_negative(person: Person, taken: float) -> None:
    """Note when a negative swab was taken, relative to the infectious period."""
    if taken < person.infectious_from:
        person.negative_early = True
    elif taken < person.infectious_until:
        person.negative_infectious = True
    else:
        person.negative_late = True


@compiled
def sees_infection(world: World, i: int, taken: float, assay: int) -> float:
    """Return the probability that a swab taken then shows the infection of a person."""
    test, person = world.assays[assay], world.people[i]
    seen = sensitivity(world, test, person, taken)
    return seen * test.asymptomatic_factor if person.asymptomatic else seen


@compiled
def is_positive(world: World, stream: int, i: int, taken: float, ordinal: int, assay: int) -> bool:
    """Tell whether a swab turns out positive.

    Args:
        world: the world.
        stream: which kind of test draws.
        i: the person.
        taken: when the swab was taken.
        ordinal: 0 for the person's first test of this kind.
        assay: the test.
    """
    false_positive = world.assays[assay].false_positive
    # Without false positives only the infected need a draw, which is a pure function of them.
    if false_positive == 0 and not world.people[i].infected_at <= taken:
        return False
    seen = sees_infection(world, i, taken, assay)
    probability = 1.0 - (1.0 - seen) * (1.0 - false_positive)
    return draw(world, stream, world.people[i].key, ordinal) < probability


class Laboratory(Institution):
    """Works off swabs, so many a day."""

    @property
    def location(self) -> int:
        """Code of the place where it is."""
        return int(self.record.laboratory)

    @property
    def tests(self) -> int:
        """Swabs worked off so far."""
        return int(self.record.tests)

    @property
    def backlog(self) -> int:
        """Swabs that wait."""
        return int(self.record.swabs.length)

    def step(self) -> None:
        """Work off as many swabs as today's capacity allows."""
        step_laboratory(self.world)
