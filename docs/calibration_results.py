"""``python -m docs.calibration_results FOLDER``: put the results of a calibration into its page.

FOLDER is what ``bordersim calibrate --check`` has written (``results/baseline/calibration``); the
coverage is that of ``coverage.csv`` and ``coverage_ranks.csv`` in ``calibration``. Not part of the
checks: it needs the fit.
"""

import shutil
import sys
from pathlib import Path

import pandas as pd

from calibration.coverage import CHAINS, RANK_COLUMNS, SHIPPED_COVERAGE, SHIPPED_RANKS
from calibration.coverage_scores import LOCAL_PARAMETERS, PARAMETERS, SCORED
from calibration.ranks import shapes_of
from calibration.repeated import SHIPPED_REPEATED
from docs.blocks.markdown import code, table
from docs.blocks.marked import ROOT, write_pages
from sim.experiment.ensemble import read_ensemble
from sim.shipped import shipped_ensembles
from sim.view.calibration.coverage_figures import (
    ACCEPTED,
    GOALS,
    coverage_table,
    draw_coverage,
    draw_coverage_ranks,
)
from sim.view.calibration.fit_tables import (
    Words,
    budget_line,
    kept_words,
    left_out_words,
    parameters_words,
    targets_words,
    undetected_words,
)
from sim.view.style import save

FIGURES = ("fit", "prior_and_posterior", "left_out", "undetected")
IMAGES = ROOT / "docs" / "images"
METHODS = ROOT / "benchmarks" / "abc_smc.csv"
CHAIN_METHODS = ROOT / "benchmarks" / "chain_methods.csv"
COVERAGE_FIGURES = {
    "coverage": "Coverage of the fit's intervals, and their width",
    "coverage_ranks": "Ranks of the truth among the fitted pairs",
}
_NOT_RUN = "Not run yet with the present model and priors."
LEAST_OF_A_PARAMETER = 0.80
"""Share of the truths that the 90 % interval of every single parameter should hold."""
_OF_METHODS = (
    ("runs", "runs of the model"),
    ("cpu_minutes", "CPU minutes"),
    ("histories", "histories in the end"),
    ("effective", "effective number of them"),
    ("median_distance", "median distance from the counts"),
    *((f"width_{name}", f"width of 90 %: `{name}`") for name in SCORED),
)


def fit_block(words: Words) -> str:
    """Return a table of the check."""
    return table(words.head, words.rows)


def parameters_block(folder: Path) -> str:
    """Return prior beside posterior, and the sources of the priors."""
    of = pd.read_csv(folder / "parameters.csv")
    sources = dict(zip(of["meaning"], of["source"], strict=True))
    words = parameters_words(of)
    rows = [[*row, sources[row[0]]] for row in words.rows]
    return table([*words.head, "source of the prior"], rows)


def undetected_block(folder: Path) -> str:
    """Return undetected infections by cause, prior beside posterior, and their figure."""
    words = undetected_words(pd.read_csv(folder / "undetected.csv"))
    figure = "![Undetected infections by cause](images/undetected.png)"
    return f"{fit_block(words)}\n\n{figure}"


def coverage_block() -> str:
    """Return coverage and sharpness by scheme, with standard errors over the data sets."""
    if not SHIPPED_COVERAGE.exists():
        return _NOT_RUN
    of = pd.read_csv(SHIPPED_COVERAGE)
    rows = [
        [
            row["scheme"].replace("_", " "),
            code(row["group"]),
            *(_with_error(row, score) for score in ("mean_rank", "inside_50", "inside_90")),
            f"{row['width_90']:.2f}",
        ]
        for _, row in coverage_table(of).iterrows()
    ]
    head = ["scheme", "quantity", "mean rank", "inside 50 %", "inside 90 %"]
    of_table = table([*head, "median width of the 90 %"], rows)
    images = [f"![{name}](images/{file}.png)" for file, name in COVERAGE_FIGURES.items()]
    return "\n\n".join([f"{of['data_set'].nunique()} synthetic epidemics.", of_table, *images])


