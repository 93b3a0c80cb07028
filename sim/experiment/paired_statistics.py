"""What pairs of runs tell about a difference, and how sure the number of pairs makes of it.

Two kinds of "not sure" are kept apart. The quantiles of the differences say what is uncertain
about the world: parameters and chance. The 95 % intervals of mean and median are the Monte Carlo
error: they shrink with more pairs, the quantiles do not.
"""

from dataclasses import asdict, dataclass, fields

import numpy as np
from scipy.special import bdtr

from sim.experiment.half_width import half_width
from sim.world.draws import FloatArray

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class PairedStatistics:
    """A difference over pairs of runs; nan where there are too few of them.

    Attributes:
        pairs: how many there are with a value under both; all others are left out.
        mean: mean difference.
        mean_half_width_95: half its 95 % confidence interval (Student's t), infinite with fewer
            than five pairs.
        median: median difference.
        median_low_95: lower end of its 95 % confidence interval (order statistics).
        median_high_95: upper end.
        q05: quantile of the differences, linear between them; and so on.
        q25: see q05.
        q75: see q05.
        q95: see q05.
        lower: share of pairs with a difference below zero.
        equal: share of pairs without a difference.
        higher: share of pairs with a difference above zero.
        variance_ratio: variance of the difference of as many unpaired runs over that of the
            pairs; infinite if the pairs do not differ in theirs.
    """

    pairs: int
    mean: float
    mean_half_width_95: float
    median: float
    median_low_95: float
    median_high_95: float
    q05: float
    q25: float
    q75: float
    q95: float
    lower: float
    equal: float
    higher: float
    variance_ratio: float

    @classmethod
    def of(cls, changed: FloatArray, reference: FloatArray) -> "PairedStatistics":
        """Return the statistics of ``changed`` minus ``reference``, shape (pairs,) both.

        Raises:
            ValueError: there is no pair.
        """
        if not len(changed):
            raise ValueError("no pairs")
        known = np.isfinite(changed) & np.isfinite(reference)
        if not known.any():
            return cls(0, *[float("nan")] * (len(fields(cls)) - 1))
        changed, reference = changed[known], reference[known]
        differences = changed - reference
        q05, q25, median, q75, q95 = np.quantile(differences, SHARES).tolist()
        low, high = _interval_of_median(differences)
        return cls(
            len(differences),
            float(differences.mean()),
            half_width(differences),
            median,
            low,
            high,
            q05,
            q25,
            q75,
            q95,
            float((differences < 0).mean()),
            float((differences == 0).mean()),
            float((differences > 0).mean()),
            variance_ratio(changed, reference),
        )

    def as_row(self) -> dict[str, float]:
        """Return the statistics by name."""
        return asdict(self)


def variance_ratio(changed: FloatArray, reference: FloatArray) -> float:
    """Return how much larger the variance of a difference is without pairing, shape (pairs,)."""
    if len(changed) < 2:
        return float("nan")
    unpaired = float(changed.var(ddof=1) + reference.var(ddof=1))
    paired = float((changed - reference).var(ddof=1))
    if paired > 0:
        return unpaired / paired
    return float("inf") if unpaired > 0 else float("nan")


def _interval_of_median(differences: FloatArray) -> tuple[float, float]:
    """Return the 95 % confidence interval of the median, whatever the distribution.

    Its ends are the order statistics that a binomial with p = 1/2 puts there (Conover 1999,
    Practical Nonparametric Statistics, section 3.2).
    """
    ordered, count = np.sort(differences), len(differences)
    # With at most 2.5 % probability no more than `rank` of the differences lie below the median.
    ranks = np.flatnonzero(bdtr(np.arange(count), count, 0.5) <= 0.025)
    if not len(ranks):
        return float("nan"), float("nan")
    rank = int(ranks[-1])
    return float(ordered[rank]), float(ordered[count - 1 - rank])
