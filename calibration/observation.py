"""What the targets say, as independent summary statistics, and how well a run agrees with them.

A count must not count twice: 326 cumulative cases that contain the 79 of the last day are the
statistics 247 and 79, and of cumulative counts on two days the second one adds only its increase.
"""

import copy
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from calibration.targets import (
    CountTarget,
    ReportingNoise,
    Target,
    Targets,
)
from sim.scenario.schema import Calendar
from sim.world.draws import FloatArray, IntArray

Column = tuple[str, str]
"""A place and a series."""

Summary = tuple[FloatArray, FloatArray]
"""Logarithms of the smallest and of the largest count that agree, shape (statistics,) each."""

KEPT = (
    "imported_confirmed_new",
    "imported_confirmed_cumulative",
    "imported_confirmed_active",
    "imported_carriers_stock",
    "imported_first_positives",
    "entrants_cumulative",
    "entrants_infected_cumulative",
)
"""Series that histories keep for every place of a target."""

FARTHEST = 3.29
"""Standard deviations: reporting noise moves 999 of 1,000 counts by less."""

COUNT_OFFSET = 5.0
"""Added to counts before the logarithm is taken, so that small ones do not matter much."""

_CUMULATIVE, _NEW, _ACTIVE = "_cumulative", "_new", "_active"


@dataclass(frozen=True)
class Term:
    """A count of one day, and the weight with which a summary statistic adds it."""

    column: Column
    day: int
    weight: int


@dataclass(frozen=True)
class SummaryStatistic:
    """A summary statistic, independent of the others, of what was printed: a sum of counts.

    Attributes:
        ids: of the targets that it comes from, the one that decides its noise first.
        terms: what is added.
        low: smallest sum that agrees with what was printed.
        high: largest one; ``inf`` for a lower bound.
        sd: standard deviation of the reporting noise beyond these.
    """

    ids: tuple[str, ...]
    terms: tuple[Term, ...]
    low: float
    high: float
    sd: float

    @property
    def label(self) -> str:
        """The ids in one line, such as ``A2 - A1``."""
        return " - ".join(self.ids)

    @property
    def last_day(self) -> int:
        """The day after which the summary statistic is known."""
        return max(term.day for term in self.terms)

    def sum(self, counts: Mapping[Column, IntArray]) -> FloatArray:
        """Return the sum in histories, shape (...).

        Args:
            counts: of every column the counts by day, shape (..., days).
        """
        total: FloatArray = np.asarray(
            sum(term.weight * counts[term.column][..., term.day] for term in self.terms),
            dtype=np.float64,
        )
        return total

    def misses(self, sums: FloatArray) -> FloatArray:
        """Return how far ``sums`` lie outside, in standard deviations, shape as given."""
        outside: FloatArray = np.maximum(self.low - sums, 0.0) + np.maximum(sums - self.high, 0.0)
        return outside / self.sd


class Observation:
    """The summary statistics that a fit uses, by the day on which they are known.

    Args:
        targets: what was printed; those with ``fit: false`` are left out.
        calendar: the days of the runs.
        without: days whose targets are not used, to see whether the others predict them.
        local: use the counts of residents' infections instead of those of travellers.
    """

    def __init__(
        self,
        targets: Targets,
        calendar: Calendar,
        without: Collection[dt.date] = (),
        *,
        local: bool = False,
    ) -> None:
        fitted = targets.fitted(local=local)
        used = [target for target in fitted if target.data_date not in without]
        noise = targets.reporting_noise
        counts = _combined([target for target in used if isinstance(target, CountTarget)], noise)
        bounds = [target for target in used if not isinstance(target, CountTarget)]
        self.statistics = sorted(
            [
                *_statistics_of_counts(counts, noise, calendar),
                *_intersections([_single(target, noise, calendar) for target in bounds]),
            ],
            key=lambda statistic: statistic.last_day,
        )
        self.single = [_single(target, noise, calendar) for target in used]
        """Every target as a statistic of its own, to tell which of them cannot be reached."""
        kept = () if local else KEPT
        self.columns: tuple[Column, ...] = tuple(
            dict.fromkeys(
                [
                    *((target.place, series) for target in fitted for series in kept),
                    *((target.place, target.series) for target in fitted),
                    *(term.column for statistic in self.statistics for term in statistic.terms),
                ]
            )
        )
        """What a history keeps: what the targets describe, and what is predicted."""
        self.days = 1 + max(calendar.day_of(target.data_date) for target in fitted)
        """Days of a history: up to the last one that a target describes."""

    def of_intervals(
        self, low: FloatArray, high: FloatArray, noise: ReportingNoise
    ) -> "Observation":
        """Return the same observation with other values of its statistics, for synthetic data.

        Args:
            low: smallest sum that agrees with each summary statistic, shape (statistics,).
            high: largest one; that of a count is the same.
            noise: gives the summary statistics their standard deviations.
        """
        other = copy.copy(self)
        values = zip(self.statistics, low.tolist(), high.tolist(), strict=True)
        other.statistics = [
            replace(statistic, low=least, high=most, sd=noise.sd(least))
            for statistic, least, most in values
        ]
        return other

    @property
    def summary(self) -> Summary:
        """Logarithms of what was observed."""
        low, high = np.array([(statistic.low, statistic.high) for statistic in self.statistics]).T
        return log_count(low), log_count(high)

    @property
    def summary_noise(self) -> FloatArray:
        """Standard deviations of their reporting noise, shape (statistics,)."""
        # An increase may be below zero, where a count was corrected downwards.
        return np.array([of.sd / (max(of.low, 0.0) + COUNT_OFFSET) for of in self.statistics])


