"""Which port a party aims at, and which other one it goes to when that is shut.

Every party ranks the ports by a race of exponential times whose rates are the weights of the ports,
each drawn by the name of the port: it takes the first among those that are to be had. The chance
of each is in proportion to its weight, and another port, or another weight, moves only those who
come to that port or leave it.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from sim.world.draws import Draws, FloatArray, IntArray, Stream, UintArray, name_key


class PortChoice:
    """The choice among the ports of a scenario.

    Args:
        weights: weight of each port, by name, in the order of their codes.
        draws: the random numbers of the run.
    """

    def __init__(self, weights: Mapping[str, float], draws: Draws) -> None:
        self._names = list(weights)
        self._weights = np.array(list(weights.values()))
        self._draws = draws

    def of(self, parties: UintArray, among: Sequence[int] | None = None) -> IntArray:
        """Return the number of the port that each party takes.

        Args:
            parties: keys of the parties, shape (n,).
            among: numbers of the ports that are to be had, at least one; left out: all.

        Returns:
            Shape (n,). Where no weight is above 0, all ports count alike.
        """
        numbers = np.arange(len(self._names)) if among is None else np.asarray(among)
        weights = self._weights[numbers]
        if not weights.any():
            weights = np.ones(len(numbers))
        numbers, weights = numbers[weights > 0], weights[weights > 0]
        if len(numbers) == 1:
            return np.full(len(parties), numbers[0])
        times = np.stack([self._times(number, parties) for number in numbers])
        chosen: IntArray = numbers[(times / weights[:, None]).argmin(axis=0)]
        return chosen

    def _times(self, number: int, parties: UintArray) -> FloatArray:
        u = self._draws.uniform(Stream.PORT_CHOICE, parties, name_key(self._names[number]))
        times: FloatArray = -np.log(u)
        return times
