"""Which policy to choose when the willingness to pay for an averted infection is not known.

The net benefit of a policy is the willingness to pay x infections averted - extra cost, both
against the baseline. A pair of runs is one future: parameters and random numbers, under every
policy. What is said of "perfect information" is therefore to know both; to know the parameters
alone is worth less.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise, starmap

import numpy as np

from sim.experiment.comparison import Comparison
from sim.experiment.half_width import half_width
from sim.world.draws import FloatArray, IntArray

THRESHOLDS: FloatArray = np.geomspace(1e3, 1e7, 161)
"""Willingness to pay for an averted infection, CNY: 40 values per power of ten."""


class Standing(StrEnum):
    """Where a policy stands on the plane of mean cost and mean infections averted."""

    EFFICIENT = "efficient"
    DOMINATED = "dominated"
    EXTENDEDLY_DOMINATED = "extendedly dominated"


@dataclass(frozen=True)
class Frontier:
    """The policies that are best at some threshold.

    Attributes:
        path: these policies, from the cheapest to the one that averts most; of policies with the
            same means the first.
        ratios: CNY per further infection averted from each to the next, rising, shape (path - 1,).
        standings: of every policy, shape (policies,). Dominated: another one costs no more and
            averts no less. Extendedly dominated: a mix of two others does.
    """

    path: tuple[int, ...]
    ratios: tuple[float, ...]
    standings: tuple[Standing, ...]

    def reigns(self, low: float, high: float) -> list[tuple[int, float, float]]:
        """Return who has the highest expected net benefit from which threshold to which.

        Only thresholds between ``low`` and ``high`` count; the first policy begins at ``low``.
        """
        ends = np.clip([low, *self.ratios, high], low, high).tolist()
        between = zip(self.path, ends[:-1], ends[1:], strict=True)
        return [(policy, begin, end) for policy, begin, end in between if begin < end]


@dataclass(frozen=True)
class ThresholdCurves:
    """What to choose at each threshold, and how sure one can be.

    Attributes:
        thresholds: CNY per infection averted, shape (thresholds,).
        expected: mean net benefit, CNY, shape (thresholds, policies).
        probability: share of the pairs in which a policy has the highest net benefit; policies
            that are equally good share a pair. Shape (thresholds, policies).
        loss: mean of what the best policy of each pair has more, CNY, shape (thresholds, policies)
            (Alarid-Escudero et al. 2019, Value in Health 22:611).
        loss_half_width_95: half its 95 % confidence interval (Student's t), infinite with fewer
            than five pairs, shape (thresholds, policies).
    """

    thresholds: FloatArray
    expected: FloatArray
    probability: FloatArray
    loss: FloatArray
    loss_half_width_95: FloatArray

    @property
    def chosen(self) -> IntArray:
        """The policy with the highest expected net benefit, the first of several, (thresholds,).

        It decides, not the one that is most probably the best (Fenwick, Claxton and Sculpher
        2001, Health Economics 10:779).
        """
        chosen: IntArray = self.expected.argmax(axis=1)
        return chosen

    @property
    def frontier(self) -> FloatArray:
        """Probability that the chosen policy is the best one, shape (thresholds,)."""
        return np.take_along_axis(self.probability, self.chosen[:, None], axis=1)[:, 0]

    @property
    def perfect_information(self) -> FloatArray:
        """Expected value of knowing the future: the least expected loss, CNY, (thresholds,)."""
        least: FloatArray = self.loss.min(axis=1)
        return least


@dataclass(frozen=True)
class Decision:
    """Policies in the same futures, the baseline first.

    Attributes:
        costs: CNY, shape (policies, pairs).
        infections: people, shape (policies, pairs).
    """

    costs: FloatArray
    infections: FloatArray

    def __post_init__(self) -> None:
        if self.costs.shape != self.infections.shape:
            raise ValueError("costs and infections are not of the same policies and pairs")
        if not self.costs.size:
            raise ValueError("no pairs")

    @property
    def extra_costs(self) -> FloatArray:
        """CNY more than the baseline, shape (policies, pairs)."""
        extra: FloatArray = self.costs - self.costs[0]
        return extra

    @property
    def averted(self) -> FloatArray:
        """Infections fewer than in the baseline, shape (policies, pairs)."""
        fewer: FloatArray = self.infections[0] - self.infections
        return fewer

    def net_benefits(self, thresholds: Sequence[float] | FloatArray) -> Iterator[FloatArray]:
        """Yield the net benefit in CNY at each threshold, shape (policies, pairs).

        One worth at a time, because all of them together may not fit into memory.
        """
        extra_costs, averted = self.extra_costs, self.averted
        for threshold in thresholds:
            yield threshold * averted - extra_costs

    def curves(self, thresholds: FloatArray = THRESHOLDS) -> ThresholdCurves:
        """Return what to choose at each threshold."""
        shape = len(thresholds), len(self.costs)
        expected, probability, loss, loss_half_width = (np.empty(shape) for _ in range(4))
        for row, benefit in enumerate(self.net_benefits(thresholds)):
            behind = _behind_the_best(benefit)
            best = behind == 0
            expected[row] = benefit.mean(axis=1)
            probability[row] = (best / best.sum(axis=0)).mean(axis=1)
            loss[row] = behind.mean(axis=1)
            loss_half_width[row] = [half_width(of_policy) for of_policy in behind]
        return ThresholdCurves(thresholds, expected, probability, loss, loss_half_width)

    def frontier(self) -> Frontier:
        """Return the efficient frontier of mean extra cost against mean infections averted."""
        costs, averted = self.extra_costs.mean(axis=1), self.averted.mean(axis=1)
        points = list(zip(costs.tolist(), averted.tolist(), strict=True))

        def ratio(before: int, after: int) -> float:
            return float((costs[after] - costs[before]) / (averted[after] - averted[before]))

        path: list[int] = []
        undominated = set[tuple[float, float]]()
        # From the cheapest; of those that cost the same the most effective, of equals the first.
        for policy in np.lexsort((-averted, costs)).tolist():
            if path and averted[policy] <= averted[path[-1]]:
                continue
            undominated.add(points[policy])
            while len(path) > 1 and ratio(path[-1], policy) < ratio(*path[-2:]):
                path.pop()
            path.append(policy)
        efficient = {points[policy] for policy in path}
        standings = (
            Standing.EFFICIENT
            if point in efficient
            else Standing.EXTENDEDLY_DOMINATED
            if point in undominated
            else Standing.DOMINATED
            for point in points
        )
        return Frontier(tuple(path), tuple(starmap(ratio, pairwise(path))), tuple(standings))


def decision_of(comparison: Comparison) -> Decision:
    """Return what the policies of a comparison cost, and whom they leave infected in the community.

    Raises:
        ValueError: there is no pair.
    """
    policies = range(len(comparison.policies))
    costs, infections = (
        np.array([comparison.outcome(policy, name) for policy in policies])
        for name in ("cost_cny", "community_infections")
    )
    return Decision(costs, infections)


def _behind_the_best(benefit: FloatArray) -> FloatArray:
    """Return how far each policy is behind the best of its pair, shape (policies, pairs)."""
    behind: FloatArray = benefit.max(axis=0) - benefit
    return behind
