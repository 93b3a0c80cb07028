"""What a sweep ends with in the terminal: where each outcome is least and most."""

from functools import partial

import pandas as pd

from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.sweep.loader import Plan
from sim.view.outcome_words import value_words
from sim.view.sweep.words import place_words


def sweep_table(plan: Plan, summary: pd.DataFrame) -> str:
    """Return a few lines: of every outcome shown the points with the least and the most of it.

    Args:
        plan: the sweep.
        summary: as ``SweepResults.summary`` makes it.
    """
    lines = [f"{plan.sweep.name}: {plan.sweep.question}".removesuffix(": ")]
    for outcome in plan.sweep.outcomes if len(summary) else ():
        here = summary[(summary["point"] >= 0) & (summary["outcome"] == outcome)]
        if not len(here):
            continue
        lines.append(OUTCOMES[outcome].label)
        of = here[here["q50"].notna()]
        if not len(of):
            lines.append("  no value in any run")
            continue
        number = partial(value_words, outcome)
        for word, place in (("least", of["q50"].argmin()), ("most", of["q50"].argmax())):
            row = of.iloc[place]
            interval = f"{number(row['q05'])} to {number(row['q95'])}"
            if row["runs_with_value"] < row["runs"]:
                interval += f"; in {row['runs_with_value']} of {row['runs']} runs"
            lines.append(f"  {word:6}{number(row['q50'])} ({interval}) at {place_words(plan, row)}")
        if left := len(here) - len(of):
            lines.append(f"  no value in any run at {left} of {len(here)} points")
    return "\n".join(lines)
