"""Which parameters and random numbers the runs of a sweep have."""

from pathlib import Path

from sim.experiment.ensemble import Ensemble
from sim.experiment.members import (
    NO_ENSEMBLE,
    Choice,
    Members,
    MembersRefused,
    paired_members_of,
)
from sim.experiment.sweep.loader import Plan


def members_of_sweep(plan: Plan, ensemble: Ensemble | str | Path | None) -> list[Members]:
    """Return the runs of every policy; what is varied is left to the points.

    Args:
        plan: the sweep.
        ensemble: as for ``run``; None takes that of the sweep file.

    Raises:
        MembersRefused: the ensemble cannot be used, or the policies would not run the same pairs.
    """
    named = plan.sweep.ensemble
    policies = [
        policy.model_copy(update={"ensemble": named}) if named else policy
        for policy in plan.policies
    ]
    chosen = NO_ENSEMBLE if ensemble is None and named == NO_ENSEMBLE else ensemble
    return paired_members_of(policies, Choice(plan.sweep.replicates, None, chosen, plan.paths))


def refuse_too_many(plan: Plan) -> None:
    """Make sure that a sweep is not larger than its file allows.

    Raises:
        MembersRefused: it is.
    """
    if plan.runs > plan.sweep.max_runs:
        raise MembersRefused(
            "",
            f"{plan.path}: {plan.size} are {plan.runs:,} runs, more than max_runs "
            f"({plan.sweep.max_runs:,}); raise it in the file if they are meant",
        )
