"""``python -m docs.calibration_results FOLDER``: put the results of a calibration into its page.

FOLDER is what ``bordersim calibrate --check`` has written (``results/baseline/calibration``); the
coverage is that of ``calibration/coverage.csv``. Not part of the checks: it needs the fit.
"""

import shutil
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from calibration.coverage import SHIPPED_COVERAGE
from docs.blocks.markdown import code, table
from docs.blocks.marked import ROOT, write_pages
from sim.experiment.ensemble import read_ensemble
from sim.shipped import shipped_ensembles
from sim.view.calibration_coverage import draw_coverage
from sim.view.calibration_coverage_table import coverage_table
from sim.view.fit_tables import budget_line
from sim.view.style import save

FIGURES = ("fit", "prior_and_posterior", "left_out", "trade_offs")
IMAGES = ROOT / "docs" / "images"


def targets_block(folder: Path) -> str:
    """Return the counts of the articles beside the runs of the ensemble."""
    rows = [
        [
            row["target"],
            f"{code(row['series'])}, {row['place']}, {row['data_date']}",
            _observed(row),
            _interval(row, "posterior"),
            ("inside" if row["inside_90"] else "**outside**")
            + ("" if row["fitted"] else ", compared only"),
        ]
        for _, row in pd.read_csv(folder / "targets.csv").iterrows()
    ]
    return table(["", "count", "article", "ensemble, median (5 % to 95 %)", ""], rows)


def parameters_block(folder: Path) -> str:
    """Return prior beside posterior, most informed first."""
    of = pd.read_csv(folder / "parameters.csv")
    rows = [
        [
            row["meaning"],
            row["unit"],
            _interval(row, "prior"),
            _interval(row, "posterior"),
            f"{100 * row['contraction']:.0f} %",
            row["verdict"],
            row["source"],
        ]
        for _, row in of.sort_values("contraction", ascending=False, kind="stable").iterrows()
    ]
    head = ["parameter", "unit", "prior", "posterior", "contraction", "", "source of the prior"]
    return table(head, rows)


def left_out_block(folder: Path) -> str:
    """Return what fits without a day foretell for it."""
    rows = [
        [
            row["left_out"],
            f"{row['target']}: {code(row['series'])}, {row['place']}",
            _observed(row),
            _interval(row, "predicted"),
            "inside" if row["inside_90"] else "**outside**",
        ]
        for _, row in pd.read_csv(folder / "left_out.csv").iterrows()
    ]
    return table(["left out", "count", "article", "foretold, median (5 % to 95 %)", ""], rows)


def coverage_block() -> str:
    """Return coverage and sharpness by scheme, with standard errors over the data sets."""
    of = pd.read_csv(SHIPPED_COVERAGE)
    rows = [
        [
            row["scheme"].replace("_", " "),
            code(row["quantity"]),
            f"{row['inside_50']:.2f} ± {row['inside_50_se']:.2f}",
            f"{row['inside_90']:.2f} ± {row['inside_90_se']:.2f}",
            f"{row['width_90']:.2f}",
        ]
        for _, row in coverage_table(of).iterrows()
    ]
    head = ["scheme", "quantity", "inside 50 %", "inside 90 %", "median width of the 90 %"]
    return f"{of['data_set'].nunique()} synthetic epidemics.\n\n{table(head, rows)}"


def budget_block() -> str:
    """Return what the shipped fit cost."""
    provenance = read_ensemble(shipped_ensembles()["articles_2020"]).provenance
    return f"The shipped ensemble: {budget_line(provenance).removeprefix('budget: ')}."


def _interval(row: "pd.Series[Any]", of: str) -> str:
    low, median, high = (_number(row[f"{of}_q{share}"]) for share in ("05", "50", "95"))
    return f"{median} ({low} to {high})"


def _observed(row: "pd.Series[Any]") -> str:
    low, high = row["observed_low"], row["observed_high"]
    return _number(low) if low == high else f"{_number(low)} to {_number(high)}"


def _number(value: float) -> str:
    if abs(value) >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.2g}"


def main(arguments: list[str]) -> int:
    """Fill the page from the folder in ``arguments`` and return the exit code."""
    if len(arguments) != 1:
        print("usage: python -m docs.calibration_results FOLDER", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    write_pages(
        "calibration",
        {
            "targets": lambda: targets_block(folder),
            "parameters": lambda: parameters_block(folder),
            "left out": lambda: left_out_block(folder),
            "coverage": coverage_block,
            "budget": budget_block,
        },
    )
    for figure in FIGURES:
        shutil.copyfile(folder / f"{figure}.png", IMAGES / f"{figure}.png")
    _, svg = save(draw_coverage(pd.read_csv(SHIPPED_COVERAGE)), IMAGES, "coverage")
    svg.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
