"""What an institution has to do, by day."""

from collections import defaultdict

import numpy as np

from sim.world.draws import FloatArray, IntArray

_NO_ROWS: IntArray = np.empty(0, dtype=np.int64)
_NO_TIMES: FloatArray = np.empty(0)


class Agenda:
    """People and the times at which something is due for them, kept by day."""

    def __init__(self) -> None:
        self._by_day: defaultdict[int, list[tuple[IntArray, FloatArray]]] = defaultdict(list)
        self._open_day = 0

    def add(self, rows: IntArray, times: FloatArray) -> None:
        """Enter ``times[i]`` for person ``rows[i]``.

        Times at infinity are left out; what was due on a day already worked off is due on the
        next one.
        """
        if not len(rows):
            return
        days = np.maximum(np.floor(times), self._open_day)
        first, last = days.min(), days.max()
        if first == last and np.isfinite(first):
            self._by_day[int(first)].append((rows, times))
            return
        for day in np.unique(days[np.isfinite(days)]):
            on_day = days == day
            self._by_day[int(day)].append((rows[on_day], times[on_day]))

    def due(self, day: int) -> tuple[IntArray, FloatArray]:
        """Take out everything due on ``day``: people and times, in the order of time."""
        self._open_day = day + 1
        entries = self._by_day.pop(day, None)
        if entries is None:
            return _NO_ROWS, _NO_TIMES
        rows = np.concatenate([rows for rows, _ in entries])
        times = np.concatenate([times for _, times in entries])
        order = np.lexsort((rows, times))
        return rows[order], times[order]
