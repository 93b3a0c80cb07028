"""What ``bordersim sensitivity`` does once its arguments are understood."""

import click
import pandas as pd

from sim.commands.finished_sweep import FinishedSweep
from sim.commands.output import print_as_json, writing_to
from sim.exits import DONE, Refused
from sim.experiment.run_folder import write_csv
from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.sensitivity import sensitivity_table
from sim.view.outcome_words import title_of_outcome
from sim.view.policy_words import words


def run_sensitivity(sweep: FinishedSweep) -> int:
    """Write and print which factors the outcomes of a finished sweep depend on; runs nothing.

    Returns:
        The exit code.

    Raises:
        Refused: the sweep has not been run, or its store cannot be used.
    """
    plan, out = sweep.plan, sweep.out
    with sweep.opened() as results:
        sweep.say_missing(results)
        summary = results.summary()
    table = sensitivity_table(plan, summary) if len(summary) else summary
    if table.empty:
        raise Refused(f"no point of {plan.path} has been run; {sweep.first}")
    with writing_to(out):
        write_csv(out / "sensitivity.csv", [table])
    if sweep.as_json:
        print_as_json(table)
    else:
        click.echo(_text(plan, table))
        click.echo(f"table: {out / 'sensitivity.csv'}")
    return DONE


def _text(plan: Plan, table: pd.DataFrame) -> str:
    labels = {factor.name: factor.label for factor in plan.factors}
    scales = {factor.name for factor in plan.factors if factor.is_scale}
    width = max(map(len, labels.values())) + 2
    total = table["total_order"].notna().any()
    lines = [
        "share of the variance between points that each factor explains alone (90 % interval),"
    ]
    lines += ["share that it has any part in (90 % interval),"] if total else []
    lines += ["and its partial rank correlation with the difference"]
    for key, of in table.groupby(["policy", "outcome"], sort=False):
        policy, outcome = map(str, key)
        head = f"{title_of_outcome(outcome)}, {words(policy)}"
        lines.append(f"{head}, {of['points'].iloc[0]:,} points")
        for _, row in of.sort_values("first_order", ascending=False).iterrows():
            rank = f"{row['prcc']:+.2f}"
            if pd.isna(row["prcc"]):
                rank = "none" if row["factor"] in scales else "no scale"
            orders = ["first_order", *(["total_order"] if total else [])]
            indices = "".join(f"{_index(row, order):24}" for order in orders)
            lines.append(f"  {labels[row['factor']]:{width}}{indices}{rank}")
    return "\n".join(lines)


def _index(row: "pd.Series[float]", name: str) -> str:
    index, low, high = (row[f"{name}{end}"] for end in ("", "_low_90", "_high_90"))
    if pd.isna(index):
        return " none"
    return f"{index:5.0%} ({'no interval' if pd.isna(low) else f'{low:.0%} to {high:.0%}'})"
