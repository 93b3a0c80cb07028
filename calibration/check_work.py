"""The work of a check: runs, fits without each day, the tables of both, and how long they take."""

import time
from collections.abc import Sequence

import numpy as np
import pandas as pd

from calibration.check import (
    dates_left_out,
    leave_dates_out,
    left_out_table,
    parameters_table,
    smaller_budget,
    targets_table,
    trade_offs,
)
from calibration.question import Question
from calibration.simulator import Point
from calibration.task_runner import TaskRunner
from calibration.undetected import PRIOR_RUNS, pairs_outcomes, run_prior, undetected_table
from sim.experiment.campaign import Campaign, Variant
from sim.experiment.ensemble import Ensemble, Member
from sim.experiment.executors import worker_count
from sim.experiment.replicates import Replicates, run_members
from sim.experiment.run_store import RunStore


def check_work(
    question: Question,
    ensemble: Ensemble,
    members: Sequence[Member],
    store: RunStore,
    at: TaskRunner,
) -> tuple[Replicates, dict[str, pd.DataFrame]]:
    """Run the ensemble and the priors, and fit without each day of the counts.

    Args:
        question: what was fitted to what.
        ensemble: what the fit gave.
        members: of it, as the runs of the scenario have them.
        store: keeps the runs of the ensemble.
        at: where the work is done, and keeps the rest.

    Returns:
        The runs of the ensemble, and the tables of the check by name.
    """
    scenario, targets, priors = question.scenario, question.targets, question.priors
    campaign = Campaign([Variant(scenario.name, scenario, members)], store)
    ended = campaign.progress().finished

    def advance(runs: int, failed: int) -> None:
        nonlocal ended
        ended += runs
        at.on_progress("runs of the ensemble", ended, len(members))

    advance(0, 0)
    campaign.run(workers=at.workers, on_progress=advance)
    replicates = campaign.replicates(0)
    prior = run_prior(scenario, ensemble, priors.parameters, question.seed, at)
    left_out = leave_dates_out(scenario, targets, priors, question.seed, question.budget, at)
    return replicates, {
        "parameters": parameters_table(ensemble, priors),
        "targets": targets_table(replicates, targets),
        "trade_offs": trade_offs(ensemble, priors),
        "left_out": left_out_table(left_out, targets, scenario),
        "undetected": undetected_table(prior, pairs_outcomes(replicates)),
    }


def predicted_work(question: Question, members: Sequence[Member], workers: int) -> str:
    """Return in a sentence what will be run, and the longest that it may take."""
    began = time.monotonic()
    run_members(question.scenario, members[:1])
    whole = time.monotonic() - began
    days, budget = len(dates_left_out(question.targets)), smaller_budget(question.budget)
    histories = budget.schedule.histories
    simulator = question.simulator
    began = time.monotonic()
    simulator.history(Point(np.zeros(len(simulator.priors)), question.seed))
    part = time.monotonic() - began
    fits = days * budget.ladders * histories + (budget.runs if days else 0)
    seconds = ((len(members) + PRIOR_RUNS) * whole + fits * part) / worker_count(workers)
    of_days = (
        f", {budget.runs:,} reference runs and {days} fits without a day or two ({budget.ladders} "
        f"ladders of {histories} histories)"
        if days
        else ""
    )
    return (
        f"to do: {len(members):,} runs of the ensemble and {PRIOR_RUNS} from the priors{of_days}; "
        f"at most about {_duration(seconds)}, less if some of it is done already"
    )


def _duration(seconds: float) -> str:
    minutes = int(np.ceil(seconds / 60))
    if minutes < 120:
        return f"{minutes} minute{'s' if minutes != 1 else ''}"
    return f"{np.ceil(minutes / 60):.0f} hours"
