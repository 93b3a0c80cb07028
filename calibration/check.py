"""What a fit says: prior beside posterior, the counts it reaches, trade-offs, days left out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from calibration.fit import Budget, Fit, fit_from
from calibration.local_fit import has_local_side
from calibration.observation import Observation
from calibration.priors import LOCAL_PARTS, LogUniformPrior, Prior, Priors, UniformPrior
from calibration.reference_runs import run_reference
from calibration.simulator import Simulator
from calibration.targets import Target, Targets
from calibration.task_runner import TaskRunner
from sim.experiment.ensemble import Ensemble
from sim.experiment.replicates import Replicates
from sim.scenario.schema import Scenario
from sim.world.draws import FloatArray

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

INFORMED = 0.2
"""A parameter counts as informed if the counts take this share off its prior variance."""

_SHIFTED = 0.5
"""Or if the mean moves by so many of its standard deviations."""

_OUTER_SCORE, _PILED = 2.0537, 0.1
"""A posterior piles up at an edge if a tenth of it lies in the outer 2 % of the prior."""

NOT_FITTED = "not fitted: keeps its prior"

_NOISE = 8
"""Seed of the reporting noise of predicted counts."""

Dates = tuple[dt.date, ...]
_AND = " and "
"""Between the days of a table."""

_LEFT_OUT_COLUMNS = [
    *("left_out", "target", "place", "series", "observed_low", "observed_high"),
    *(f"predicted_q{100 * share:02.0f}" for share in QUANTILES),
    "inside_90",
]

MEMBERS_LEFT_OUT = 100
"""Pairs of each fit without some days."""


def scores_of(ensemble: Ensemble, priors: Sequence[Prior]) -> FloatArray:
    """Return the normal scores of the ensemble's parameters, shape (members, priors)."""
    columns = [
        prior.score_of(np.array([m.parameters[prior.path] for m in ensemble.members]))
        for prior in priors
    ]
    return np.stack(columns, axis=1)


def present(ensemble: Ensemble, priors: Priors) -> list[Prior]:
    """Return the priors of the parameters that the ensemble has."""
    return [prior for prior in priors.parameters if prior.path in ensemble.base]


def fitted_parameters(ensemble: Ensemble, priors: Priors) -> list[Prior]:
    """Return those of them that were fitted: the local ones only if there were local counts."""
    parts = (None, *(LOCAL_PARTS if has_local_side(ensemble) else ()))
    return [prior for prior in present(ensemble, priors) if prior.part in parts]


def parameters_table(ensemble: Ensemble, priors: Priors) -> pd.DataFrame:
    """Return prior beside posterior, one row per parameter.

    ``contraction`` is the share of the prior variance, on the scale of normal scores, that the
    posterior does without; ``verdict`` says what the counts tell.
    """
    rows = []
    of, were_fitted = present(ensemble, priors), fitted_parameters(ensemble, priors)
    for prior, scores in zip(of, scores_of(ensemble, of).T, strict=True):
        values = np.array([member.parameters[prior.path] for member in ensemble.members])
        contraction = 1.0 - float(scores.var())
        shares = np.array(QUANTILES)
        before, after = prior.prior.quantile(shares), np.quantile(values, QUANTILES)
        rows.append(
            {
                "parameter": prior.path,
                "meaning": prior.label,
                "unit": prior.unit,
                **named_quantiles("prior", before),
                **named_quantiles("posterior", after),
                "contraction": contraction,
                "verdict": (
                    _verdict(prior, scores, contraction) if prior in were_fitted else NOT_FITTED
                ),
                "source": prior.source,
            }
        )
    return pd.DataFrame(rows)


def named_quantiles(of: str, values: FloatArray) -> dict[str, float]:
    """Return ``QUANTILES`` as columns of a table."""
    return {f"{of}_q{share * 100:02.0f}": v for share, v in zip(QUANTILES, values, strict=True)}


def _verdict(prior: Prior, scores: FloatArray, contraction: float) -> str:
    if piles_up(prior, scores):
        return "piles up at the edge of its prior"
    return "informed" if is_informed(contraction, float(scores.mean())) else "hardly informed"


def is_informed(contraction: float, shift: float) -> bool:
    """Tell whether the counts say something, by contraction and shift of the mean.

    Args:
        contraction: share of the prior variance that the posterior does without.
        shift: of the mean, in standard deviations of the prior.
    """
    return contraction >= INFORMED or abs(shift) > _SHIFTED


def piles_up(prior: Prior, scores: FloatArray) -> bool:
    """Tell whether a posterior lies against a bound of its prior."""
    if not isinstance(prior.prior, UniformPrior | LogUniformPrior):
        return False
    below, above = (scores < -_OUTER_SCORE).mean(), (scores > _OUTER_SCORE).mean()
    return bool(max(below, above) > _PILED)


def targets_table(replicates: Replicates, targets: Targets) -> pd.DataFrame:
    """Return what the ensemble predicts for every target, one row per target."""
    rows = []
    for target in targets.targets:
        counts = counts_on(replicates, target)
        low, high = target.bounds
        rows.append(
            {
                "target": target.id,
                "place": target.place,
                "series": target.series,
                "data_date": target.data_date.isoformat(),
                "fitted": target.fit,
                "observed_low": low,
                "observed_high": high,
                **named_quantiles("posterior", np.quantile(counts, QUANTILES)),
                "inside_90": bool(
                    np.quantile(counts, 0.05) <= high and low <= np.quantile(counts, 0.95)
                ),
                "median_off": _off(float(np.median(counts)), low, high),
            }
        )
    return pd.DataFrame(rows)


