"""``bordersim discover``: under which conditions one policy outperforms another."""

import re
from pathlib import Path

import click
import numpy as np

from sim.cli import options
from sim.cli.kept_runs import opened_sweep
from sim.cli.output import print_as_json, writing_to
from sim.cli.progress import StageProgress
from sim.cli.reading import load_finished_sweep
from sim.exits import Refused
from sim.experiment import discovery as search
from sim.experiment.discovery import SEARCHES
from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.run_folder import write_csv
from sim.experiment.sweep.experiments import (
    EMA_COLUMNS,
    NET_BENEFIT,
    Condition,
    Experiments,
    experiments_of,
)
from sim.experiment.sweep.loader import Plan
from sim.scenario.reading.errors import closest
from sim.view.style import save_all
from sim.view.sweep.discovery import draw_discovery, inputs_in_words
from sim.view.sweep.findings_text import (
    boxes_table,
    discovery_text,
    experiments_words,
    restrictions_table,
)

_CONDITION = re.compile(r"\s*(\w+)\s*([<>])\s*(\S+)\s*")


@click.command()
@options.file
@click.option("--policy", metavar="NAME", help="What is judged.  [default: the first of the sweep]")
@click.option(
    "--against",
    metavar="NAME",
    help="What it is compared with, pair by pair.  [default: the second]",
)
@click.option(
    "--where",
    default="net_benefit > 0",
    show_default=True,
    metavar="CONDITION",
    help="Which experiments are of interest: OUTCOME < NUMBER or OUTCOME > NUMBER, of the "
    "difference between both policies.",
)
@options.willingness_to_pay
@options.ensemble
@options.settings
@options.out_of_sweep
@options.as_json
def discover(
    file: Path,
    policy: str | None,
    against: str | None,
    where: str,
    willingness_to_pay: str,
    ensemble: str | None,
    settings: tuple[str, ...],
    out: Path | None,
    as_json: bool,
) -> None:
    """Find conditions under which one policy outperforms another.

    Reads the finished sweep in FILE and runs nothing. The conditions are limits of what is varied
    and of fitted parameters, found by the patient rule induction method (PRIM).
    """
    condition, money = read_where(where), options.read_willingness_to_pay(willingness_to_pay)
    plan = load_finished_sweep(file, settings)
    out = options.results_folder(out, plan.sweep.name)
    judged = _policy(plan, "--policy", policy, 0)
    other = _policy(plan, "--against", against, 1)
    if judged == other:
        name = plan.policies[judged].name
        raise Refused(f"--against: {name} is compared with itself; name another policy")
    with opened_sweep(plan, ensemble, out) as results:
        found = experiments_of(results, judged, other, money)
    experiments = _with_value(found, condition)
    if experiments.inputs.empty:
        raise Refused(
            f"no pair has finished under both policies at a point of {plan.path}; "
            f"first: {plan.command}"
        )
    of_interest = condition.met_by(experiments.outcomes[condition.outcome])
    with StageProgress() as progress:
        discovery = search.discover(
            experiments.inputs,
            of_interest,
            experiments.points,
            experiments.pairs,
            lambda done: progress.report("searches", done, SEARCHES),
        )
    inputs = inputs_in_words(plan, experiments.inputs.columns)
    boxes = boxes_table(discovery, inputs)
    ran = experiments_words(experiments, money)
    figure = draw_discovery(discovery, inputs, experiments.inputs, condition, ran)
    with writing_to(out):
        write_csv(out / "experiments.csv", [experiments.table()])
        write_csv(out / "experiment_outcomes.csv", [experiments.outcomes_table()])
        write_csv(out / "boxes.csv", [boxes])
        write_csv(out / "restrictions.csv", [restrictions_table(discovery, inputs)])
        save_all({"discovery": figure}, out)
    if as_json:
        print_as_json(boxes)
    else:
        click.echo(discovery_text(discovery, inputs, of_interest, condition, ran))
        click.echo(f"tables and figure: {out}")


def read_where(text: str) -> Condition:
    """Return the condition in a text such as ``net_benefit > 0``.

    Raises:
        Refused: it is none, or names no outcome.
    """
    match = _CONDITION.fullmatch(text)
    try:
        limit = float(match[3]) if match else np.nan
    except ValueError:
        limit = np.nan
    if match is None or not np.isfinite(limit):
        allowed = "OUTCOME < NUMBER or OUTCOME > NUMBER, such as 'net_benefit > 0'"
        raise Refused(f"--where: cannot be used [allowed: {allowed}] (got {text!r})")
    known = (NET_BENEFIT, *OUTCOMES)
    if match[1] not in known:
        message = f"--where: there is no outcome of that name (got {match[1]!r})"
        near = closest(match[1], known)
        raise Refused(f"{message}; did you mean {near!r}?" if near else message)
    return Condition(match[1], match[2] == ">", limit)


def _policy(plan: Plan, option: str, name: str | None, place: int) -> int:
    """Return the number of a policy of a sweep, ``place`` if none is named.

    Raises:
        Refused: the sweep has no two, or none of that name; or a factor has the name of a column
            that tables of the EMA Workbench have besides.
    """
    names = [policy.name for policy in plan.policies]
    if len(names) < 2:
        raise Refused(f"{plan.path}: discover compares two policies, and the sweep has one")
    if taken := [factor.name for factor in plan.factors if factor.name in EMA_COLUMNS]:
        raise Refused(f"{plan.path}: the tables have another column called {taken[0]!r}")
    if name is None:
        return place
    if name not in names:
        near = closest(name, names)
        hint = f"; did you mean {near!r}?" if near else ""
        raise Refused(
            f"{option}: the sweep has no such policy [allowed: {', '.join(names)}] "
            f"(got {name!r}){hint}"
        )
    return names.index(name)


def _with_value(experiments: Experiments, where: Condition) -> Experiments:
    """Return the experiments in which the outcome has a value, and say how many have none."""
    known = np.isfinite(experiments.outcomes[where.outcome])
    if left := int((~known).sum()):
        click.echo(f"{left:,} experiments have no {where.outcome}: they are left out", err=True)
    return experiments.where(known)
