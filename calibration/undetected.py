"""Infections that no test ever found, by cause: what the priors say alone, and with the counts.

No count informs them directly. So the fitted pairs stand beside runs whose parameters are drawn
from the priors, with plain seeds.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from scipy import special, stats

from calibration.check import QUANTILES, is_informed, named_quantiles
from calibration.priors import Prior, values_at
from calibration.simulator import SEEDS
from calibration.stages import Stage, generator
from calibration.task_runner import TaskRunner
from sim.experiment.ensemble import Ensemble, Member
from sim.experiment.outcome_registry import with_value
from sim.experiment.parameters import parameters_digest, value_at, with_parameters, world_digest
from sim.experiment.replicates import Replicates, finished_model
from sim.experiment.run_store import Arrays, RunKey
from sim.scenario.schema import Scenario
from sim.world.detection import CAUSE_LABELS
from sim.world.draws import FloatArray
from sim.world.outcomes import outcomes_of

PRIOR_RUNS = 600
"""Runs with parameters from the priors."""

PEOPLE, SHARE = "people", "share"
"""Units: infected entrants, and the share of those who are not undecided at the end."""

KINDS = ("prior", "same_size", "posterior")
"""Runs that stand beside each other: see ``undetected_table``."""

_SAME_SIZE = 2.0
"""Runs are of the same order of size up to this factor between the numbers that tested positive."""

_BATCH = 5
"""Runs per task."""

_POSITIVE, _NEVER, _UNDECIDED = (
    "ever_positive_entrants",
    "undetected_entrants",
    "undecided_entrants",
)

_RARE = "too rare to tell"

_LABELS = {
    _POSITIVE: "ever tested positive",
    _NEVER: "never found",
    **{f"undetected_{cause.name.lower()}": label for cause, label in CAUSE_LABELS.items()},
    _UNDECIDED: "undecided at the end",
}
"""The outcomes of the table, in its order, and what they are."""


def prior_members(priors: Sequence[Prior], root: int) -> list[Member]:
    """Return plain seeds with parameters drawn from ``priors``."""
    members = []
    for number in range(PRIOR_RUNS):
        rng = generator(root, Stage.UNDETECTED_PRIOR, number)
        values = values_at(priors, rng.standard_normal(len(priors)))
        members.append(Member(int(rng.integers(SEEDS)), values))
    return members


def run_prior(
    scenario: Scenario, ensemble: Ensemble, priors: Sequence[Prior], root: int, at: TaskRunner
) -> pd.DataFrame:
    """Return outcomes of runs with parameters from their priors, one row per run.

    Args:
        scenario: the whole world.
        ensemble: parameters that the scenario does not leave to it are not drawn either.
        priors: of all parameters.
        root: root seed of the fit.
        at: where the runs are done and kept.

    Raises:
        WorkLost: a worker process was killed again and again.
    """
    fixed = ensemble.overridden(scenario)
    drawn = [
        prior
        for prior in priors
        if prior.path not in fixed and value_at(scenario, prior.path) is not None
    ]
    members = prior_members(drawn, root)
    medians = values_at(drawn, np.zeros(len(drawn)))
    world = world_digest(with_parameters(scenario, medians))
    tasks = {_key(world, member): member for member in members}
    work = partial(_run_batch, scenario, world)
    done = at.finished("runs from the priors", work, tasks, batch=_BATCH)
    return pd.DataFrame([done[key]["detection"] for key in tasks], columns=list(_LABELS))


def _run_batch(scenario: Scenario, world: str, members: list[Member]) -> dict[RunKey, Arrays]:
    return {_key(world, member): {"detection": _detection(scenario, member)} for member in members}


def _detection(scenario: Scenario, member: Member) -> FloatArray:
    """Return the outcomes of the table in a run, shape (outcomes,)."""
    model = finished_model(scenario, member)
    try:
        outcomes = outcomes_of(model)
        return np.array([outcomes[name] for name in _LABELS], dtype=np.float64)
    finally:
        model.free()


def _key(world: str, member: Member) -> RunKey:
    return RunKey(world, parameters_digest(member.parameters), str(member.seed))


def pairs_outcomes(replicates: Replicates) -> pd.DataFrame:
    """Return the same outcomes of the pairs of an ensemble, one row per finished run."""
    return pd.DataFrame({name: replicates.outcome(name) for name in _LABELS})


def undetected_table(prior: pd.DataFrame, posterior: pd.DataFrame) -> pd.DataFrame:
    """Return prior beside posterior by cause, one row per outcome: in people, then in shares.

    ``prior`` are all runs from the priors, ``same_size`` those of them in which about as many
    tested positive as in the posterior: within a factor of two of its median. A share of a few
    people varies by chance alone, so shares are judged against the latter, people against all.
    ``contraction`` is the share of the variance, on the scale of normal scores among those runs,
    that the posterior does without; nan where nothing can be said: the outcome is the same in all
    of them, or zero in half of the runs of both kinds.

    Args:
        prior: from ``run_prior``.
        posterior: from ``pairs_outcomes``.
    """
    size = float(posterior[_POSITIVE].median())
    of_size = prior[prior[_POSITIVE].between(size / _SAME_SIZE, size * _SAME_SIZE)]
    rows = []
    for unit, measure in ((PEOPLE, _people), (SHARE, _shares)):
        every, same, after = measure(prior), measure(of_size), measure(posterior)
        for name in every.columns:
            of = {
                kind: with_value(table[name].to_numpy())
                for kind, table in zip(KINDS, (every, same, after), strict=True)
            }
            rows.append(_row(name, unit, of, "same_size" if unit == SHARE else "prior"))
    return pd.DataFrame(rows)


def _people(people: pd.DataFrame) -> pd.DataFrame:
    return people


def _shares(people: pd.DataFrame) -> pd.DataFrame:
    """Return shares of the infected entrants who are decided; nan in a run without any."""
    decided = people[_POSITIVE] + people[_NEVER]
    return people.drop(columns=_UNDECIDED).div(decided.where(decided > 0), axis=0)


def _row(name: str, unit: str, of: dict[str, FloatArray], against: str) -> dict[str, object]:
    before, after = of[against], of["posterior"]
    contraction, shift, verdict = np.nan, np.nan, _RARE
    if not _is_rare(before) or not _is_rare(after):
        contraction, shift = _told(before, after)
        verdict = _verdict(contraction, shift)
    return {
        "outcome": name,
        "meaning": _LABELS[name],
        "unit": unit,
        **{
            column: value
            for kind, values in of.items()
            for column, value in named_quantiles(kind, _quantiles(values)).items()
        },
        "contraction": contraction,
        "verdict": verdict,
    }


def _is_rare(values: FloatArray) -> bool:
    """Tell whether an outcome is zero in at least half of the runs."""
    return not len(values) or float((values == 0).mean()) >= 0.5


def _quantiles(values: FloatArray) -> FloatArray:
    return np.quantile(values, QUANTILES) if len(values) else np.full(len(QUANTILES), np.nan)


def _told(before: FloatArray, after: FloatArray) -> tuple[float, float]:
    """Return contraction, and the shift of the mean in standard deviations of the prior.

    On the scale of normal scores of the runs from the priors, as the sizes of these differ by
    orders of magnitude. Both are nan where they do not differ, or there are no runs.
    """
    if not len(after) or np.unique(before).size < 2:
        return np.nan, np.nan
    scores, of_prior = _scores(after, before), _scores(before, before)
    contraction = 1.0 - float(scores.var() / of_prior.var())
    return contraction, float((scores.mean() - of_prior.mean()) / of_prior.std())


def _scores(values: FloatArray, of: FloatArray) -> FloatArray:
    """Return the normal scores of ``values`` among the values ``of`` the prior, shape as given."""
    below = stats.percentileofscore(of, values, kind="mean") / 100
    edge = 0.5 / len(of)
    return np.asarray(special.ndtri(np.clip(below, edge, 1 - edge)))


def _verdict(contraction: float, shift: float) -> str:
    if np.isnan(contraction):
        return "the same in all runs"
    return "informed" if is_informed(contraction, shift) else "hardly informed"
