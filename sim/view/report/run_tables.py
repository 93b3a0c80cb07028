"""The tables of runs of one scenario."""

from collections.abc import Collection

import pandas as pd

from sim.experiment.outcome_registry import COMPARED, OUTCOMES, Group
from sim.view.outcome_words import title_of_outcome
from sim.view.parameter_text import value_text
from sim.view.policy_words import words
from sim.view.report.folder import RunFolder
from sim.view.report.html_table import Cell, HtmlTable, plain
from sim.view.report.wording import SPACE, amount, some_runs
from sim.view.series_words import series_words


def outcomes(folder: RunFolder, groups: Collection[Group] = tuple(Group)) -> HtmlTable:
    """Return the outcomes that are not zero in all runs, a row each.

    Args:
        folder: the runs.
        groups: of the outcomes.
    """
    names = [name for name, outcome in OUTCOMES.items() if outcome.group in groups]
    return _outcomes(folder, folder.summary[folder.summary["outcome"].isin(names)])


def compared(folder: RunFolder) -> HtmlTable:
    """Return the outcomes by which policies are compared, a row each."""
    return _outcomes(folder, folder.summary[folder.summary["outcome"].isin(COMPARED)])


def _outcomes(folder: RunFolder, summary: pd.DataFrame) -> HtmlTable:
    of = summary[summary[["q05", "q95", "mean"]].any(axis=1)]
    of = of.assign(runs=len(folder.manifest.seeds_finished))
    rows = [
        (title_of_outcome(name), _cells(name, row))
        for name, (_, row) in zip(of["outcome"], of.iterrows(), strict=True)
    ]
    return HtmlTable(
        "Outcomes of the runs: median, the ends of the middle "
        f"90{SPACE}%, and mean. Those that are 0 in all runs, or have a value in none, are left "
        "out.",
        ["Outcome", "Median", f"5{SPACE}%", f"95{SPACE}%", "Mean"],
        rows,
    )


def _cells(outcome: str, row: "pd.Series[float]") -> list[Cell]:
    median, *others = (amount(outcome, row[column]) for column in ("q50", "q05", "q95", "mean"))
    some = some_runs(row)
    return [Cell(median, (some,) if some else ()), *plain(others)]


def daily(folder: RunFolder, series: str) -> HtmlTable:
    """Return a daily series, a row a day and a column a place."""
    of = folder.series[folder.series["series"] == series]
    places = list(dict.fromkeys(of["place"]))
    by_day = {place: of[of["place"] == place].set_index("date") for place in places}
    rows = [
        (day, [_day(by_day[place].loc[day]) for place in places])
        for day in dict.fromkeys(of["date"])
    ]
    text = series_words(series)
    return HtmlTable(
        f"{text[:1].upper()}{text[1:]} by day: median of the runs and their middle 90{SPACE}%.",
        ["Day", *map(words, places)],
        rows,
    )


def parameters(drawn: pd.DataFrame) -> HtmlTable:
    """Return the parameters that differ from run to run, a row each."""
    quantiles = drawn.drop(columns="seed").quantile([0.5, 0.05, 0.95])
    rows = [
        (str(name), plain([value_text(value) for value in quantiles[name]])) for name in quantiles
    ]
    return HtmlTable(
        "Parameters that differ from run to run, by their path in the scenario file.",
        ["Parameter", "Median", f"5{SPACE}%", f"95{SPACE}%"],
        rows,
    )


def _day(row: "pd.Series[float]") -> Cell:
    low, median, high = (f"{row[name]:,.0f}" for name in ("q05", "q50", "q95"))
    return Cell(median if low == high else f"{median} ({low} to {high})")
