"""What ``bordersim sweep`` does once its arguments are understood."""

import datetime as dt
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import pandas as pd

from sim.commands.campaign import (
    Machines,
    failures_of,
    opened_campaign,
    report_failed_runs,
    run_campaign,
    warn_of_same_policies,
)
from sim.commands.members import options_refused
from sim.commands.output import print_as_json
from sim.exits import DONE
from sim.experiment.campaign import STORE, Campaign, Progress
from sim.experiment.executors import worker_count
from sim.experiment.fingerprint import model_fingerprint
from sim.experiment.members import Members
from sim.experiment.replicates import simulate
from sim.experiment.run_folder import circumstances, write_csv, write_text
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.members import members_of_sweep, refuse_too_many
from sim.experiment.sweep.results import SweepResults, same_at_points, variants_of
from sim.scenario.loader import write_scenario
from sim.view.sweep.figures import write_sweep_figures
from sim.view.sweep.table import sweep_table

_BYTES_A_RUN = 4_700
"""Measured: a run in the store, with the index of its key."""


@dataclass(frozen=True)
class SweepRequest:
    """A sweep, and where its results go.

    Attributes:
        plan: what is run.
        ensemble: as for ``run``; None takes that of the sweep file.
        out: folder for the results and the store.
        machines: where runs are done.
        dry: only say what would be run.
        as_json: print the summary as JSON lines instead of a table.
    """

    plan: Plan
    ensemble: str | None
    out: Path
    machines: Machines
    dry: bool
    as_json: bool


def run_sweep(request: SweepRequest) -> int:
    """Run what is missing, write tables and figures, and say what came out.

    Returns:
        The exit code.

    Raises:
        Refused: the sweep is too large, or the folder or the store in it cannot be used.
        Interrupted: by the user; what has ended is kept.
        Incomplete: the disk is full, for instance; what has ended is kept.
    """
    plan = request.plan
    with options_refused():
        members = members_of_sweep(plan, request.ensemble)
        refuse_too_many(plan)
    variants = variants_of(plan, [runs.members for runs in members])
    warn_of_same_policies(same_at_points(plan, variants))
    if request.dry:
        if (request.out / STORE).exists():
            with opened_campaign(variants, request.out) as campaign:
                progress = campaign.progress()
        else:
            different = {key for keys in Campaign.keys_of(variants) for key in keys}
            progress = Progress(0, 0, len(different), 0)
        return _foretell(request, progress, members)
    started = dt.datetime.now(dt.UTC)
    # Before hours in which the file may be edited.
    text = plan.path.read_text("utf-8")
    with opened_campaign(variants, request.out) as campaign:
        run_campaign(campaign, request.machines)
        results = SweepResults(plan, campaign)
        summary = results.summary()
        _write(results, summary, request, members, text, started)
        if request.as_json:
            print_as_json(summary)
        else:
            click.echo(sweep_table(plan, summary))
            click.echo(f"runs: {members[0].note}")
            click.echo(f"tables and figures: {request.out}")
        return report_failed_runs(campaign)


def _foretell(request: SweepRequest, progress: Progress, members: Sequence[Members]) -> int:
    """Say how much there is to do, and how long one run of it takes."""
    plan = request.plan
    rows = {
        "points x policies x pairs": f"{plan.size} = {plan.runs:,}",
        "finished": f"{progress.finished:,}",
        "failed before, to be tried again": f"{progress.failed:,}",
        "new": f"{progress.new:,}",
        "kept of other settings": f"{progress.others:,}",
    }
    runs = progress.new + progress.failed
    if runs:
        # The first run also loads what later ones have at hand.
        for _ in range(2):
            began = time.perf_counter()
            simulate(plan.worlds[0][0], members[0].members[0])
            seconds = time.perf_counter() - began
        rows["time"] = _time(runs, seconds, request.machines)
        rows["disk"] = f"about {runs * _BYTES_A_RUN / 1e6:.1f} MB"
    if request.as_json:
        click.echo(json.dumps({"sweep": plan.sweep.name, "runs": plan.runs, **vars(progress)}))
        return DONE
    click.echo(f"{plan.path}: valid: {plan.sweep.name}; nothing was run")
    for name, text in rows.items():
        click.echo(f"  {name:34}{text}")
    return DONE


def _time(runs: int, seconds: float, machines: Machines) -> str:
    one = f"one run took {seconds:.3f} s"
    if machines.executor is not None:
        return f"about {runs * seconds / 60:.1f} min divided by the processes there; {one}"
    workers = worker_count(machines.workers)
    return f"about {runs * seconds / workers / 60:.1f} min on {workers} processes; {one}"


def _write(
    results: SweepResults,
    summary: pd.DataFrame,
    request: SweepRequest,
    members: Sequence[Members],
    text: str,
    started: dt.datetime,
) -> None:
    plan, out = results.plan, request.out
    scenarios = out / "scenarios"
    scenarios.mkdir(exist_ok=True)
    for policy in plan.policies:
        write_text(scenarios / f"{policy.name}.yaml", write_scenario(policy))
    write_text(out / "sweep.yaml", text)
    write_csv(out / "outcomes.csv", results.outcomes())
    write_csv(out / "summary.csv", [summary])
    write_csv(out / "failures.csv", [results.failures_table()])
    manifest = {
        "command": ["bordersim", *sys.argv[1:]],
        "sweep": plan.sweep.name,
        "question": plan.sweep.question,
        "factors": {
            factor.name: {"label": factor.label, "paths": factor.paths} for factor in plan.factors
        },
        "points": len(plan.points),
        "policies": [
            {"name": policy.name, "digest": policy.digest, "runs": runs.note}
            for policy, runs in zip(plan.policies, members, strict=True)
        ],
        "model": model_fingerprint(),
        "failures": failures_of(results.campaign),
        **circumstances(started),
    }
    write_text(out / "manifest.json", json.dumps(manifest, indent=2) + "\n")
    write_sweep_figures(plan, summary, out)
