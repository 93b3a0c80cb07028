"""What ``bordersim compare`` does once its arguments are understood."""

import datetime as dt
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from sim.commands.campaign import (
    Machines,
    failures_of,
    opened_campaign,
    report_failed_runs,
    run_campaign,
    warn_of_same_policies,
)
from sim.commands.output import print_as_json
from sim.exits import Refused
from sim.experiment.campaign import Variant
from sim.experiment.comparison import Comparison
from sim.experiment.fingerprint import model_fingerprint
from sim.experiment.outcome_registry import COMPARED
from sim.experiment.precision import PAIRS_AT_ONCE, Precision, StoppingRule
from sim.experiment.run_folder import circumstances, write_csv, write_text
from sim.experiment.same_runs import same_policies
from sim.scenario.loader import write_scenario
from sim.view.policies.comparison_table import comparison_table
from sim.view.policies.figures import write_policy_figures


@dataclass(frozen=True)
class CompareRequest:
    """Policies to compare, and where the results go.

    Attributes:
        policies: the policies and their runs, the one that the others are compared with first.
        notes: where the parameters and seeds of each come from.
        out: folder for the results and the store.
        wanted: precision at which runs end; empty runs all pairs.
        machines: where runs are done.
        as_json: print the differences as JSON lines instead of a table.
    """

    policies: Sequence[Variant]
    notes: Sequence[str]
    out: Path
    wanted: Sequence[Precision]
    machines: Machines
    as_json: bool


def read_precision(text: str) -> Precision:
    """Return the precision in a text such as ``imported_confirmed=5``.

    Raises:
        Refused: it names no outcome that policies are compared by, or no positive number.
    """
    outcome, _, value = text.partition("=")
    allowed = f"OUTCOME=HALF_WIDTH with one of {', '.join(COMPARED)}"
    try:
        half_width = float(value)
    except ValueError:
        half_width = 0.0
    if outcome not in COMPARED or not half_width > 0:
        raise Refused(f"--until-precision: cannot be used [allowed: {allowed}] (got {text!r})")
    return Precision(outcome, half_width)


def run_compare(request: CompareRequest) -> int:
    """Run what is missing, write tables and figures, and say what came out.

    Returns:
        The exit code.

    Raises:
        Refused: the folder or the store in it cannot be used.
        Interrupted: by the user; what has ended is kept.
        Incomplete: the disk is full, for instance; what has ended is kept.
    """
    started = dt.datetime.now(dt.UTC)
    with opened_campaign(request.policies, request.out) as campaign:
        warn_of_same_policies(same_policies(request.policies))
        rule = StoppingRule(campaign, request.wanted)
        run_campaign(campaign, request.machines, PAIRS_AT_ONCE, rule.enough)
        rule.enough()
        comparison = Comparison(campaign, rule.pairs)
        _write(comparison, request, started)
        return _report(comparison, request)


def _write(comparison: Comparison, request: CompareRequest, started: dt.datetime) -> None:
    out = request.out
    scenarios = out / "scenarios"
    scenarios.mkdir(exist_ok=True)
    for policy in comparison.policies:
        write_text(scenarios / f"{policy.name}.yaml", write_scenario(policy.scenario))
    manifest = {
        "command": ["bordersim", *sys.argv[1:]],
        "baseline": comparison.baseline.name,
        "policies": [
            {"name": policy.name, "digest": policy.scenario.digest, "runs": note}
            for policy, note in zip(comparison.policies, request.notes, strict=True)
        ],
        "pairs": comparison.pairs,
        "pairs_asked_for": len(comparison.baseline.members),
        "until_precision": {wanted.outcome: wanted.half_width for wanted in request.wanted},
        "model": model_fingerprint(),
        "failures": failures_of(comparison.campaign),
        **circumstances(started),
    }
    write_text(out / "manifest.json", json.dumps(manifest, indent=2) + "\n")
    if comparison.pairs:
        write_csv(out / "outcomes.csv", comparison.outcomes())
        write_csv(out / "differences.csv", [comparison.differences_table()])
        write_policy_figures(comparison, out)


def _report(comparison: Comparison, request: CompareRequest) -> int:
    """Print what came out and where it is, and return the exit code."""
    if request.as_json:
        if comparison.pairs:
            print_as_json(comparison.differences_table())
    elif comparison.pairs:
        console = Console(width=None if sys.stdout.isatty() else 110)
        with console.capture() as table:
            console.print(comparison_table(comparison))
        # Not printed by the console, which ends the program when nobody reads on.
        click.echo(table.get(), nl=False)
        for note in dict.fromkeys(request.notes):
            click.echo(f"runs: {note}")
        click.echo(f"tables and figures: {request.out}")
    return report_failed_runs(comparison.campaign)
