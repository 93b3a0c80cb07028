"""The experiments of a finished sweep: what differed, and what one policy changed against another.

An experiment is a pair (the same parameters and random numbers) at a point that has finished under
both policies. The tables have the form that the EMA Workbench reads: one column per uncertainty
with ``scenario``, ``policy`` and ``model``, and one array an outcome.
"""

import operator
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.points import Factor, Level
from sim.experiment.sweep.results import PointRuns, SweepResults
from sim.world.draws import BoolArray, FloatArray, IntArray

NET_BENEFIT = "net_benefit"
"""CNY that remain: what averted infections are worth less the extra cost."""

EMA_COLUMNS = ("scenario", "policy", "model")
"""Columns of the EMA Workbench beside those of uncertainties."""

_MODEL = "bordersim"


@dataclass(frozen=True)
class Condition:
    """What makes an experiment one of interest.

    Attributes:
        outcome: its paired difference is looked at; or ``net_benefit``.
        above: whether it has to be above the limit, not below.
        limit: in the unit of the outcome.
    """

    outcome: str
    above: bool
    limit: float

    def met_by(self, values: FloatArray) -> BoolArray:
        """Tell which values meet it, shape as given."""
        compare = operator.gt if self.above else operator.lt
        return np.asarray(compare(values, self.limit), dtype=np.bool_)


@dataclass(frozen=True)
class Experiments:
    """Experiments, one row each in every table and array.

    Attributes:
        policy: name of the policy.
        against: name of the policy that it is compared with.
        inputs: what differs between experiments: one column per factor, numbers for factors on
            a scale and labels for others, and one column per fitted parameter.
        outcomes: paired differences ``policy`` minus ``against``, and ``net_benefit``; shape
            (experiments,) each.
        points: numbers of the points, shape (experiments,).
        pairs: places of the pairs among the members, shape (experiments,).
    """

    policy: str
    against: str
    inputs: pd.DataFrame
    outcomes: Mapping[str, FloatArray]
    points: IntArray
    pairs: IntArray

    def table(self) -> pd.DataFrame:
        """Return the experiments as the EMA Workbench has them; ``scenario`` counts from zero."""
        return self.inputs.assign(
            scenario=np.arange(len(self.inputs)),
            policy=f"{self.policy} against {self.against}",
            model=_MODEL,
        )

    def outcomes_table(self) -> pd.DataFrame:
        """Return the outcomes, with ``scenario``, ``point`` and ``pair`` of their experiments."""
        where = {"scenario": np.arange(len(self.inputs)), "point": self.points, "pair": self.pairs}
        return pd.DataFrame({**where, **self.outcomes})

    def where(self, kept: BoolArray) -> "Experiments":
        """Return some of the experiments, ``kept`` of shape (experiments,)."""
        return Experiments(
            self.policy,
            self.against,
            self.inputs[kept].reset_index(drop=True),
            {name: values[kept] for name, values in self.outcomes.items()},
            self.points[kept],
            self.pairs[kept],
        )


def experiments_of(
    results: SweepResults, policy: int, against: int, willingness_to_pay: float
) -> Experiments:
    """Return the experiments that have finished under both policies.

    The net benefit of a policy is willingness to pay x infections averted - extra cost, in CNY.

    Args:
        results: of the sweep.
        policy: number of the policy.
        against: number of the policy that it is compared with.
        willingness_to_pay: CNY for an averted infection.
    """
    plan = results.plan
    names = plan.policies[policy].name, plan.policies[against].name
    by_point: dict[str, dict[int, PointRuns]] = {name: {} for name in names}
    for runs in results.runs():
        if runs.point is not None and runs.policy in by_point:
            by_point[runs.policy][runs.point.number] = runs
    of_points, of_pairs, differences = [], [], []
    for number in range(len(plan.points)):
        one, other = (by_point[name][number] for name in names)
        both = sorted(set(one.places) & set(other.places))
        of_points.append(np.full(len(both), number))
        of_pairs.append(np.array(both, dtype=np.int64))
        differences.append(_outcomes(one, both) - _outcomes(other, both))
    points, pairs = np.concatenate(of_points), np.concatenate(of_pairs)
    outcomes = dict(zip(OUTCOMES, np.concatenate(differences).T, strict=True))
    outcomes[NET_BENEFIT] = (
        -willingness_to_pay * outcomes["community_infections"] - outcomes["cost_cny"]
    )
    parameters = _parameters(results, policy, against)
    inputs = _factors(plan, points).join(parameters.iloc[pairs].reset_index(drop=True))
    return Experiments(*names, inputs, outcomes, points, pairs)


def _outcomes(runs: PointRuns, places: list[int]) -> FloatArray:
    """Return the outcomes of the pairs at ``places``, shape (places, outcomes)."""
    row_of = {place: row for row, place in enumerate(runs.places)}
    table: FloatArray = runs.outcomes.to_numpy(dtype=np.float64)
    return table[[row_of[place] for place in places]]


def _factors(plan: Plan, points: IntArray) -> pd.DataFrame:
    """Return the factors of the points, one column per factor."""
    columns = {
        factor.name: [_value(factor, plan.points[number].levels[place]) for number in points]
        for place, factor in enumerate(plan.factors)
    }
    return pd.DataFrame(columns)


def _value(factor: Factor, level: Level) -> float | str:
    if not factor.is_scale:
        return level.label
    assert level.quantity is not None
    return level.quantity.number


def _parameters(results: SweepResults, policy: int, against: int) -> pd.DataFrame:
    """Return the parameters that vary between pairs and that both policies have, one row per pair.

    A pair has no value for what the sweep varies, nor for what a policy sets itself.
    """
    variants = results.campaign.variants
    one, other = (
        pd.DataFrame([member.parameters for member in variants[number].members])
        for number in (policy, against)
    )
    return one[
        [
            path
            for path in one.columns
            if path in other and one[path].equals(other[path]) and one[path].nunique() > 1
        ]
    ]