def coverage_goals_block() -> str:
    """Return what the chains reach of the goals, a row a group of quantities."""
    if not SHIPPED_COVERAGE.exists():
        return _NOT_RUN
    scores, ranks = pd.read_csv(SHIPPED_COVERAGE), pd.read_csv(SHIPPED_RANKS)
    counts = {
        str(group): of[list(RANK_COLUMNS)].to_numpy(int)
        for group, of in ranks.groupby("group", sort=False)
    }
    shapes = shapes_of(counts)
    of_chains = scores[scores["scheme"] == CHAINS]
    rows = []
    for _, row in coverage_table(of_chains).iterrows():
        width, goal = float(row["width_90"]), GOALS.get(row["group"])
        shares = [
            _with_error(row, f"inside_{level}") + _missed(low <= row[f"inside_{level}"] <= high)
            for level, (low, high) in ACCEPTED.items()
        ]
        of_width = f"{width:.2f}, at most {goal:.2f}{_missed(width <= goal)}" if goal else ""
        rows.append([code(row["group"]), *shares, of_width, str(shapes[row["group"]])])
    each = of_chains[of_chains["group"].isin([PARAMETERS, LOCAL_PARAMETERS])]
    lowest = each.groupby("quantity")["inside_90"].mean()
    worst = (
        f"The parameter that is least often inside 90 %: {code(str(lowest.idxmin()))}, "
        f"{lowest.min():.2f}{_missed(lowest.min() >= LEAST_OF_A_PARAMETER)}."
    )
    heads = (
        f"inside {level} % ({low:.2f} to {high:.2f})" for level, (low, high) in ACCEPTED.items()
    )
    head = ["quantity", *heads, "width of the 90 %", "ranks"]
    return f"{table(head, rows)}\n\n{worst}"


def _with_error(row: pd.Series, score: str) -> str:
    return f"{row[score]:.2f} ± {row[f'{score}_se']:.2f}"


def _missed(met: bool) -> str:
    return "" if met else ", **missed**"


def repeated_block() -> str:
    """Return how far the bands of two fits are apart, beside what chance alone gives."""
    of = pd.read_csv(SHIPPED_REPEATED)
    rows = [
        [
            code(row["series"]),
            f"{row['movement']:.1%}",
            f"{row['chance_median']:.1%} (95 % under {row['chance_q95']:.1%})",
        ]
        for _, row in of.iterrows()
    ]
    pairs = int(of["members"].min())
    return table(["series", "edges moved, of the width", f"by chance, with {pairs:,} pairs"], rows)


def methods_block() -> str:
    """Return ABC-SMC beside the chains, on the counts of the articles."""
    of = pd.read_csv(METHODS).set_index("method").T
    rows = [[name, *(_shown(of.loc[key, method]) for method in of)] for key, name in _OF_METHODS]
    return table(["", *of.columns], rows)


def _shown(value: float) -> str:
    if pd.isna(value):
        return ""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2f}"


def chain_methods_block() -> str:
    """Return the ways to lead chains to the counts, a row per method."""
    if not CHAIN_METHODS.exists():
        return _NOT_RUN
    of = pd.read_csv(CHAIN_METHODS)
    head = ["", "runs", "states", "median distance", "stuck", "starts they come from"]
    rows = [
        [
            row["method"],
            f"{row['runs']:,}",
            str(row["states"]),
            f"{row['median_distance']:.1f}",
            str(row["stuck"]),
            str(row["starts"]),
        ]
        for row in of.to_dict("records")
    ]
    return table(head, rows)


def budget_block() -> str:
    """Return what the shipped fit cost."""
    provenance = read_ensemble(shipped_ensembles()["articles_2020"]).provenance
    return f"The shipped ensemble: {budget_line(provenance)}."


def main(arguments: list[str]) -> int:
    """Fill the page from the folder in ``arguments`` and return the exit code."""
    if len(arguments) != 1:
        print("usage: python -m docs.calibration_results FOLDER", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    write_pages(
        "calibration",
        {
            "targets": lambda: fit_block(targets_words(pd.read_csv(folder / "targets.csv"))),
            "parameters": lambda: parameters_block(folder),
            "kept parameters": lambda: fit_block(
                kept_words(pd.read_csv(folder / "parameters.csv"))
            ),
            "left out": lambda: fit_block(left_out_words(pd.read_csv(folder / "left_out.csv"))),
            "undetected": lambda: undetected_block(folder),
            "coverage": coverage_block,
            "coverage goals": coverage_goals_block,
            "repeated": repeated_block,
            "methods": methods_block,
            "chain methods": chain_methods_block,
            "budget": budget_block,
        },
    )
    for figure in FIGURES:
        shutil.copyfile(folder / f"{figure}.png", IMAGES / f"{figure}.png")
    if SHIPPED_COVERAGE.exists():
        drawn = (
            draw_coverage(pd.read_csv(SHIPPED_COVERAGE)),
            draw_coverage_ranks(pd.read_csv(SHIPPED_RANKS)),
        )
        for name, fig in zip(COVERAGE_FIGURES, drawn, strict=True):
            _, svg = save(fig, IMAGES, name)
            svg.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
