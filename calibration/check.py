"""What a fit says: prior beside posterior, the counts it reaches, trade-offs, days left out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from calibration.fit import Budget, Fit, fit_from
from calibration.observation import Observation
from calibration.priors import LogUniformPrior, Prior, Priors, UniformPrior
from calibration.reference_runs import run_reference
from calibration.targets import CountTarget, IntervalTarget, Target, Targets
from calibration.traveller_side import TravellerSide
from calibration.work import Workplace
from sim.experiment.ensemble import Ensemble
from sim.experiment.replicates import Replicates
from sim.scenario.schema import Scenario
from sim.world.draws import FloatArray

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

INFORMED = 0.2
"""A parameter counts as informed if the counts take this share off its prior variance."""

_OUTER_SCORE, _PILED = 2.0537, 0.1
"""A posterior piles up at an edge if a tenth of it lies in the outer 2 % of the prior."""

_NOISE = 8
"""Seed of the reporting noise of foretold counts."""

MEMBERS_LEFT_OUT = 100
"""Chains of each fit without a day."""


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


def parameters_table(ensemble: Ensemble, priors: Priors) -> pd.DataFrame:
    """Return prior beside posterior, a row a parameter.

    ``contraction`` is the share of the prior variance, on the scale of normal scores, that the
    posterior does without; ``verdict`` says what the counts tell.
    """
    rows = []
    of = present(ensemble, priors)
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
                **_named("prior", before),
                **_named("posterior", after),
                "contraction": contraction,
                "verdict": _verdict(prior, scores, contraction),
                "source": prior.source,
            }
        )
    return pd.DataFrame(rows)


def _named(of: str, values: FloatArray) -> dict[str, float]:
    return {f"{of}_q{share * 100:02.0f}": v for share, v in zip(QUANTILES, values, strict=True)}


def _verdict(prior: Prior, scores: FloatArray, contraction: float) -> str:
    if prior.part is not None:
        return "not fitted: keeps its prior"
    if piles_up(prior, scores):
        return "piles up at the edge of its prior"
    shifted = abs(float(scores.mean())) > 0.5
    return "informed" if contraction >= INFORMED or shifted else "hardly informed"


def piles_up(prior: Prior, scores: FloatArray) -> bool:
    """Tell whether a posterior lies against a bound of its prior."""
    if not isinstance(prior.prior, UniformPrior | LogUniformPrior):
        return False
    below, above = (scores < -_OUTER_SCORE).mean(), (scores > _OUTER_SCORE).mean()
    return bool(max(below, above) > _PILED)


def targets_table(replicates: Replicates, targets: Targets) -> pd.DataFrame:
    """Return what the ensemble predicts for every target, a row a target."""
    rows = []
    for target in targets.targets:
        counts = counts_on(replicates, target)
        low, high = bounds(target)
        rows.append(
            {
                "target": target.id,
                "place": target.place,
                "series": target.series,
                "data_date": target.data_date.isoformat(),
                "fitted": target.fit,
                "observed_low": low,
                "observed_high": high,
                **_named("posterior", np.quantile(counts, QUANTILES)),
                "inside_90": bool(
                    np.quantile(counts, 0.05) <= high and low <= np.quantile(counts, 0.95)
                ),
                "median_off": _off(float(np.median(counts)), low, high),
            }
        )
    return pd.DataFrame(rows)


def bounds(target: Target) -> tuple[float, float]:
    """Return the smallest and the largest count that agree with what was printed."""
    match target:
        case CountTarget(value=value):
            return value, value
        case IntervalTarget(low=low, high=high):
            return low, high
        case _:
            return target.value, np.inf


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
    """Return the pairs of fitted parameters whose scores are most correlated, a row a pair."""
    of = [prior for prior in present(ensemble, priors) if prior.part is None]
    correlation = np.asarray(np.corrcoef(scores_of(ensemble, of).T))
    first, second = np.triu_indices(len(of), 1)
    order = np.argsort(-np.abs(correlation[first, second]), kind="stable")[:strongest]
    rows = [
        {
            "parameter": of[first[i]].path,
            "other": of[second[i]].path,
            "correlation": correlation[first[i], second[i]],
        }
        for i in order
    ]
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class LeftOut:
    """What a fit without one day's targets says about that day.

    Attributes:
        date: the day left out.
        fit: the fit to all other days.
    """

    date: dt.date
    fit: Fit


def leave_dates_out(
    scenario: Scenario, targets: Targets, priors: Priors, root: int, budget: Budget, at: Workplace
) -> list[LeftOut]:
    """Fit without each day that has targets, with the reference runs of the whole fit.

    Raises:
        WorkLost: a worker process was killed again and again; what is done is kept.
    """
    side = TravellerSide(scenario, priors.fitted, Observation(targets, scenario.calendar))
    reference = run_reference(side, root, budget.runs, at)
    smaller = replace(budget, members=min(budget.members, MEMBERS_LEFT_OUT))
    return [
        LeftOut(
            date,
            fit_from(
                side.observing(Observation(targets, scenario.calendar, without=date)),
                reference,
                root,
                smaller,
                at,
            ),
        )
        for date in sorted({target.data_date for target in targets.targets if target.fit})
    ]


def left_out_table(
    left_out: Sequence[LeftOut], targets: Targets, scenario: Scenario
) -> pd.DataFrame:
    """Return what each fit foretells for the day that it was not shown, a row a target.

    Foretold is the count that would be printed: that of the history, with reporting noise.
    """
    rows = []
    rng = np.random.default_rng(_NOISE)
    for without in left_out:
        side = without.fit.side
        counts = np.stack([chain.counts for chain in without.fit.chains])
        for target in targets.targets:
            if not target.fit or target.data_date != without.date:
                continue
            column = side.columns.index((target.place, target.series))
            of_day = counts[:, column, scenario.calendar.day_of(target.data_date)]
            low, high = bounds(target)
            noise = target.noise or targets.reporting_noise
            printed = rng.normal(of_day, [noise.sd(count) for count in of_day.tolist()])
            quantiles = np.quantile(np.maximum(printed, 0.0), QUANTILES, method="weibull")
            rows.append(
                {
                    "left_out": without.date.isoformat(),
                    "target": target.id,
                    "place": target.place,
                    "series": target.series,
                    "observed_low": low,
                    "observed_high": high,
                    **_named("predicted", quantiles),
                    "inside_90": bool(quantiles[0] <= high and low <= quantiles[-1]),
                }
            )
    return pd.DataFrame(rows)