def log_count(counts: FloatArray) -> FloatArray:
    """Return logarithms of counts that may be zero, shape as given."""
    return np.log(np.maximum(counts, 0.0) + COUNT_OFFSET)


def outside(logarithms: FloatArray, observed: Summary) -> FloatArray:
    """Return how far logarithms of counts lie above (or below) what was observed.

    Args:
        logarithms: shape (n, statistics).
        observed: what agrees.

    Returns:
        Shape (n, statistics); 0 where they agree.
    """
    return logarithms - np.clip(logarithms, *observed)


def log_kernel_of(misses: FloatArray) -> FloatArray:
    """Return the logarithm of the Gaussian kernel, 0 for full agreement.

    Args:
        misses: of every summary statistic, in standard deviations, shape (..., statistics).
    """
    log_kernel: FloatArray = -0.5 * np.square(misses).sum(axis=-1)
    return log_kernel


def _statistics_of_counts(
    targets: Sequence[CountTarget], noise: ReportingNoise, calendar: Calendar
) -> list[SummaryStatistic]:
    """Take apart counts that contain each other: new, cumulative and active ones."""
    registers: dict[Column, dict[tuple[str, int], CountTarget]] = defaultdict(dict)
    alone = []
    for target in targets:
        for suffix in (_CUMULATIVE, _NEW, _ACTIVE):
            if target.series.endswith(suffix):
                of = (target.place, target.series.removesuffix(suffix))
                registers[of][suffix, calendar.day_of(target.data_date)] = target
                break
        else:
            alone.append(target)
    statistics = []
    for (place, register), counts in registers.items():
        statistics += _of_register(place, register, counts, noise)
    for target in alone:
        term = Term((target.place, target.series), calendar.day_of(target.data_date), 1)
        statistics.append(_statistic([target], (term,), target.value, noise))
    return statistics


def _of_register(
    place: str, register: str, counts: dict[tuple[str, int], CountTarget], noise: ReportingNoise
) -> list[SummaryStatistic]:
    cumulative, new, active = (
        (place, register + suffix) for suffix in (_CUMULATIVE, _NEW, _ACTIVE)
    )
    statistics = []
    before: tuple[CountTarget, int] | None = None
    for day in sorted({day for _, day in counts}):
        total, today = counts.get((_CUMULATIVE, day)), counts.get((_NEW, day))
        still = counts.get((_ACTIVE, day))
        if today is not None:
            statistics.append(_statistic([today], (Term(new, day, 1),), today.value, noise))
        if total is not None:
            of, terms, value = [total], [Term(cumulative, day, 1)], total.value
            if today is not None:
                of, value = [*of, today], value - today.value
                terms.append(Term(new, day, -1))
            if before is not None:
                of, value = [*of, before[0]], value - before[0].value
                terms.append(Term(cumulative, before[1], -1))
            statistics.append(_statistic(of, tuple(terms), value, noise))
            before = total, day
        if still is not None and total is not None:
            closed = (Term(cumulative, day, 1), Term(active, day, -1))
            statistics.append(_statistic([total, still], closed, total.value - still.value, noise))
        elif still is not None:
            statistics.append(_statistic([still], (Term(active, day, 1),), still.value, noise))
    return statistics


def _statistic(
    targets: list[CountTarget], terms: tuple[Term, ...], value: float, noise: ReportingNoise
) -> SummaryStatistic:
    ids = tuple(target.id for target in targets)
    return SummaryStatistic(ids, terms, value, value, (targets[0].noise or noise).sd(value))


def _single(target: Target, noise: ReportingNoise, calendar: Calendar) -> SummaryStatistic:
    term = Term((target.place, target.series), calendar.day_of(target.data_date), 1)
    low, high = target.bounds
    return SummaryStatistic((target.id,), (term,), low, high, (target.noise or noise).sd(low))


def _combined(targets: Sequence[CountTarget], noise: ReportingNoise) -> list[CountTarget]:
    """Return one target for all sources that print the same count of the same day.

    Raises:
        ValueError: two sources print different counts.
    """
    found: dict[tuple[str, str, dt.date], CountTarget] = {}
    for target in targets:
        key = target.place, target.series, target.data_date
        other = found.setdefault(key, target)
        if other.value != target.value:
            raise ValueError(
                f"{other.id} and {target.id} print different counts of one day, place and series"
            )
        # The same count is not a second observation; the more precise source decides its noise.
        found[key] = min(other, target, key=lambda of: (of.noise or noise).sd(of.value))
    return list(found.values())


def _intersections(statistics: Sequence[SummaryStatistic]) -> list[SummaryStatistic]:
    """Return one statistic for all intervals and lower bounds of one day, place and series."""
    found: dict[tuple[Term, ...], SummaryStatistic] = {}
    for statistic in statistics:
        other = found.setdefault(statistic.terms, statistic)
        if other is not statistic:
            found[statistic.terms] = SummaryStatistic(
                (*other.ids, *statistic.ids),
                statistic.terms,
                max(other.low, statistic.low),
                min(other.high, statistic.high),
                min(other.sd, statistic.sd),
            )
    return list(found.values())
