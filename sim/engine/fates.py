"""What became of every infected traveller: each has exactly one fate."""

from enum import IntEnum

import numpy as np

from sim.engine.people import People
from sim.world.draws import IntArray
from sim.engine.state import NEVER, FoundBy, Stage


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
    FOUND_AT_LARGE = 14


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
    Fate.FOUND_AT_LARGE: "at large, found by symptoms, tracing or a test",
}

_BY_STAGE = {
    Stage.NOT_FIT_TO_TRAVEL: Fate.NOT_FIT_TO_TRAVEL,
    Stage.STOPPED_AT_EXIT: Fate.STOPPED_EXIT,
    Stage.TAKEN_ILL_ON_BOARD: Fate.SEVERE_ON_BOARD,
    Stage.BREACHED: Fate.BREACHED,
    Stage.IN_QUARANTINE: Fate.STILL_IN_QUARANTINE,
    Stage.INSIDE: Fate.ENTERED_UNSEEN,
    Stage.CONTACT: Fate.FOUND_AT_LARGE,
}

_BY_TEST = {
    FoundBy.ENTRY_SCREENING: Fate.FOUND_ENTRY,
    FoundBy.SYMPTOMS: Fate.FOUND_SYMPTOMS,
    FoundBy.SCHEDULED_TEST: Fate.FOUND_TEST,
    FoundBy.CAUGHT: Fate.FOUND_CAUGHT,
    FoundBy.TRACING: Fate.FOUND_AT_LARGE,
}


def fates_of(people: People, rows: IntArray) -> IntArray:
    """Return the fate of each infected person in ``rows``, shape (n,).

    *Released before infectiousness ended* includes those who were not infectious yet.
    """
    fates = np.full(len(rows), Fate.NOT_CROSSED, dtype=np.int64)
    for stage, fate in _BY_STAGE.items():
        fates[people.stage[rows] == stage] = fate
    released = people.stage[rows] == Stage.RELEASED
    infectious = people.released_at[rows] < people.infectious_until[rows]
    fates[released & infectious] = Fate.RELEASED_INFECTIOUS
    fates[released & ~infectious] = Fate.RELEASED_NOT_INFECTIOUS
    for found_by, fate in _BY_TEST.items():
        fates[people.found_by[rows] == found_by] = fate
    at_large = people.at_large_from[rows] < people.first_positive_at[rows]
    fates[at_large & (people.first_positive_at[rows] < NEVER)] = Fate.FOUND_AT_LARGE
    by_test = people.found_by[rows] == FoundBy.SCHEDULED_TEST
    fates[by_test & people.confirmed_at_review[rows]] = Fate.FOUND_REVIEW
    return fates
