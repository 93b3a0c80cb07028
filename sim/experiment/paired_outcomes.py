"""Outcomes of several policies in the same pairs of runs."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.experiment.paired_statistics import PairedStatistics
from sim.world.draws import FloatArray


class PairedOutcomes:
    """Outcomes of several policies, each under the same parameters and random numbers.

    Args:
        names: of the policies, the one that the others are compared with first.
        tables: outcomes under each, one column per outcome, shape (pairs, outcomes); a row is the
            same pair in all of them.
    """

    def __init__(self, names: Sequence[str], tables: Sequence[pd.DataFrame]) -> None:
        self.names = names
        self._tables = tables

    @property
    def pairs(self) -> int:
        """Number of pairs."""
        return len(self._tables[0])

    def outcome(self, policy: int, name: str) -> FloatArray:
        """Return an outcome under a policy, nan where it has no value, shape (pairs,).

        Raises:
            KeyError: there is no such outcome.
        """
        values: FloatArray = self._tables[policy][name].to_numpy(dtype=np.float64)
        return values

    def difference(self, policy: int, name: str) -> FloatArray:
        """Return an outcome under a policy minus that of the baseline, shape (pairs,)."""
        return self.outcome(policy, name) - self.outcome(0, name)

    def statistics(self, policy: int, name: str) -> PairedStatistics:
        """Return what the pairs tell about the difference of an outcome."""
        return PairedStatistics.of(self.outcome(policy, name), self.outcome(0, name))
