"""All figures of a sweep, and their files: which kind, what it comes to, and what ran."""

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.schema import Grid
from sim.view.figures import save_all
from sim.view.nothing import nothing_to_draw
from sim.view.outcome_words import difference_words, title_of_outcome
from sim.view.policy_words import words
from sim.view.runs_note import count_of_runs
from sim.view.sweep.lines import draw_lines
from sim.view.sweep.multiples import draw_heat_map, draw_multiples
from sim.view.sweep.tornado import draw_tornado
from sim.view.sweep.words import place_words


def draw_sweep(plan: Plan, summary: pd.DataFrame) -> dict[str, Figure]:
    """Return the figures of a sweep by file name, none if no point has a finished run.

    One factor has lines, two have heat maps, three small multiples of them. More factors, and
    designs that are no grid, have tornados.

    Args:
        plan: the sweep.
        summary: as ``SweepResults.summary`` makes it.
    """
    if not len(summary) or not (summary["point"] >= 0).any():
        return {}
    if "difference_median" not in summary or summary["difference_median"].isna().all():
        why = "no run at a point has the same parameters and seed as one of the reference"
        return {"sweep": nothing_to_draw(words(plan.sweep.name), why)}
    if not isinstance(plan.sweep.design, Grid) or len(plan.factors) > 3:
        return _figures_an_outcome(plan, summary, "tornado")
    if len(plan.factors) == 3:
        return _figures_an_outcome(plan, summary, "heat_maps")
    first = plan.sweep.outcomes[0]
    if len(plan.factors) == 1:
        heading = take_away_of(plan, summary, first)
        return {"lines": draw_lines(plan, summary, heading, what_ran(plan, summary))}
    return {
        _name("heat_map", plan, policy): draw_heat_map(
            plan,
            summary,
            policy,
            take_away_of(plan, summary, first, policy),
            what_ran(plan, summary, policy),
        )
        for policy in _finished(plan, summary)
    }


def _figures_an_outcome(plan: Plan, summary: pd.DataFrame, kind: str) -> dict[str, Figure]:
    """Return a figure an outcome and policy."""
    figures = {}
    for policy in _finished(plan, summary):
        ran = what_ran(plan, summary, policy)
        for outcome in plan.sweep.outcomes:
            name = _name(f"{kind}_{outcome}", plan, policy)
            if kind == "tornado":
                figures[name] = draw_tornado(plan, summary, policy, outcome, ran)
            else:
                heading = take_away_of(plan, summary, outcome, policy)
                figures[name] = draw_multiples(plan, summary, policy, outcome, heading, ran)
    return figures


def write_sweep_figures(plan: Plan, summary: pd.DataFrame, folder: Path) -> list[Path]:
    """Write the figures of a sweep as PNG and SVG and return the paths."""
    return save_all(draw_sweep(plan, summary), folder)


def _finished(plan: Plan, summary: pd.DataFrame) -> list[int]:
    """Return the numbers of the policies with a finished run at a point."""
    return [number for number in range(len(plan.policies)) if len(_rows(plan, summary, number))]


def _name(kind: str, plan: Plan, policy: int) -> str:
    return f"{kind}_{plan.policies[policy].name}" if len(plan.policies) > 1 else kind


def take_away_of(plan: Plan, summary: pd.DataFrame, outcome: str, policy: int | None = None) -> str:
    """Return at which point the median difference of an outcome is least, in a sentence.

    Args:
        plan: the sweep.
        summary: as ``SweepResults.summary`` makes it.
        outcome: which one.
        policy: number of the policy; None: of all policies together.
    """
    title = title_of_outcome(outcome)
    rows = _rows(plan, summary, policy)
    rows = rows[(rows["outcome"] == outcome) & rows["difference_median"].notna()]
    if not len(rows):
        return f"{title}: no finished pairs of runs with a value"
    if (rows[["difference_q05", "difference_q95"]] == 0).all(axis=None):
        return f"{title}: no difference at any point"
    least = rows.iloc[rows["difference_median"].argmin()]
    low, median, high = (
        difference_words(outcome, float(least[f"difference_{name}"]))
        for name in ("q05", "median", "q95")
    )
    where = place_words(plan, least)
    return f"{title}: least at {where} ({median}; 90\N{NO-BREAK SPACE}%: {low} to {high})"


def points_without_values(plan: Plan, rows: pd.DataFrame) -> dict[str, int]:
    """Return of every outcome shown at how many points some runs have no value, if at any.

    Args:
        plan: the sweep.
        rows: of the points, as ``SweepResults.summary`` makes them.
    """
    some = rows[(rows["runs_with_value"] < rows["runs"])]
    counts = some["outcome"].value_counts()
    return {of: int(counts[of]) for of in dict.fromkeys(plan.sweep.outcomes) if of in counts}


def what_ran(plan: Plan, summary: pd.DataFrame, policy: int | None = None) -> str:
    """Return what differences are from, and the number of runs, in a sentence or two."""
    rows = _rows(plan, summary, policy)
    fewest, most = int(rows["runs"].min()), int(rows["runs"].max())
    runs = count_of_runs(most) if fewest == most else f"{fewest} to {count_of_runs(most)}"
    reference = words(plan.policies[0].name)
    ran = (
        f"{runs[0].upper()}{runs[1:]} a point. Differences: from {reference} as its file says, run "
        "by run with the same parameters and random numbers."
    )
    if policy is not None and len(plan.policies) > 1:
        ran = f"Policy: {words(plan.policies[policy].name)}. {ran}"
    policies = len(plan.policies) if policy is None else 1
    missing = len(plan.points) * policies - len(rows[["policy", "point"]].drop_duplicates())
    if missing:
        ran += f" {missing} of {len(plan.points) * policies} points have no finished run."
    return ran + "".join(
        f" {title_of_outcome(outcome)}: at {points} of {len(plan.points) * policies} points some "
        "runs have no value and are left out."
        for outcome, points in points_without_values(plan, rows).items()
    )


def _rows(plan: Plan, summary: pd.DataFrame, policy: int | None) -> pd.DataFrame:
    """Return the rows of the points of a policy, or of all."""
    rows = summary[summary["point"] >= 0]
    return rows if policy is None else rows[rows["policy"] == plan.policies[policy].name]
