"""Tables of numbers that compiled rules look things up in."""

from collections.abc import Sequence

import numpy as np

from sim.world.draws import FloatArray


class Tables:
    """Tables, one after the other; one that is added again is kept once."""

    def __init__(self) -> None:
        self._tables: list[FloatArray] = []
        self._first: dict[int, int] = {}
        self._length = 0

    def add(self, table: FloatArray) -> int:
        """Add a table of numbers, shape (n,), and return where it begins."""
        key = id(table)
        if key not in self._first:
            self._first[key] = self._length
            self._tables.append(table)
            self._length += len(table)
        return self._first[key]

    def add_points(self, places: Sequence[float], values: Sequence[float]) -> int:
        """Add the points between which a function is linear, and return where they begin."""
        return self.add(np.concatenate([places, values]))

    def numbers(self) -> FloatArray:
        """Return all tables in one array; never empty."""
        return np.concatenate([*self._tables, [0.0]])
