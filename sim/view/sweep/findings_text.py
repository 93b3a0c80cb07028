"""What sensitivity and discovery of a finished sweep have found, in the terminal and as tables."""

from collections.abc import Mapping

import pandas as pd

from sim.experiment.discovery import SEARCHES, Discovery, correlation
from sim.experiment.sweep.experiments import Condition, Experiments
from sim.experiment.sweep.loader import Plan
from sim.view.outcome_words import title_of_outcome
from sim.view.sweep.discovery import Input, box_words, condition_words, unseen_words
from sim.view.words import percent, words
from sim.world.draws import BoolArray

FEW_EXPERIMENTS, FEW_INSIDE = 100, 20
"""Fewer experiments in all, or inside the conditions, are warned about."""


def sensitivity_text(plan: Plan, table: pd.DataFrame) -> str:
    """Return the shares of variance and rank correlations of every outcome, in a few lines."""
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


def experiments_words(experiments: Experiments, willingness_to_pay: float) -> str:
    """Return what was compared, and in how many experiments, in a sentence."""
    points, pairs = len(set(experiments.points)), len(set(experiments.pairs))
    return (
        f"{words(experiments.policy)} against {words(experiments.against)}: "
        f"{len(experiments.points):,} experiments ({points:,} points, {pairs:,} pairs of "
        f"parameters and random numbers), willingness to pay "
        f"{willingness_to_pay:,.0f} CNY for an averted infection."
    )


def boxes_table(discovery: Discovery, inputs: Mapping[str, Input]) -> pd.DataFrame:
    """Return all boxes of the search, a row each."""
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


def restrictions_table(discovery: Discovery, inputs: Mapping[str, Input]) -> pd.DataFrame:
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


def too_few(discovery: Discovery, of_interest: BoolArray) -> str:
    """Return why so few experiments may mislead, in a sentence; empty: they are enough."""
    total, inside = len(of_interest), round(discovery.box.mass * len(of_interest))
    if total < FEW_EXPERIMENTS:
        few = f"only {total:,} experiments, fewer than {FEW_EXPERIMENTS}"
    elif discovery.box.limits and inside < FEW_INSIDE:
        few = f"only {inside:,} of {total:,} experiments are inside the conditions found"
    else:
        return ""
    return f"{few}: what is found may be chance; run the sweep with more points or replicates"


def discovery_text(
    discovery: Discovery,
    inputs: Mapping[str, Input],
    of_interest: BoolArray,
    where: Condition,
    ran: str,
) -> str:
    """Return the chosen box and how firm it is, in a few lines."""
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
    lines += [
        unseen_words(firm),
        "experiments of a point share its factors and those of a pair its chance: they are not "
        "independent, and no p-values are given",
    ]
    return "\n".join(filter(None, lines))
