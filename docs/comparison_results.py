"""``python -m docs.comparison_results FOLDER``: put the results of a comparison into its page.

FOLDER is what ``bordersim compare`` has written (``results/comparison``). Not part of the checks:
it needs the runs.
"""

import shutil
import sys
from pathlib import Path

import pandas as pd

from docs.blocks.markdown import code, table
from docs.blocks.marked import ROOT, write_pages
from sim.experiment.outcome_registry import COMPARED
from sim.view.number_text import about
from sim.view.outcome_words import difference_words, title_of_outcome

FIGURES = ("forest", "fan_chart", "cost_plane", "expected_loss")
IMAGES = ROOT / "docs" / "images"


def differences_block(folder: Path) -> str:
    """Return the differences of the compared outcomes, a row a policy and outcome."""
    of = pd.read_csv(folder / "differences.csv")
    shown = of[of["outcome"].isin(COMPARED) & (of["equal"] < 1)]
    order = {outcome: place for place, outcome in enumerate(COMPARED)}
    policies = list(dict.fromkeys(of["policy"]))
    shown = shown.sort_values(
        ["policy", "outcome"],
        key=lambda column: column.map({**order, **{p: i for i, p in enumerate(policies)}}),
    )
    head = ["policy", "outcome", "median", "95 % of the median", "5 % to 95 %", "lower", "ratio"]
    rows = [
        [
            code(row["policy"]),
            title_of_outcome(outcome),
            difference_words(outcome, row["median"]),
            _interval(outcome, row["median_low_95"], row["median_high_95"]),
            _interval(outcome, row["q05"], row["q95"]),
            f"{row['lower']:.0%}",
            _ratio(row["variance_ratio"]),
        ]
        for outcome, (_, row) in zip(shown["outcome"], shown.iterrows(), strict=True)
    ]
    return table(head, rows)


def _ratio(value: float) -> str:
    return f"{value:.1f}" if value < 10 else about(value)


def _interval(outcome: str, low: float, high: float) -> str:
    return f"{difference_words(outcome, low)} to {difference_words(outcome, high)}"


def main(arguments: list[str]) -> int:
    """Fill the page, copy the figures and return the exit code."""
    if len(arguments) != 1:
        print("usage: python -m docs.comparison_results FOLDER", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    write_pages("comparison", {"differences": lambda: differences_block(folder)})
    for name in FIGURES:
        shutil.copyfile(folder / f"{name}.png", IMAGES / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
