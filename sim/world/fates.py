"""What became of every infected traveller: each has exactly one fate."""

from enum import IntEnum

import numpy as np

from sim.world.codes import NEVER, FoundBy, Stage
from sim.world.compiled import compiled, entry
from sim.world.state import Ints, World
from sim.world.state_of_people import Person


class Fate(IntEnum):
    """Fates in the order of the journey."""

    NOT_FIT_TO_TRAVEL = 0
    NOT_CROSSED = 1
    STOPPED_EXIT = 2
    SEVERE_ON_BOARD = 3
    FOUND_ENTRY = 4
    FOUND_SYMPTOMS = 5
    FOUND_TEST = 6
    FOUND_REVIEW = 7
    RELEASED_INFECTIOUS = 8
    RELEASED_NOT_INFECTIOUS = 9
    BREACHED = 10
    STILL_IN_QUARANTINE = 11
    FOUND_CAUGHT = 12
    ENTERED_UNSEEN = 13
    FOUND_IN_COMMUNITY = 14


FATE_LABELS = {
    Fate.NOT_FIT_TO_TRAVEL: "too ill to set out",
    Fate.NOT_CROSSED: "did not cross",
    Fate.STOPPED_EXIT: "stopped at exit screening",
    Fate.SEVERE_ON_BOARD: "severely ill on board",
    Fate.FOUND_ENTRY: "found at entry screening",
    Fate.FOUND_SYMPTOMS: "found in quarantine, by symptoms",
    Fate.FOUND_TEST: "found in quarantine, by test",
    Fate.FOUND_REVIEW: "found by test, confirmed at review",
    Fate.RELEASED_INFECTIOUS: "released before infectiousness ended",
    Fate.RELEASED_NOT_INFECTIOUS: "released no longer infectious",
    Fate.BREACHED: "broke quarantine, not brought back",
    Fate.STILL_IN_QUARANTINE: "still in quarantine at the end",
    Fate.FOUND_CAUGHT: "caught crossing, found by test",
    Fate.ENTERED_UNSEEN: "crossed unseen, not found",
    Fate.FOUND_IN_COMMUNITY: "in the community, found by symptoms, tracing or a test",
}


@compiled
def fate_of(person: Person) -> int:
    """Return the fate of an infected person who set out.

    *Released before infectiousness ended* includes those who were not infectious yet.
    """
    if person.first_positive_at < NEVER and person.in_community_from < person.first_positive_at:
        return Fate.FOUND_IN_COMMUNITY
    if person.found_by != FoundBy.NOT_FOUND:
        return _how_found(person)
    if person.stage == Stage.RELEASED:
        if person.released_at < person.infectious_until:
            return Fate.RELEASED_INFECTIOUS
        return Fate.RELEASED_NOT_INFECTIOUS
    if person.stage == Stage.NOT_FIT_TO_TRAVEL:
        return Fate.NOT_FIT_TO_TRAVEL
    if person.stage == Stage.STOPPED_AT_EXIT:
        return Fate.STOPPED_EXIT
    if person.stage == Stage.TAKEN_ILL_ON_BOARD:
        return Fate.SEVERE_ON_BOARD
    if person.stage == Stage.BREACHED:
        return Fate.BREACHED
    if person.stage == Stage.IN_QUARANTINE:
        return Fate.STILL_IN_QUARANTINE
    if person.stage == Stage.INSIDE:
        return Fate.ENTERED_UNSEEN
    if person.stage == Stage.CONTACT:
        return Fate.FOUND_IN_COMMUNITY
    return Fate.NOT_CROSSED


@compiled
def _how_found(person: Person) -> int:
    """Return the fate of someone who was found before they were in the community."""
    if person.found_by == FoundBy.ENTRY_SCREENING:
        return Fate.FOUND_ENTRY
    if person.found_by == FoundBy.SYMPTOMS:
        return Fate.FOUND_SYMPTOMS
    if person.found_by == FoundBy.CAUGHT:
        return Fate.FOUND_CAUGHT
    if person.found_by == FoundBy.TRACING:
        return Fate.FOUND_IN_COMMUNITY
    return Fate.FOUND_REVIEW if person.confirmed_at_review else Fate.FOUND_TEST


@entry
def fates_of(world: World, rows: Ints) -> Ints:
    """Return the fate of each infected person in ``rows``, shape (n,)."""
    fates = np.empty(len(rows), np.int64)
    for n in range(len(rows)):
        fates[n] = fate_of(world.people[rows[n]])
    return fates
