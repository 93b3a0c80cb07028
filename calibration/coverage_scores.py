"""What is scored in synthetic epidemics: ranks of the truth among draws, widths of intervals."""

from dataclasses import dataclass

import numpy as np

from calibration.observation import Column
from calibration.ranks import BINS, histogram, inside, ranks_of
from calibration.simulator import Simulator
from calibration.stages import Stage, generator
from calibration.synthetic import TOTAL_SERIES, Case, Truth, total_column
from sim.world.draws import FloatArray, IntArray

FIRST_DAY = 14
"""Days before it are left out: there is nothing to predict."""

SCORED = (
    TOTAL_SERIES,
    "imported_carriers_stock",
    "imported_first_positives",
    "entrants_cumulative",
    "entrants_infected_cumulative",
)
"""Series whose predictions are scored, of the place that the last target describes."""

PARAMETERS, LOCAL_PARAMETERS, TOTAL = "parameters", "local_parameters", "total"
"""Groups of quantities: all parameters of a stage, and the count on a day that has a target."""

SCORES = ("mean_rank", "inside_50", "inside_90", "width_90")
"""Columns of the scores."""


@dataclass(frozen=True)
class Quantity:
    """Something that is scored.

    Attributes:
        name: a parameter, a series, or ``TOTAL``.
        group: quantities of one group share a histogram of ranks.
        column: what is counted; None for a parameter.
        days: on which it is scored.
    """

    name: str
    group: str
    column: Column | None = None
    days: tuple[int, ...] = ()


@dataclass(frozen=True)
class Draws:
    """What a scheme predicts, or the truth as one draw.

    Attributes:
        scores: normal scores of the parameters, shape (draws, parameters).
        counts: by column, shape (draws, days) each.
        ranked: how many of the draws, from the last one back, do not depend on each other.
    """

    scores: FloatArray
    counts: dict[Column, IntArray]
    ranked: int

    def of(self, quantity: Quantity, number: int) -> FloatArray | IntArray | None:
        """Return the values of a quantity, shape (draws, values), or None if they are missing.

        Args:
            quantity: what is asked for.
            number: its place in ``quantities``; parameters come first there, as in ``scores``.
        """
        if quantity.column is None:
            has = number < self.scores.shape[1]
            return self.scores[:, [number]] if has else None
        counts = self.counts.get(quantity.column)
        return None if counts is None else counts[:, list(quantity.days)]


def quantities(case: Case) -> list[Quantity]:
    """Return what is scored: parameters, series, and the total of a target's day."""
    simulator, local = case.simulator, case.local
    days = tuple(scored_days(case))
    place, _ = total_column(simulator)
    of_local = local.observation.columns if local else ()
    return [
        *(Quantity(prior.path, PARAMETERS) for prior in simulator.priors),
        *(Quantity(prior.path, LOCAL_PARAMETERS) for prior in (local.priors if local else ())),
        *(Quantity(series, series, (place, series), days) for series in SCORED),
        *(Quantity(column[1], column[1], column, days) for column in of_local),
        Quantity(TOTAL, TOTAL, total_column(simulator), (middle_day(simulator),)),
    ]


def scored_days(case: Case) -> list[int]:
    """Return the days whose counts are scored: those that no target describes."""
    statistics = list(case.simulator.observation.statistics)
    days = case.simulator.observation.days
    if case.local:
        statistics += case.local.observation.statistics
        days = min(days, case.local.observation.days)
    described = {term.day for statistic in statistics for term in statistic.terms}
    return [day for day in range(FIRST_DAY, days) if day not in described]


def middle_day(simulator: Simulator) -> int:
    """Return the last day but one that a target of travellers describes."""
    statistics = simulator.observation.statistics
    return sorted({term.day for statistic in statistics for term in statistic.terms})[-2]


def draws_of(case: Case, scores: FloatArray, counts: IntArray) -> Draws:
    """Return histories of the travellers as draws, none of which depends on another.

    Args:
        case: what is fitted.
        scores: normal scores, shape (draws, parameters).
        counts: shape (draws, columns, days).
    """
    by_column = {column: counts[:, i] for i, column in enumerate(case.simulator.columns)}
    return Draws(scores, by_column, len(scores))


def _truth_as_draw(case: Case, truth: Truth) -> Draws:
    of = draws_of(case, truth.point.scores[None], truth.counts[None])
    if truth.local is None:
        return of
    scores = np.concatenate([truth.point.scores, truth.local.scores])[None]
    columns = truth.local.simulator.columns
    return Draws(scores, {c: truth.local.counts[None, i] for i, c in enumerate(columns)}, 1)


def scores_of(case: Case, truth: Truth, draws: Draws, root: int) -> tuple[FloatArray, IntArray]:
    """Return scores and histograms of ranks, shapes (quantities, 4) and (quantities, bins).

    Widths of parameters are in standard deviations of the prior. Those of imported cases are
    relative to the true final count, those of entrants to theirs, those of local cases to the
    largest true count, that of the total to itself; a true count of 0 is taken for 1.
    """
    true = _truth_as_draw(case, truth)
    scores, ranks = [], []
    for number, quantity in enumerate(quantities(case)):
        of_truth, of_draws = true.of(quantity, number), draws.of(quantity, number)
        assert of_truth is not None
        if of_draws is None:
            scores.append([np.nan] * len(SCORES))
            ranks.append(np.zeros(BINS, int))
            continue
        # All schemes have the same random numbers, and so differ by what they predict alone.
        rng = generator(root, Stage.RANKS, number)
        u = ranks_of(of_truth[0], of_draws[-draws.ranked :], rng)
        # Weibull's quantiles, k / (n + 1): their intervals cover as they should with few draws.
        low, high = np.quantile(of_draws, (0.05, 0.95), axis=0, method="weibull")
        width = float((high - low).mean()) / _unit(case, true, quantity)
        scores.append([float(u.mean()), inside(u, 50), inside(u, 90), width])
        ranks.append(histogram(u))
    return np.array(scores), np.stack(ranks)


def _unit(case: Case, true: Draws, quantity: Quantity) -> float:
    """Return what the width of a quantity is relative to."""
    if quantity.column is None:
        return 1.0
    counts, last = true.counts[quantity.column][0], case.simulator.observation.days - 1
    if quantity.name == TOTAL:
        unit = counts[quantity.days[0]]
    elif quantity.name.startswith("imported"):
        unit = true.counts[total_column(case.simulator)][0, last]
    elif quantity.name.startswith("entrants"):
        unit = counts[last]
    else:
        unit = counts.max()
    return max(1.0, float(unit))
