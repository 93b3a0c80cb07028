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
from sim.experiment.comparison import UNITS
from sim.view.labels import OUTCOME_LABELS
from sim.view.number_text import about, signed

FIGURES = ("forest", "fan_chart", "cost_plane", "expected_loss", "acceptability", "regret")
IMAGES = ROOT / "docs" / "images"


def differences_block(folder: Path) -> str:
    """Return the differences of the compared outcomes, a row a policy and outcome."""
    of = pd.read_csv(folder / "differences.csv")
    shown = of[of["outcome"].isin(list(UNITS)) & (of["equal"] < 1)]
    order = {outcome: place for place, outcome in enumerate(UNITS)}
    policies = list(dict.fromkeys(of["policy"]))
    shown = shown.sort_values(
        ["policy", "outcome"],
        key=lambda column: column.map({**order, **{p: i for i, p in enumerate(policies)}}),
    )
    head = ["policy", "outcome", "median", "95 % of the median", "5 % to 95 %", "better", "ratio"]
    rows = [
        [
            code(row["policy"]),
            OUTCOME_LABELS[row["outcome"]],
            _number(row["median"]),
            f"{_number(row['median_low_95'])} to {_number(row['median_high_95'])}",
            f"{_number(row['q05'])} to {_number(row['q95'])}",
            f"{row['lower']:.0%}",
            _ratio(row["variance_ratio"]),
        ]
        for _, row in shown.iterrows()
    ]
    return table(head, rows)


def _ratio(value: float) -> str:
    return f"{value:.1f}" if value < 10 else about(value)


def _number(value: float) -> str:
    return signed(value) if abs(value) < 100_000 else f"{'+' if value > 0 else ''}{about(value)}"


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
