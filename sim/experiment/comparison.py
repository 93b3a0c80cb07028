"""Policies compared pair by pair: the same parameters and random numbers under each of them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pandas as pd

from sim.experiment.campaign import Campaign, Variant
from sim.experiment.ensemble import Member
from sim.experiment.outcome_registry import OUTCOMES, with_value
from sim.experiment.paired_outcomes import PairedOutcomes
from sim.experiment.replicates import region_indices, series_index
from sim.world.draws import BoolArray, FloatArray, IntArray


class Comparison(PairedOutcomes):
    """Finished runs of policies, those of them that all policies have.

    Args:
        campaign: the policies, the one that the others are compared with first, and their runs.
        pairs: use the first so many pairs only; None uses all.
    """

    def __init__(self, campaign: Campaign, pairs: int | None = None) -> None:
        self.campaign = campaign
        self.policies = campaign.variants
        runs = [_outcomes(campaign, number, pairs) for number in range(len(self.policies))]
        kept = np.logical_and.reduce([of.kept for of in runs])
        self.places: IntArray = np.flatnonzero(kept)
        """Places of the pairs among the members, shape (pairs,)."""
        super().__init__(
            [policy.name for policy in self.policies],
            [pd.DataFrame(of.values[kept], columns=list(OUTCOMES)) for of in runs],
        )

    @property
    def baseline(self) -> Variant:
        """The policy that the others are compared with."""
        return self.policies[0]

    @property
    def others(self) -> Sequence[Variant]:
        """The policies that are compared with it."""
        return self.policies[1:]

    @property
    def members(self) -> list[Member]:
        """Parameters and random numbers of the pairs, those of the baseline."""
        return [self.baseline.members[place] for place in self.places]

    def curves(self, policy: int, series: str) -> IntArray:
        """Return a daily series of all regions together, shape (pairs, days)."""
        wanted = set(self.places.tolist())
        days = self.policies[policy].scenario.calendar.days
        curves: IntArray = np.empty((self.pairs, days), dtype=np.int64)
        column, regions = series_index(series), region_indices(self.policies[policy].scenario)
        runs = enumerate(self.campaign.runs(policy))
        paired = (run for place, run in runs if place in wanted and run is not None)
        for row, run in enumerate(paired):
            # Into its place at once: the column alone would keep the whole run in memory.
            curves[row] = run.series[:, column, regions].sum(axis=1)
        return curves

    def outcomes_table(self) -> pd.DataFrame:
        """Return ``policy``, ``pair``, ``seed`` and one column per outcome, one row per run."""
        return pd.concat(self.outcomes_tables(), ignore_index=True)

    def outcomes_tables(self) -> Iterator[pd.DataFrame]:
        """Yield the table of all outcomes, one policy after the other."""
        for variant, table in zip(self.policies, self._tables, strict=True):
            head = {
                "policy": variant.name,
                "pair": self.places,
                "seed": [variant.members[place].seed for place in self.places],
            }
            yield pd.concat([pd.DataFrame(head, index=table.index), table], axis=1)

    def differences_table(self) -> pd.DataFrame:
        """Return the statistics of every difference, one row per policy and outcome; none of none.

        Medians are of the runs in which the outcome has a value: ``runs_with_value_of_...``.
        """
        rows = [
            {
                "policy": variant.name,
                "baseline": self.baseline.name,
                "outcome": name,
                "unit": OUTCOMES[name].unit,
                **self._medians(policy, name),
                **self.statistics(policy, name).as_row(),
            }
            for policy, variant in enumerate(self.others, 1)
            for name in (OUTCOMES if self.pairs else ())
        ]
        return pd.DataFrame(rows)

    def _medians(self, policy: int, name: str) -> dict[str, float]:
        row: dict[str, float] = {}
        for which, number in (("baseline", 0), ("policy", policy)):
            known = with_value(self.outcome(number, name))
            row[f"runs_with_value_of_{which}"] = len(known)
            row[f"median_of_{which}"] = float(np.median(known)) if len(known) else math.nan
        return row


@dataclass(frozen=True)
class _Outcomes:
    """Outcomes of the runs of a policy, as one array: dictionaries would take ten times that.

    Attributes:
        kept: which runs there are, shape (members,).
        values: zero for those that there are not, shape (members, outcomes).
    """

    kept: BoolArray
    values: FloatArray


def _outcomes(campaign: Campaign, variant: int, pairs: int | None) -> _Outcomes:
    """Return the outcomes of the first ``pairs`` runs of a variant."""
    members = len(campaign.variants[variant].members[:pairs])
    kept = np.zeros(members, dtype=np.bool_)
    values = np.zeros((members, len(OUTCOMES)))
    for place, outcomes in enumerate(islice(campaign.outcomes(variant), pairs)):
        if outcomes is not None:
            kept[place] = True
            values[place] = [outcomes[name] for name in OUTCOMES]
    return _Outcomes(kept, values)
