"""What a page shows of a comparison: the answer of ``bordersim compare``, and the curves."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiment.campaign import Campaign
from sim.experiment.comparison import Comparison
from sim.experiment.half_width import half_width
from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.paired_statistics import PairedStatistics
from sim.experiment.policy_choice import THRESHOLDS, Decision, decision_of
from sim.experiment.replicates import region_indices, series_index
from sim.view.answers.sentences import policy_sentence
from sim.view.answers.tables import caption_of, differences_of_one
from sim.view.outcome_words import (
    amount,
    difference_words,
    one_of,
    tick_words,
    title_of_outcome,
    unit_of,
)
from sim.view.policies.look import is_beyond_chance
from sim.view.words import percent, series_words, words
from sim.world.draws import FloatArray, IntArray

CURVES = (
    "imported_confirmed_cumulative",
    "local_confirmed_cumulative",
    "stranded",
    "in_quarantine",
    "entrants_cumulative",
)
"""Daily series that are drawn, in the order of the page."""

_BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Answer:
    """What the first pairs say.

    Attributes:
        asked: pairs that were asked for; of some a run may have failed.
        places: of the pairs among all that will be asked for, shape (pairs,).
        page: what a page shows, as JSON.
        costs: CNY under baseline and policy, shape (2, pairs).
        infections: of the community, likewise.
    """

    asked: int
    places: IntArray
    page: dict[str, Any]
    costs: FloatArray
    infections: FloatArray


def answer_of(comparison: Comparison, curves: Sequence[IntArray], asked: int, total: int) -> Answer:
    """Return the answer that pairs of a baseline and one policy give.

    Args:
        comparison: both, with at least one pair.
        curves: ``CURVES`` of both, shape (pairs, series, days) each.
        asked: pairs that were asked for; of some a run may have failed.
        total: pairs that will be asked for in the end.
    """
    decision = decision_of(comparison)
    page = {
        "pairs": comparison.pairs,
        "total": total,
        "is_last": asked == total,
        "sentence": policy_sentence(comparison, 1),
        "caption": f"{caption_of(comparison)}.",
        "baseline": words(comparison.names[0]),
        "policy": words(comparison.names[1]),
        "outcomes": [
            {
                **_outcome(name, comparison.statistics(1, name)),
                "before": before.text,
                "text": difference.text,
                "notes": list(difference.notes),
                "chance": difference.chance,
            }
            for name, before, difference in differences_of_one(comparison)
        ],
        "start": comparison.baseline.scenario.calendar.start.isoformat(),
        "curves": [
            {"series": name, "title": _first_letter(series_words(name)), **_bands(curves, number)}
            for number, name in enumerate(CURVES)
            if any(of[:, number].any() for of in curves)
        ],
        "plane": {
            "averted": _mean(decision.averted[1]),
            "extra": _mean(decision.extra_costs[1]),
        },
        "benefits": _benefits(decision),
    }
    return Answer(asked, comparison.places, page, decision.costs, decision.infections)


def _benefits(decision: Decision) -> list[dict[str, Any]]:
    """Return mean and chance of a net benefit at each worth of an averted infection, CNY."""
    worths = THRESHOLDS[::2].tolist()
    return [
        {"worth": worth, "mean": float(of[1].mean()), "chance": percent(float((of[1] > 0).mean()))}
        for worth, of in zip(worths, decision.net_benefits(worths), strict=True)
    ]


def _outcome(name: str, of: PairedStatistics) -> dict[str, Any]:
    """Return the statistics of a difference in the unit in which it is shown, and its words."""
    one = one_of(name)
    side = OUTCOMES[name].direction.value[of.higher > of.lower]
    error = max(of.median_high_95 - of.median, of.median - of.median_low_95)
    known = math.isfinite(error)
    return {
        "name": name,
        "title": title_of_outcome(name),
        "unit": unit_of(name),
        "side": side if of.pairs and of.equal < 1 and is_beyond_chance(of) else "chance",
        "sides": OUTCOMES[name].direction.value,
        "median_words": difference_words(name, of.median),
        "error_words": f"±\N{NO-BREAK SPACE}{amount(name, error)}" if known else "",
        "interval_words": f"{difference_words(name, of.q05)} to {difference_words(name, of.q95)}",
        **{
            key: _finite(getattr(of, key) / one)
            for key in ("q05", "q25", "median", "q75", "q95", "median_low_95", "median_high_95")
        },
        "lower": _finite(of.lower),
        "higher": _finite(of.higher),
        "zero": tick_words(name, 0.0),
    }


def _mean(values: FloatArray) -> dict[str, float | None]:
    return {"mean": _finite(float(values.mean())), "half_width": _finite(half_width(values))}


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _first_letter(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _bands(curves: Sequence[IntArray], number: int) -> dict[str, Any]:
    """Return the quantiles of a series by day, of baseline and policy."""
    return {
        who: np.quantile(of[:, number], _BANDS, axis=0).round(2).tolist()
        for who, of in zip(("before", "after"), curves, strict=True)
    }


class CurveStore:
    """The curves of a variant, each run unpacked once however often more of them are asked for."""

    def __init__(self) -> None:
        self._known: dict[int, IntArray] = {}

    def of(self, campaign: Campaign, variant: int, places: IntArray) -> IntArray:
        """Return ``CURVES`` of the runs at some places, shape (runs, series, days)."""
        wanted = [place for place in places.tolist() if place not in self._known]
        if wanted:
            scenario = campaign.variants[variant].scenario
            columns = [series_index(name) for name in CURVES]
            regions = region_indices(scenario)
            for place in wanted:
                run = campaign.run_at(variant, place)
                assert run is not None  # the comparison has it
                sums = run.series[:, columns][:, :, regions].sum(axis=2)
                self._known[place] = np.ascontiguousarray(sums.T, dtype=np.int32)
        curves: IntArray = np.stack([self._known[place] for place in places.tolist()])
        return curves
