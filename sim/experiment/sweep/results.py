"""What a sweep found: one table per point, made from the store one point after the other."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.experiment.campaign import Campaign, Variant
from sim.experiment.ensemble import Member
from sim.experiment.outcome_registry import COMPARED, OUTCOMES, with_value
from sim.experiment.paired_statistics import SHARES, PairedStatistics
from sim.experiment.same_runs import same_runs
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.points import Point
from sim.world.draws import FloatArray


def variants_of(plan: Plan, members: Sequence[Sequence[Member]]) -> list[Variant]:
    """Return what is run: the policies as their files say, then every point of each of them.

    Args:
        plan: the sweep.
        members: parameters and random numbers of the runs of each policy, without those that
            are varied.
    """
    policies = list(zip(plan.policies, plan.worlds, members, strict=True))
    return [
        *(Variant(policy.name, policy, runs) for policy, _, runs in policies),
        *(
            Variant(f"{policy.name} at point {point.number}", world, runs)
            for policy, worlds, runs in policies
            for point, world in zip(plan.points, worlds, strict=True)
        ),
    ]


def same_at_points(plan: Plan, variants: Sequence[Variant]) -> Iterator[str]:
    """Yield a sentence for every policy that is the same as one before it at every point.

    Args:
        plan: the sweep.
        variants: as ``variants_of`` returns them.
    """
    names = [policy.name for policy in plan.policies]
    return same_runs(names, variants[len(names) :], " at every point")


def finished_points(summary: pd.DataFrame, policy: str, outcome: str) -> pd.DataFrame:
    """Return the rows of ``SweepResults.summary`` of the points with a difference.

    Other points have no finished pair of runs, or none in which the outcome has a value.
    """
    of = (summary["policy"] == policy) & (summary["outcome"] == outcome)
    return summary[of & (summary["point"] >= 0) & summary["difference_median"].notna()]


@dataclass(frozen=True)
class PointRuns:
    """The runs of one policy at one point.

    Attributes:
        policy: name of the policy.
        point: the point; None: as the file of the policy says.
        places: of the finished runs among the members.
        seeds: of the finished runs.
        outcomes: of the finished runs, one column per outcome.
    """

    policy: str
    point: Point | None
    places: Sequence[int]
    seeds: Sequence[int]
    outcomes: pd.DataFrame


class SweepResults:
    """The finished runs of a sweep, read point by point so that memory stays small.

    Args:
        plan: the sweep.
        campaign: of the variants that ``variants_of`` makes of it.
    """

    def __init__(self, plan: Plan, campaign: Campaign) -> None:
        self.plan = plan
        self.campaign = campaign
        self._columns = list(dict.fromkeys([*plan.sweep.outcomes, *COMPARED]))

    def runs(self) -> Iterator[PointRuns]:
        """Yield the runs of every policy as its file says, and then at every point."""
        policies = [policy.name for policy in self.plan.policies]
        where: list[tuple[str, Point | None]] = [(policy, None) for policy in policies]
        where += [(policy, point) for policy in policies for point in self.plan.points]
        for number, (policy, point) in enumerate(where):
            members = self.campaign.variants[number].members
            found = [
                (place, outcomes)
                for place, outcomes in enumerate(self.campaign.outcomes(number))
                if outcomes is not None
            ]
            yield PointRuns(
                policy,
                point,
                [place for place, _ in found],
                [members[place].seed for place, _ in found],
                pd.DataFrame([outcomes for _, outcomes in found], columns=list(OUTCOMES)),
            )

    def outcomes_tables(self) -> Iterator[pd.DataFrame]:
        """Yield tables of all outcomes, one row per run, one table per policy and point."""
        for of in self.runs():
            head = {**self._head(of), "pair": of.places, "seed": of.seeds}
            yield pd.concat([pd.DataFrame(head, index=of.outcomes.index), of.outcomes], axis=1)

    def summary(self) -> pd.DataFrame:
        """Return the outcomes of interest, one row per policy, point and outcome.

        Mean and quantiles are of the ``runs_with_value``, nan if there is none. The columns that
        begin with ``difference_`` are paired with the first policy as its file says; see
        ``PairedStatistics``.
        """
        rows = []
        reference: PointRuns | None = None
        for of in self.runs():
            reference = reference or of
            if not of.places:
                continue
            for outcome in self._columns:
                values = with_value(of.outcomes[outcome].to_numpy(dtype=np.float64))
                quantiles = [math.nan] * len(SHARES)
                if len(values):
                    quantiles = np.quantile(values, SHARES).tolist()
                rows.append(
                    {
                        **self._head(of),
                        "outcome": outcome,
                        "unit": OUTCOMES[outcome].unit,
                        "runs": len(of.places),
                        "runs_with_value": len(values),
                        "mean": float(values.mean()) if len(values) else math.nan,
                        **{
                            f"q{100 * share:02.0f}": quantile
                            for share, quantile in zip(SHARES, quantiles, strict=True)
                        },
                        **_difference(of, reference, outcome),
                    }
                )
        return pd.DataFrame(rows)

    def failures_table(self) -> pd.DataFrame:
        """Return the runs that failed, with their parameters, one row per run."""
        rows = [
            {
                "variant": variant.name,
                "seed": member.seed,
                "reason": failure.reason,
                **member.parameters,
            }
            for variant, member, failure in self.campaign.failures()
        ]
        return pd.DataFrame(rows, columns=None if rows else ["variant", "seed", "reason"])

    def _head(self, of: PointRuns) -> dict[str, object]:
        """Return which policy and point, with one column per factor."""
        labels: Sequence[str] = (
            ["as in the file"] * len(self.plan.factors)
            if of.point is None
            else [level.label for level in of.point.levels]
        )
        names = [factor.name for factor in self.plan.factors]
        number = -1 if of.point is None else of.point.number
        return {"policy": of.policy, "point": number, **dict(zip(names, labels, strict=True))}


def _difference(of: PointRuns, reference: PointRuns, outcome: str) -> dict[str, float]:
    """Return the paired statistics against the reference, by name; nothing without pairs."""
    both = sorted(set(of.places) & set(reference.places))
    if not both:
        return {}
    statistics = PairedStatistics.of(_values(of, both, outcome), _values(reference, both, outcome))
    return {f"difference_{name}": value for name, value in statistics.as_row().items()}


def _values(of: PointRuns, places: Sequence[int], outcome: str) -> FloatArray:
    row_of = {place: row for row, place in enumerate(of.places)}
    rows = [row_of[place] for place in places]
    values: FloatArray = of.outcomes[outcome].to_numpy(dtype=np.float64)[rows]
    return values
