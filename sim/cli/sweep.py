"""``bordersim sweep``: run a scenario at many values of what a sweep file varies."""

import datetime as dt
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from sim.cli import options
from sim.cli.kept_runs import opened_runs, run_campaign, warn_of_same_policies
from sim.cli.output import command_line, print_as_json, report_failed_runs
from sim.cli.reading import load_plan, warn
from sim.experiment.campaign import STORE, Campaign, Progress, Variant
from sim.experiment.executors import worker_count
from sim.experiment.replicates import simulate
from sim.experiment.run_folder import write_sweep
from sim.experiment.run_store import RunStore
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.members import members_of_sweep, refuse_too_many
from sim.experiment.sweep.results import SweepResults, same_at_points, variants_of
from sim.view.answers.sweep_sentences import sweep_text
from sim.view.figures import draw_sweep
from sim.view.style import save_all

_BYTES_A_RUN = 12_600
"""Measured: a run in the store, with the index of its key."""


@click.command()
@options.file
@options.ensemble
@options.workers
@options.executor
@options.settings
@options.strict
@click.option(
    "--dry-run",
    "dry",
    is_flag=True,
    help="Check everything, and say how many runs there are, how long they take and how much "
    "disk; run nothing.",
)
@options.out(options.RESULTS, "results/NAME")
@options.as_json
def sweep(
    file: Path,
    ensemble: str | None,
    workers: int,
    executor: str | None,
    settings: tuple[str, ...],
    strict: bool,
    dry: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Run a scenario at many values of what a sweep file varies.

    Interrupted sweeps resume with the same command, and only new points are simulated.
    """
    plan = load_plan(file, settings)
    warn(plan.warnings, strict=strict)
    out = out or Path("results", plan.sweep.name)
    members = members_of_sweep(plan, ensemble)
    refuse_too_many(plan)
    variants = variants_of(plan, [runs.members for runs in members])
    notes = [runs.note for runs in members]
    warn_of_same_policies(same_at_points(plan, variants))
    if dry:
        progress = _progress(variants, out)
        if as_json:
            together = plan.runs + plan.runs_as_in_files
            said = {"sweep": plan.sweep.name, "runs": together, **vars(progress)}
            click.echo(json.dumps(said))
        else:
            _print_work(plan, variants, progress, workers, executor)
        return
    started = dt.datetime.now(dt.UTC)
    # Before hours in which the file may be edited.
    text = plan.path.read_text("utf-8")
    with opened_runs(out) as store:
        campaign = Campaign(variants, store)
        run_campaign(campaign, store, workers, executor)
        results = SweepResults(plan, campaign)
        summary = results.summary()
        command = command_line()
        write_sweep(results, summary, out, command=command, started=started, notes=notes, text=text)
        save_all(draw_sweep(plan, summary), out)
        if as_json:
            print_as_json(summary)
        else:
            click.echo(sweep_text(plan, summary))
            click.echo(f"runs: {notes[0]}")
            click.echo(f"tables and figures: {out}")
        code = report_failed_runs(campaign)
    sys.exit(code)


def _progress(variants: Sequence[Variant], out: Path) -> Progress:
    """Return how far a sweep is; where there is no store yet, none is made."""
    with opened_runs(out) if (out / STORE).exists() else RunStore.temporary() as store:
        return Campaign(variants, store).progress()


def _print_work(
    plan: Plan,
    variants: Sequence[Variant],
    progress: Progress,
    workers: int,
    executor: str | None,
) -> None:
    """Say how much there is to do, and how long one run of it takes."""
    rows = {
        "points x policies x pairs": f"{plan.size} = {plan.runs:,}",
        "scenario files as they are": f"{plan.runs_as_in_files:,}",
        "together": f"{plan.runs + plan.runs_as_in_files:,}",
        "finished": f"{progress.finished:,}",
        "failed before, to be tried again": f"{progress.failed:,}",
        "new": f"{progress.new:,}",
        "stored runs of other settings": f"{progress.others:,}",
    }
    if runs := progress.to_do:
        # The first run also loads what later ones have at hand.
        for _ in range(2):
            began = time.perf_counter()
            simulate(plan.worlds[0][0], variants[0].members[0])
            seconds = time.perf_counter() - began
        one = f"one run took {seconds:.3f} s"
        here = worker_count(workers)
        rows["time"] = (
            f"about {runs * seconds / here / 60:.1f} min on {here} processes; {one}"
            if executor is None
            else f"about {runs * seconds / 60:.1f} min divided by the processes there; {one}"
        )
        rows["disk"] = f"about {runs * _BYTES_A_RUN / 1e6:.1f} MB"
    click.echo(f"{plan.path}: valid: {plan.sweep.name}; nothing was run")
    for name, text in rows.items():
        click.echo(f"  {name:34}{text}")
