"""``bordersim discover``: under which conditions one policy outperforms another."""

import math
import re
from collections.abc import Collection
from pathlib import Path

import click
import numpy as np
from pydantic_core import PydanticCustomError

from sim.cli import options
from sim.cli.kept_runs import opened_sweep
from sim.cli.output import print_as_json
from sim.cli.progress import StageProgress
from sim.cli.reading import load_plan
from sim.exits import Refused
from sim.experiment import discovery as search
from sim.experiment.discovery import SEARCHES
from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.run_folder import write_csv
from sim.experiment.sweep.experiments import EMA_COLUMNS, NET_BENEFIT, Condition, experiments_of
from sim.scenario.quantities import parse_money
from sim.scenario.reading.errors import closest
from sim.view.style import save_all
from sim.view.sweep.discovery import (
    boxes_table,
    discovery_text,
    draw_discovery,
    experiments_words,
    inputs_in_words,
    restrictions_table,
    too_few,
)

_CONDITION = re.compile(r"\s*(\w+)\s*([<>])\s*(\S+)\s*")


def condition(text: str) -> Condition:
    """Return the condition in a text such as ``net_benefit > 0``.

    Raises:
        Refused: it is none, or names no outcome.
    """
    match = _CONDITION.fullmatch(text)
    try:
        limit = float(match[3]) if match else math.nan
    except ValueError:
        limit = math.nan
    if match is None or not math.isfinite(limit):
        allowed = "OUTCOME < NUMBER or OUTCOME > NUMBER, such as 'net_benefit > 0'"
        raise Refused(f"--where: cannot be used [allowed: {allowed}] (got {text!r})")
    known = (NET_BENEFIT, *OUTCOMES)
    outcome = _known("--where: there is no outcome of that name", match[1], known)
    return Condition(outcome, match[2] == ">", limit)


def _money(text: str) -> float:
    """Return the CNY in a text such as ``100000 CNY``."""
    try:
        return parse_money(text)
    except PydanticCustomError as error:
        raise Refused(f"--willingness-to-pay: {error.message()} (got {text!r})") from error


def _known(message: str, name: str, names: Collection[str]) -> str:
    """Return a name that is one of ``names``, or refuse it with what was probably meant."""
    if name in names:
        return name
    near = closest(name, names)
    hint = f"; did you mean {near!r}?" if near else f" [allowed: {', '.join(names)}]"
    raise Refused(f"{message} (got {name!r}){hint}")


@click.command()
@options.file
@click.option(
    "--policy", metavar="NAME", help="Policy to evaluate.  [default: the first of the sweep]"
)
@click.option(
    "--against",
    metavar="NAME",
    help="Policy to compare it with, pair by pair.  [default: the second]",
)
@click.option(
    "--where",
    default="net_benefit > 0",
    show_default=True,
    type=condition,
    metavar="CONDITION",
    help="Which experiments are of interest: OUTCOME < NUMBER or OUTCOME > NUMBER, of the "
    "difference between both policies.",
)
@click.option(
    "--willingness-to-pay",
    "money",
    default="100000 CNY",
    show_default=True,
    type=_money,
    metavar="AMOUNT",
    help="For an averted infection: an assumption.",
)
@options.ensemble
@options.settings
@options.out_of_sweep
@options.as_json
def discover(
    file: Path,
    policy: str | None,
    against: str | None,
    where: Condition,
    money: float,
    ensemble: str | None,
    settings: tuple[str, ...],
    out: Path | None,
    as_json: bool,
) -> None:
    """Find conditions under which one policy outperforms another.

    Reads the finished sweep in FILE and runs nothing. The conditions are limits of what is varied
    and of fitted parameters, found by the patient rule induction method (PRIM).
    """
    plan = load_plan(file, settings)
    out = out or Path("results", plan.sweep.name)
    names = [of.name for of in plan.policies]
    if len(names) < 2:
        raise Refused(f"{plan.path}: discover compares two policies, and the sweep has one")
    if taken := [factor.name for factor in plan.factors if factor.name in EMA_COLUMNS]:
        raise Refused(f"{plan.path}: the tables have another column called {taken[0]!r}")
    policy = _known("--policy: the sweep has no such policy", policy or names[0], names)
    against = _known("--against: the sweep has no such policy", against or names[1], names)
    if policy == against:
        raise Refused(f"--against: {policy} is compared with itself; name another policy")
    with opened_sweep(plan, ensemble, out) as results:
        found = experiments_of(results, names.index(policy), names.index(against), money)
    has_value = np.isfinite(found.outcomes[where.outcome])
    if left := int((~has_value).sum()):
        click.echo(f"{left:,} experiments have no {where.outcome}: they are left out", err=True)
    experiments = found.where(has_value)
    if experiments.inputs.empty:
        raise Refused(
            f"no pair has finished under both policies at a point of {plan.path}; "
            f"first: {plan.command}"
        )
    of_interest = where.met_by(experiments.outcomes[where.outcome])
    with StageProgress() as progress:
        discovery = search.discover(
            experiments.inputs,
            of_interest,
            experiments.points,
            experiments.pairs,
            lambda done: progress.report("searches", done, SEARCHES),
        )
    if few := too_few(discovery, of_interest):
        click.echo(f"warning: {few}", err=True)
    inputs = inputs_in_words(plan, experiments.inputs.columns)
    boxes = boxes_table(discovery, inputs)
    ran = experiments_words(experiments, money)
    figure = draw_discovery(discovery, inputs, experiments.inputs, where, ran)
    write_csv(out / "experiments.csv", [experiments.table()])
    write_csv(out / "experiment_outcomes.csv", [experiments.outcomes_table()])
    write_csv(out / "boxes.csv", [boxes])
    write_csv(out / "restrictions.csv", [restrictions_table(discovery, inputs)])
    save_all({"discovery": figure}, out)
    if as_json:
        print_as_json(boxes)
    else:
        click.echo(discovery_text(discovery, inputs, of_interest, where, ran))
        click.echo(f"tables and figure: {out}")