def counts_on(replicates: Replicates, target: Target) -> FloatArray:
    """Return what every run counts on the day of a target, shape (runs,)."""
    day = replicates.scenario.calendar.day_of(target.data_date)
    counts: FloatArray = replicates.series(target.series, target.place)[:, day].astype(np.float64)
    return counts


def _off(median: float, low: float, high: float) -> float:
    """Return how far the median is outside what was printed, relative to it."""
    outside = min(median - low, 0.0) + max(median - high, 0.0)
    return outside / max(low, 1.0)


def trade_offs(ensemble: Ensemble, priors: Priors, strongest: int = 12) -> pd.DataFrame:
    """Return the pairs of fitted parameters whose scores are most correlated, one row per pair.

    A parameter that is the same in all members has no correlation, and is in no pair.
    """
    of = fitted_parameters(ensemble, priors)
    correlation = _correlation(scores_of(ensemble, of))
    first, second = np.triu_indices(len(of), 1)
    defined = np.isfinite(correlation[first, second])
    first, second = first[defined], second[defined]
    order = np.argsort(-np.abs(correlation[first, second]), kind="stable")[:strongest]
    rows = [
        {
            "parameter": of[first[i]].path,
            "other": of[second[i]].path,
            "correlation": correlation[first[i], second[i]],
        }
        for i in order
    ]
    return pd.DataFrame(rows, columns=["parameter", "other", "correlation"])


def _correlation(scores: FloatArray) -> FloatArray:
    """Return the correlation of each two columns, nan with one that is the same in all rows."""
    away = scores - scores.mean(axis=0)
    length = np.sqrt(np.square(away).sum(axis=0))
    # Chains that were all replaced by one may have a parameter in common.
    unit = np.divide(away, length, out=np.full_like(away, np.nan), where=length > 1e-9)
    return np.asarray(unit.T @ unit)


@dataclass(frozen=True)
class LeftOut:
    """What a fit without some days' targets says about these days.

    Attributes:
        dates: the days left out, in order.
        fit: the fit to all other days.
    """

    dates: Dates
    fit: Fit


def leave_dates_out(
    scenario: Scenario, targets: Targets, priors: Priors, root: int, budget: Budget, at: TaskRunner
) -> list[LeftOut]:
    """Fit without each of ``dates_left_out``, with the reference runs of the whole fit.

    Raises:
        WorkLost: a worker process was killed again and again; what is done is kept.
    """
    simulator = Simulator(scenario, priors.fitted, Observation(targets, scenario.calendar))
    if not dates_left_out(targets):
        return []
    reference = run_reference(simulator, root, budget.runs, at)
    smaller = smaller_budget(budget)

    def without(dates: Dates) -> LeftOut:
        def report(stage: str, done: int, total: int) -> None:
            at.on_progress(f"without {dates_text(dates)}: {stage}", done, total)

        others = simulator.observing(Observation(targets, scenario.calendar, without=dates))
        fitted = fit_from(others, reference, root, smaller, replace(at, on_progress=report))
        return LeftOut(dates, fitted)

    return [without(dates) for dates in dates_left_out(targets)]


def dates_left_out(targets: Targets) -> list[Dates]:
    """Return what a check leaves out: each day with targets in turn, and the last two together.

    Something is always left to fit to: of two days only one is left out, and of one none.
    Local counts are not left out: nothing but them tells anything about the local side.
    """
    dates = sorted({target.data_date for target in targets.fitted(local=False)})
    each: list[Dates] = [(date,) for date in dates] if len(dates) > 1 else []
    return [*each, (dates[-2], dates[-1])] if len(dates) > 2 else each


def dates_text(dates: Dates) -> str:
    """Return days as a table has them: ``2020-04-13 and 2020-04-28``."""
    return _AND.join(date.isoformat() for date in dates)


def dates_in(text: str) -> Dates:
    """Return the days that ``dates_text`` has written."""
    return tuple(map(dt.date.fromisoformat, text.split(_AND)))


def smaller_budget(budget: Budget) -> Budget:
    """Return what a fit without some days may cost."""
    return replace(budget, members=min(budget.members, MEMBERS_LEFT_OUT))


def left_out_table(
    left_out: Sequence[LeftOut], targets: Targets, scenario: Scenario
) -> pd.DataFrame:
    """Return what each fit predicts for the days that it was not shown, one row per target.

    Predicted is the count that would be printed: that of the history, with reporting noise.
    """
    rows = []
    rng = np.random.default_rng(_NOISE)
    for without in left_out:
        simulator = without.fit.simulator
        counts = np.stack([pair.counts for pair in without.fit.pairs])
        for target in targets.fitted(local=False):
            if target.data_date not in without.dates:
                continue
            column = simulator.columns.index((target.place, target.series))
            of_day = counts[:, column, scenario.calendar.day_of(target.data_date)]
            low, high = target.bounds
            noise = target.noise or targets.reporting_noise
            printed = rng.normal(of_day, [noise.sd(count) for count in of_day.tolist()])
            quantiles = np.quantile(np.maximum(printed, 0.0), QUANTILES, method="weibull")
            rows.append(
                {
                    "left_out": dates_text(without.dates),
                    "target": target.id,
                    "place": target.place,
                    "series": target.series,
                    "observed_low": low,
                    "observed_high": high,
                    **named_quantiles("predicted", quantiles),
                    "inside_90": bool(quantiles[0] <= high and low <= quantiles[-1]),
                }
            )
    return pd.DataFrame(rows, columns=_LEFT_OUT_COLUMNS)
