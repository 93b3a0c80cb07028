"""When two engines agree, as it was laid down before the runs were looked at.

A run is *large* if it infects at least a quarter of those whom a large outbreak infects by the
closed form; between small and large there is a gap without runs. Engines are compared by five
tests in each setting: the share of small outbreaks (Fisher's exact test), and for large ones the
mean and the whole distribution of final size and of peak day (Welch's t, Kolmogorov and Smirnov).
Two engines agree if none of the p-values of a pair of engines is below 1 % divided by their number
(Bonferroni), and if the differences in one direction do not add up either: the sum of the
standardised differences over all settings, divided by the root of their number, lies within 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from benchmarks.kept_outbreaks import Outbreaks
from sim.world.draws import FloatArray, IntArray

LARGE = 0.25
LEVEL = 0.01
MOST_Z = 3.0


@dataclass(frozen=True)
class Means:
    """A mean of either side, over large outbreaks.

    Attributes:
        first: mean of the first side.
        second: mean of the second side.
        error: standard error of their difference.
        p_mean: of the difference of the means.
        p_law: of the difference of the distributions.
    """

    first: float
    second: float
    error: float
    p_mean: float
    p_law: float

    @property
    def difference(self) -> float:
        """First minus second."""
        return self.first - self.second

    @property
    def z(self) -> float:
        """The difference in standard errors."""
        return self.difference / self.error


@dataclass(frozen=True)
class Agreement:
    """Two sides in one setting.

    Attributes:
        small: shares of small outbreaks of both sides.
        p_small: of their difference.
        size: final sizes.
        peak: peak days; none where a law has no time.
    """

    small: tuple[float, float]
    p_small: float
    size: Means
    peak: Means | None

    @property
    def p_values(self) -> list[float]:
        """All p-values."""
        means = [self.size] if self.peak is None else [self.size, self.peak]
        return [self.p_small, *(p for of in means for p in (of.p_mean, of.p_law))]


def compare(first: Outbreaks, second: Outbreaks, least: float) -> Agreement:
    """Return how two engines compare in one setting; outbreaks are large from ``least`` on."""
    sides = [of.large(least) for of in (first, second)]
    large = [len(of.sizes) for of in sides]
    runs = [len(of.sizes) for of in (first, second)]
    small = [count - of_them for count, of_them in zip(runs, large, strict=True)]
    return Agreement(
        small=(small[0] / runs[0], small[1] / runs[1]),
        p_small=float(stats.fisher_exact([small, large]).pvalue),
        size=_means(sides[0].sizes, sides[1].sizes),
        peak=_means(sides[0].peaks, sides[1].peaks),
    )


def compare_with_law(outbreaks: Outbreaks, law: FloatArray, least: float) -> Agreement:
    """Return how an engine compares with the exact distribution of the final size.

    Args:
        outbreaks: runs of the engine.
        law: probability of every final size, shape (people + 1,).
        least: outbreaks are large from here on.
    """
    sizes, start = outbreaks.large(least).sizes, int(np.ceil(least))
    small, runs = float(law[:start].sum()), len(outbreaks.sizes)
    large = law.copy()
    large[:start] = 0.0
    large /= large.sum()
    mean = float(large @ np.arange(len(law)))
    error = float(np.sqrt(large @ (np.arange(len(law)) - mean) ** 2 / len(sizes)))
    first = float(sizes.mean())
    return Agreement(
        small=(1 - len(sizes) / runs, small),
        p_small=float(stats.binomtest(runs - len(sizes), runs, min(small, 1.0)).pvalue),
        size=Means(
            first,
            mean,
            error,
            p_mean=float(2 * stats.norm.sf(abs(first - mean) / error)),
            p_law=_p_of_law(sizes, large),
        ),
        peak=None,
    )


def agree(comparisons: Sequence[Agreement]) -> bool:
    """Return whether two sides agree over all settings, by the criterion above."""
    p_values = [p for of in comparisons for p in of.p_values]
    summed = [abs(z) for z in summed_z(comparisons) if z is not None]
    return min(p_values) >= LEVEL / len(p_values) and max(summed) <= MOST_Z


def summed_z(comparisons: Sequence[Agreement]) -> tuple[float, float | None]:
    """Return the summed standardised differences of final size and of peak day."""
    root = float(np.sqrt(len(comparisons)))
    size = sum(of.size.z for of in comparisons) / root
    peaks = [of.peak.z for of in comparisons if of.peak is not None]
    return size, sum(peaks) / root if peaks else None


def _means(first: IntArray, second: IntArray) -> Means:
    error = np.sqrt(first.var(ddof=1) / len(first) + second.var(ddof=1) / len(second))
    return Means(
        float(first.mean()),
        float(second.mean()),
        float(error),
        p_mean=float(stats.ttest_ind(first, second, equal_var=False).pvalue),
        p_law=float(stats.ks_2samp(first, second).pvalue),
    )


def _p_of_law(sizes: IntArray, law: FloatArray) -> float:
    """Return the p-value of Kolmogorov's test of whole numbers against their probabilities.

    The test is one of continuous numbers: with whole ones it errs on the side of agreement.
    """
    shares = np.bincount(sizes, minlength=len(law)) / len(sizes)
    furthest = float(np.abs((shares - law).cumsum()).max())
    return float(stats.kstwo.sf(furthest, len(sizes)))
