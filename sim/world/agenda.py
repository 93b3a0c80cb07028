"""What an institution has to do, by day."""

from collections import defaultdict
from math import floor

import numpy as np

from sim.world.draws import FloatArray, IntArray

NO_ROWS: IntArray = np.empty(0, dtype=np.int64)
NO_TIMES: FloatArray = np.empty(0)


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
        first, last = times.min(), times.max()
        if first == np.inf:
            return
        if last < np.inf and floor(first) == floor(last):
            self._by_day[max(floor(first), self._open_day)].append((rows, times))
            return
        order = times.argsort(kind="stable")
        rows, times = rows[order], times[order]
        days = np.floor(times)
        ends = [*((days[1:] != days[:-1]).nonzero()[0] + 1).tolist(), len(days)]
        start = 0
        for end in ends:
            if days[start] < np.inf:
                day = max(int(days[start]), self._open_day)
                self._by_day[day].append((rows[start:end], times[start:end]))
            start = end

    def due(self, day: int) -> tuple[IntArray, FloatArray]:
        """Take out everything due on ``day``: people and times, in the order of time."""
        self._open_day = day + 1
        entries = self._by_day.pop(day, None)
        if entries is None:
            return NO_ROWS, NO_TIMES
        rows, times = entries[0]
        if len(entries) > 1:
            rows = np.concatenate([rows for rows, _ in entries])
            times = np.concatenate([times for _, times in entries])
        order = np.lexsort((rows, times))
        return rows[order], times[order]
