"""What the calibration page shows of a check of the fit, and of the shipped studies of methods."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from calibration.coverage import CHAINS, RANK_COLUMNS, SHIPPED_COVERAGE, SHIPPED_RANKS
from calibration.coverage_scores import LOCAL_PARAMETERS, PARAMETERS, SCORED
from calibration.ranks import shapes_of
from calibration.repeated import SHIPPED_REPEATED
from docs.blocks.markdown import code, number, table
from docs.blocks.marked import ROOT, copy_figures, save_image, write_pages
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

METHODS = ROOT / "benchmarks" / "abc_smc.csv"
CHAIN_METHODS = ROOT / "benchmarks" / "chain_methods.csv"
COVERAGE_FIGURES = {
    "coverage": "Coverage of the fit's intervals, and their width",
    "coverage_ranks": "Ranks of the truth among the fitted pairs",
}
LEAST_OF_A_PARAMETER = 0.80
"""Share of the truths that the 90 % interval of every single parameter should hold."""

_NOT_RUN = "Not run yet with the present model and priors."
_OF_METHODS = {
    "runs": "runs of the model",
    "cpu_minutes": "CPU minutes",
    "histories": "histories in the end",
    "effective": "effective number of them",
    "median_distance": "median distance from the counts",
    **{f"width_{name}": f"width of 90 %: `{name}`" for name in SCORED},
}


def renew(folder: Path) -> None:
    """Fill the page, and copy or draw its figures.

    Args:
        folder: what ``bordersim calibrate --check`` has written.
    """
    parameters = pd.read_csv(folder / "parameters.csv")
    checks = {
        "targets": targets_words(pd.read_csv(folder / "targets.csv")),
        "parameters": _with_sources(parameters_words(parameters), parameters),
        "kept parameters": kept_words(parameters),
        "left out": left_out_words(pd.read_csv(folder / "left_out.csv")),
        "undetected": undetected_words(pd.read_csv(folder / "undetected.csv")),
    }
    blocks = {name: table(words.head, words.rows) for name, words in checks.items()}
    blocks["undetected"] += "\n\n![Undetected infections by cause](images/undetected.png)"
    write_pages("calibration", {name: text.strip for name, text in blocks.items()} | STUDIES)
    copy_figures(folder)
    if SHIPPED_COVERAGE.exists():
        save_image(draw_coverage(pd.read_csv(SHIPPED_COVERAGE)), "coverage")
        save_image(draw_coverage_ranks(pd.read_csv(SHIPPED_RANKS)), "coverage_ranks")


def _with_sources(words: Words, parameters: pd.DataFrame) -> Words:
    sources = dict(zip(parameters["meaning"], parameters["source"], strict=True))
    rows = [[*row, sources[row[0]]] for row in words.rows]
    return replace(words, head=[*words.head, "source of the prior"], rows=rows)


def coverage_block() -> str:
    """Return coverage and sharpness by scheme, with standard errors over the data sets."""
    if not SHIPPED_COVERAGE.exists():
        return _NOT_RUN
    of = pd.read_csv(SHIPPED_COVERAGE)
    rows = []
    for _, row in coverage_table(of).iterrows():
        scores = [_with_error(row, of) for of in ("mean_rank", "inside_50", "inside_90")]
        scheme = row["scheme"].replace("_", " ")
        rows.append([scheme, code(row["group"]), *scores, f"{row['width_90']:.2f}"])
    head = ["scheme", "quantity", "mean rank", "inside 50 %", "inside 90 %"]
    images = (f"![{words}](images/{name}.png)" for name, words in COVERAGE_FIGURES.items())
    said = f"{of['data_set'].nunique()} synthetic epidemics."
    return "\n\n".join([said, table([*head, "median width of the 90 %"], rows), *images])


def coverage_goals_block() -> str:
    """Return what the chains reach of the goals, a row per group of quantities."""
    if not SHIPPED_COVERAGE.exists():
        return _NOT_RUN
    scores, ranks = pd.read_csv(SHIPPED_COVERAGE), pd.read_csv(SHIPPED_RANKS)
    by_group = ranks.groupby("group", sort=False)
    shapes = shapes_of({str(name): of[list(RANK_COLUMNS)].to_numpy(int) for name, of in by_group})
    of_chains = scores[scores["scheme"] == CHAINS]
    rows = []
    for _, row in coverage_table(of_chains).iterrows():
        width, goal = float(row["width_90"]), GOALS.get(row["group"])
        shares = (
            _with_error(row, f"inside_{level}") + _missed(low <= row[f"inside_{level}"] <= high)
            for level, (low, high) in ACCEPTED.items()
        )
        of_width = f"{width:.2f}, at most {goal:.2f}{_missed(width <= goal)}" if goal else ""
        rows.append([code(row["group"]), *shares, of_width, str(shapes[row["group"]])])
    each = of_chains[of_chains["group"].isin([PARAMETERS, LOCAL_PARAMETERS])]
    lowest = each.groupby("quantity")["inside_90"].mean()
    worst = (
        f"The parameter that is least often inside 90 %: {code(str(lowest.idxmin()))}, "
        f"{lowest.min():.2f}{_missed(lowest.min() >= LEAST_OF_A_PARAMETER)}."
    )
    levels = (f"inside {of} % ({low:.2f} to {high:.2f})" for of, (low, high) in ACCEPTED.items())
    return f"{table(['quantity', *levels, 'width of the 90 %', 'ranks'], rows)}\n\n{worst}"


def _with_error(row: pd.Series, score: str) -> str:
    return f"{row[score]:.2f} ± {row[f'{score}_se']:.2f}"


def _missed(met: bool) -> str:
    return "" if met else ", **missed**"


def repeated_block() -> str:
    """Return how far the bands of two fits are apart, beside what chance alone gives."""
    of = pd.read_csv(SHIPPED_REPEATED)
    chance = [
        f"{median:.1%} (95 % under {most:.1%})"
        for median, most in zip(of["chance_median"], of["chance_q95"], strict=True)
    ]
    rows = zip(of["series"].map(code), of["movement"].map("{:.1%}".format), chance, strict=True)
    by_chance = f"by chance, with {of['members'].min():,} pairs"
    return table(["series", "edges moved, of the width", by_chance], rows)


def methods_block() -> str:
    """Return ABC-SMC beside the chains, on the counts of the articles."""
    of = pd.read_csv(METHODS).set_index("method").T
    rows = [
        [words, *("" if pd.isna(value) else number(value) for value in of.loc[key])]
        for key, words in _OF_METHODS.items()
    ]
    return table(["", *of.columns], rows)


def chain_methods_block() -> str:
    """Return the ways to lead chains to the counts, a row per method."""
    of = pd.read_csv(CHAIN_METHODS).set_index("method")
    rows = [[str(method), *map(number, of.loc[method])] for method in of.index]
    head = ["", "runs", "states", "median distance", "stuck", "starts they come from"]
    return table(head, rows)


def budget_block() -> str:
    """Return what the shipped fit cost."""
    provenance = read_ensemble(shipped_ensembles()["articles_2020"]).provenance
    return f"The shipped ensemble: {budget_line(provenance)}."


STUDIES: dict[str, Callable[[], str]] = {
    "coverage": coverage_block,
    "coverage goals": coverage_goals_block,
    "repeated": repeated_block,
    "methods": methods_block,
    "chain methods": chain_methods_block,
    "budget": budget_block,
}
