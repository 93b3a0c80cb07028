"""What a sweep ends with in the terminal: where each outcome is least and most."""

import pandas as pd

from sim.experiment.sweep.loader import Plan
from sim.view.labels import ALL_LABELS
from sim.view.number_text import about
from sim.view.sweep.words import place_words


def sweep_table(plan: Plan, summary: pd.DataFrame) -> str:
    """Return a few lines: of every outcome shown the points with the least and the most of it.

    Args:
        plan: the sweep.
        summary: as ``SweepResults.summary`` makes it.
    """
    lines = [f"{plan.sweep.name}: {plan.sweep.question}".removesuffix(": ")]
    for outcome in plan.sweep.outcomes if len(summary) else ():
        of = summary[(summary["point"] >= 0) & (summary["outcome"] == outcome)]
        if not len(of):
            continue
        lines.append(ALL_LABELS[outcome])
        for word, place in (("least", of["q50"].argmin()), ("most", of["q50"].argmax())):
            row = of.iloc[place]
            interval = f"{about(row['q05'])} to {about(row['q95'])}"
            lines.append(f"  {word:6}{about(row['q50'])} ({interval}) at {place_words(plan, row)}")
    return "\n".join(lines)
