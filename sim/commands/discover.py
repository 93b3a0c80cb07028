"""What ``bordersim discover`` does once its arguments are understood."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import click
import numpy as np
import pandas as pd

from sim.commands.finished_sweep import FinishedSweep
from sim.commands.output import print_as_json, writing_to
from sim.commands.progress import StageProgress
from sim.exits import DONE, Refused
from sim.experiment.discovery import SEARCHES, Discovery, correlation, discover
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
from sim.view.figures import save_all
from sim.view.policy_words import words
from sim.view.sweep.discovery import (
    Input,
    box_words,
    condition_words,
    draw_discovery,
    inputs_in_words,
    percent,
)
from sim.world.draws import BoolArray

_CONDITION = re.compile(r"\s*(\w+)\s*([<>])\s*(\S+)\s*")


@dataclass(frozen=True)
class DiscoverRequest:
    """What is asked of which finished sweep.

    Attributes:
        sweep: the sweep.
        policy: name of a policy of it; None is the first.
        against: name of the policy that it is compared with; None is the second.
        where: which experiments are of interest.
        worth: CNY that an averted infection is worth.
    """

    sweep: FinishedSweep
    policy: str | None
    against: str | None
    where: Condition
    worth: float


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


def run_discover(request: DiscoverRequest) -> int:
    """Write and print under which conditions the experiments are of interest; runs nothing.

    Returns:
        The exit code.

    Raises:
        Refused: the sweep has not been run, its store cannot be used, or it has no such policies.
    """
    plan, out = request.sweep.plan, request.sweep.out
    policy, against = _policies(plan, request)
    with request.sweep.opened() as results:
        request.sweep.say_missing(results)
        found = experiments_of(results, policy, against, request.worth)
    experiments = _with_value(found, request.where)
    if experiments.inputs.empty:
        raise Refused(
            f"no pair has finished under both policies at a point of {plan.path}; "
            f"{request.sweep.first}"
        )
    of_interest = request.where.met_by(experiments.outcomes[request.where.outcome])
    with StageProgress() as progress:
        discovery = discover(
            experiments.inputs,
            of_interest,
            experiments.points,
            experiments.pairs,
            lambda done: progress.report("searches", done, SEARCHES),
        )
    inputs = inputs_in_words(plan, experiments.inputs.columns)
    boxes = _boxes_table(discovery, inputs)
    ran = _what_ran(experiments, request.worth)
    figure = draw_discovery(discovery, inputs, experiments.inputs, request.where, ran)
    with writing_to(out):
        write_csv(out / "experiments.csv", [experiments.table()])
        write_csv(out / "experiment_outcomes.csv", [experiments.outcomes_table()])
        write_csv(out / "boxes.csv", [boxes])
        write_csv(out / "restrictions.csv", [_restrictions_table(discovery, inputs)])
        save_all({"discovery": figure}, out)
    if request.sweep.as_json:
        print_as_json(boxes)
    else:
        click.echo(_text(discovery, inputs, of_interest, request.where, ran))
        click.echo(f"tables and figure: {out}")
    return DONE


def _policies(plan: Plan, request: DiscoverRequest) -> tuple[int, int]:
    """Return the numbers of the policies that are compared.

    Raises:
        Refused: the sweep has no two, or none of that name; or a factor has the name of a column
            that tables of the EMA Workbench have besides.
    """
    names = [policy.name for policy in plan.policies]
    if len(names) < 2:
        raise Refused(f"{plan.path}: discover compares two policies, and the sweep has one")
    if taken := [factor.name for factor in plan.factors if factor.name in EMA_COLUMNS]:
        raise Refused(f"{plan.path}: the tables have another column called {taken[0]!r}")
    chosen = []
    for option, name, place in (
        ("--policy", request.policy, 0),
        ("--against", request.against, 1),
    ):
        if name is not None and name not in names:
            near = closest(name, names)
            hint = f"; did you mean {near!r}?" if near else ""
            raise Refused(
                f"{option}: the sweep has no such policy [allowed: {', '.join(names)}] "
                f"(got {name!r}){hint}"
            )
        chosen.append(place if name is None else names.index(name))
    policy, against = chosen
    if policy == against:
        raise Refused(f"--against: {names[policy]} is compared with itself; name another policy")
    return policy, against


def _with_value(experiments: Experiments, where: Condition) -> Experiments:
    """Return the experiments in which the outcome has a value, and say how many have none."""
    known = np.isfinite(experiments.outcomes[where.outcome])
    if left := int((~known).sum()):
        click.echo(f"{left:,} experiments have no {where.outcome}: they are left out", err=True)
    return experiments.where(known)


def _what_ran(experiments: Experiments, worth: float) -> str:
    points, pairs = len(set(experiments.points)), len(set(experiments.pairs))
    return (
        f"{words(experiments.policy)} against {words(experiments.against)}: "
        f"{len(experiments.points):,} experiments ({points:,} points, {pairs:,} pairs of "
        f"parameters and random numbers), an averted infection worth {worth:,.0f} CNY."
    )


def _boxes_table(discovery: Discovery, inputs: Mapping[str, Input]) -> pd.DataFrame:
    share = discovery.boxes[0].density
    rows = [
        {
            "box": number,
            "coverage": box.coverage,
            "density": box.density,
            "mass": box.mass,
            "restricted": len(box.limits),
            "correlation": correlation(box, share),
            "chosen": number == discovery.chosen,
            "limits": box_words(box, inputs),
        }
        for number, box in enumerate(discovery.boxes)
    ]
    return pd.DataFrame(rows)


def _restrictions_table(discovery: Discovery, inputs: Mapping[str, Input]) -> pd.DataFrame:
    """Return what the chosen box restricts and what came back, the most frequent first."""
    columns = ["input", "label", "side", "in_chosen_box", "comes_back", "searches"]
    if discovery.firmness is None:
        return pd.DataFrame(columns=columns)
    returns = discovery.firmness.returns
    chosen = discovery.box.restrictions
    either = sorted({*chosen, *returns}, key=lambda cut: (-returns.get(cut, 0), cut))
    rows = [
        (name, inputs[name].label, side, (name, side) in chosen, returns.get((name, side), 0))
        for name, side in either
    ]
    return pd.DataFrame([(*row, SEARCHES) for row in rows], columns=columns)


def _text(
    discovery: Discovery,
    inputs: Mapping[str, Input],
    of_interest: BoolArray,
    where: Condition,
    ran: str,
) -> str:
    said, cases, total = condition_words(where), int(of_interest.sum()), len(of_interest)
    box, firm = discovery.box, discovery.firmness
    lines = [ran, f"{said} in {cases:,} of {total:,} experiments ({percent(cases / total)})"]
    if firm is None:
        return "\n".join([*lines, "there is nothing to tell apart, and so no condition to find"])
    if not box.limits:
        return "\n".join([*lines, "no condition tells which"])
    lines += [
        f"where {box_words(box, inputs)}:",
        f"  in {percent(box.density)} of them (density), which are {percent(box.coverage)} of all "
        "such experiments (coverage)",
        f"of {SEARCHES} searches with other points and pairs, so many find it again:",
    ]
    for name, limits in box.limits.items():
        again = " and ".join(str(firm.returns.get((name, side), 0)) for side in limits.sides)
        lines.append(f"  {again:>9}  {inputs[name].label} {inputs[name].condition(limits)}")
    if np.isfinite(firm.density):
        lines.append(
            f"boxes found so have, among points that their search did not see, a density of "
            f"{percent(firm.density)} and a coverage of {percent(firm.coverage)} (medians)"
        )
    lines.append(
        "experiments of a point share its factors and those of a pair its chance: they are not "
        "independent, and no p-values are given"
    )
    return "\n".join(lines)
