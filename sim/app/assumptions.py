"""What nobody knows and no count tells: numbers that people may fix, with their priors behind."""

from functools import cache
from typing import Any

import numpy as np

from calibration.priors import Prior, read_priors
from sim.app.policy_file import Base, Policy
from sim.experiment.ensemble import Ensemble
from sim.experiment.parameters import value_at
from sim.scenario.quantities import format_duration, format_money

_GROUPS = {
    "costs": "Unit costs",
    "border.informants": "Response to rewards",
    "border.crossers": "People who consider crossing",
    "border.stretches": "The border away from the ports",
    "quarantine": "Adherence to quarantine",
}
"""Headings by the beginning of a path. The last one is all but untouched by the fit."""

_POINTS = 61


@cache
def _priors() -> tuple[Prior, ...]:
    return tuple(p for p in read_priors().parameters if _group(p.path))


def _group(path: str) -> str:
    if path.startswith("quarantine.") and "breach" not in path:
        return ""
    return next((words for start, words in _GROUPS.items() if path.startswith(f"{start}.")), "")


def assumptions_of(policy: Policy, base: Base, ensemble: Ensemble | None) -> list[dict[str, Any]]:
    """Return every number that may be fixed, those with a prior that the policy has.

    A row has ``path``, ``group``, ``label``, ``unit``, ``source``, the ends ``low`` and ``high`` of
    its slider (99.8 % of the prior), whether that is on a scale of ``log``, the ``median``, the
    ``density`` of the prior along the slider (61 values up to 1), the number at which all pairs of
    runs have it ``fixed``, or None, and whether it ``can_be_freed``: the text itself fixes it.

    Args:
        policy: what is assumed in it.
        base: its baseline.
        ensemble: of which the pairs are; None: there is none.
    """
    scenario = policy.scenario
    fitted = set(ensemble.base) - set(ensemble.overridden(scenario)) if ensemble else set()
    by_hand = scenario.set_by_hand or ()
    return [
        {
            **_of_prior(prior),
            "fixed": None if prior.path in fitted else number,
            "can_be_freed": prior.path in by_hand or number != value_at(base.scenario, prior.path),
        }
        for prior in _priors()
        if (number := value_at(scenario, prior.path)) is not None
    ]


def _of_prior(prior: Prior) -> dict[str, Any]:
    low, median, high = prior.prior.quantile(np.array([0.001, 0.5, 0.999])).tolist()
    log = prior.prior.kind == "loguniform"
    grid = np.geomspace(low, high, _POINTS + 1) if log else np.linspace(low, high, _POINTS + 1)
    share = np.diff(prior.prior.share_below(grid))
    return {
        "path": prior.path,
        "group": _group(prior.path),
        "label": prior.label,
        "unit": prior.unit,
        "source": prior.source,
        "low": low,
        "high": high,
        "log": log,
        "median": median,
        "density": (share / share.max()).round(3).tolist(),
    }


def value_in_file(path: str, number: float) -> Any:
    """Return a number as a file has it: with its unit if it is a time or money.

    Raises:
        KeyError: there is no such assumption.
    """
    prior = next((p for p in _priors() if p.path == path), None)
    if prior is None:
        raise KeyError(path)
    if prior.unit == "CNY":
        return format_money(number)
    return format_duration(number) if prior.unit == "d" else number
