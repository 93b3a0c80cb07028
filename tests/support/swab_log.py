"""Who is swabbed or registered at which minute, and whether they were there to be."""

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.world.model import BorderModel
from sim.world.state import Stage

_QUARANTINE, _TOWN, _CONTACTS, _BORDER = "quarantine", "town", "contacts", "border"


class SwabLog:
    """Listens to the laboratory of a model, and checks every day's swabs and first positives.

    What a swab leads to on its own day is left out: the laboratory works by the day, so a second
    swab of that day is not called off.
    """

    def __init__(self, model: BorderModel) -> None:
        self._model = model
        self._asks = _BORDER
        self._swabs: list[tuple[str, np.ndarray, np.ndarray, np.ndarray]] = []
        self._breaks_at: dict[int, float] = {}
        self._listen()

    def _listen(self) -> None:
        model, laboratory = self._model, self._model.laboratory
        receive = laboratory.receive

        def log(rows: Any, times: Any, *others: Any) -> None:
            known = model.people.first_positive_at[rows].copy()
            self._swabs.append((self._asks, rows.copy(), times.copy(), known))
            receive(rows, times, *others)

        laboratory.receive = log
        for asks, institution in (
            (_QUARANTINE, model.quarantine),
            (_TOWN, model.arrival_tests),
            (_CONTACTS, model.tracing),
            *((_TOWN, town) for town in model.residents.values()),
        ):
            institution.take_swabs = self._asking(asks, institution.take_swabs)
        settle = model.quarantine.settle_breaches

        def note_breaches() -> None:
            settle()
            leaving = model.quarantine._breaching
            times = model.people.released_at[leaving]
            self._breaks_at = dict(zip(leaving.tolist(), times.tolist(), strict=True))

        model.quarantine.settle_breaches = note_breaches

    def _asking(self, asks: str, take_swabs: Callable[[], None]) -> Callable[[], None]:
        def asked() -> None:
            self._asks = asks
            take_swabs()
            self._asks = _BORDER

        return asked

    def check_day(self) -> None:
        """Check what was logged since the last day."""
        people = self._model.people
        for asks, rows, times, first_positive in self._swabs:
            assert (times <= first_positive).all(), asks
            came, left = people.quarantined_at[rows], people.released_at[rows]
            at_large = (people.at_large_from[rows] <= times) | people.local[rows]
            if asks == _BORDER:
                assert (people.crossed_at[rows] == times).all()
            elif asks == _QUARANTINE:
                assert (came <= times).all()
                breached = people.stage[rows] == Stage.BREACHED
                # Found by an earlier swab of the same day: that swab is the exception.
                not_found = people.first_positive_at[rows] >= times
                assert (times <= left)[~breached & not_found].all()
                assert (times < left)[breached].all()
            elif asks == _TOWN:
                assert at_large.all()
            else:
                assert (people.isolated_at[rows] <= times).all()
        self._swabs.clear()
        for row, breaks_at in self._breaks_at.items():
            reached = people.first_positive_at[row]
            assert reached <= breaks_at or not self._model.day - 1 <= reached < self._model.day
        self._breaks_at = {}
