"""What an institution has to do, by day."""

from collections import defaultdict

import numpy as np

from sim.world.draws import FloatArray, IntArray

NO_ROWS: IntArray = np.empty(0, dtype=np.int64)
NO_TIMES: FloatArray = np.empty(0)


def first_entries(rows: IntArray) -> IntArray:
    """Return where each person of ``rows`` stands first, in order, shape (people,)."""
    first: IntArray = np.sort(np.unique(rows, return_index=True)[1])
    return first


class Agenda:
    """People and the times at which something is due for them.

    Entries lie with the first day on which one of them is due; when that day has come, the rest
    moves on to its own first day. A day may be asked for again: then what was added since is due.
    """

    def __init__(self) -> None:
        self._by_day: defaultdict[int, list[tuple[IntArray, FloatArray]]] = defaultdict(list)
        self._open_day = 0

    def add(self, rows: IntArray, times: FloatArray) -> None:
        """Enter ``times[i]`` for person ``rows[i]``.

        What is due at infinity never comes; what was due on an earlier day is due the next time
        that somebody asks.
        """
        if not len(rows):
            return
        first = times.min()
        if first < np.inf:
            self._by_day[max(int(first), self._open_day)].append((rows, times))

    def due(self, day: int) -> tuple[IntArray, FloatArray]:
        """Take out everything due by the end of ``day``: people and times, by time and person."""
        days = [past for past in range(self._open_day, day + 1) if past in self._by_day]
        self._open_day = day
        if not days:
            return NO_ROWS, NO_TIMES
        entries = [entry for past in days for entry in self._by_day.pop(past)]
        rows, times = entries[0]
        if len(entries) > 1:
            rows = np.concatenate([rows for rows, _ in entries])
            times = np.concatenate([times for _, times in entries])
        later = times >= day + 1
        self.add(rows[later], times[later])
        rows, times = rows[~later], times[~later]
        order = np.lexsort((rows, times))
        return rows[order], times[order]
