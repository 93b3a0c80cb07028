"""When a comparison knows enough: the first pairs whose differences are as exact as wanted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.experiment.campaign import Campaign
from sim.experiment.comparison import Comparison
from sim.experiment.half_width import half_width

PAIRS_AT_ONCE = 25
"""Pairs between two looks at the precision."""


@dataclass(frozen=True)
class Precision:
    """How exactly the mean difference of an outcome is to be known.

    Attributes:
        outcome: of which the difference is taken.
        half_width: of the 95 % confidence interval, in the unit of the outcome.
    """

    outcome: str
    half_width: float


class StoppingRule:
    """Finds the fewest pairs that are enough, the same ones in whatever order runs end.

    Args:
        campaign: whose runs are looked at.
        wanted: all of these have to be reached, for every policy.
    """

    def __init__(self, campaign: Campaign, wanted: Sequence[Precision]) -> None:
        self._campaign = campaign
        self._wanted = tuple(wanted)
        self._looked_at = 0
        self.pairs: int | None = None
        """How many pairs are enough; None as long as no number of them is."""

    def enough(self) -> bool:
        """Tell whether the runs that have ended are enough."""
        most = max((len(variant.members) for variant in self._campaign.variants), default=0)
        while self.pairs is None and self._wanted and self._looked_at < most:
            pairs = self._looked_at + PAIRS_AT_ONCE
            if not self._campaign.is_done(pairs):
                break
            self._looked_at = pairs
            if self._is_precise(Comparison(self._campaign, pairs)):
                self.pairs = pairs
        return self.pairs is not None

    def _is_precise(self, comparison: Comparison) -> bool:
        return comparison.pairs > 1 and all(
            half_width(comparison.difference(policy, precision.outcome)) <= precision.half_width
            for policy in range(1, len(comparison.policies))
            for precision in self._wanted
        )
