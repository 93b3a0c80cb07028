"""Tidy tables of replicates: one row per run, per day and series, or per infected person."""

import datetime as dt

import numpy as np
import pandas as pd

from sim.experiment.case_days import case_days
from sim.experiment.replicates import Replicates
from sim.scenario.schema import Scenario
from sim.world.fates import Fate
from sim.world.geography import reporting_places
from sim.world.surveillance import SERIES

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)

_QUANTILES = tuple(f"q{round(100 * share):02d}" for share in QUANTILES)
"""Their columns."""


def outcomes_table(replicates: Replicates) -> pd.DataFrame:
    """Return the outcomes, one row per run: ``scenario``, ``seed`` and one column per outcome.

    A cell is nan where the outcome has no value in the run.
    """
    rows = [
        {"scenario": replicates.scenario.name, "seed": result.seed, **result.outcomes}
        for result in replicates.results
    ]
    return pd.DataFrame(rows)


def parameters_table(replicates: Replicates) -> pd.DataFrame:
    """Return the parameters of an ensemble, one row per run: ``seed``, one column per parameter."""
    rows = [
        {"seed": result.seed, **replicates.members[result.seed].parameters}
        for result in replicates.results
    ]
    return pd.DataFrame(rows)


def series_quantiles(replicates: Replicates) -> pd.DataFrame:
    """Return ``date,place,series,mean,q05,q25,q50,q75,q95`` of every series that is not all zero.

    Quantiles are those of the runs on one day (pointwise), linear between runs.
    """
    scenario = replicates.scenario
    stacked = np.stack([result.series for result in replicates.results])
    mean = stacked.mean(axis=0)
    quantiles = np.quantile(stacked, QUANTILES, axis=0)
    dates = calendar_dates(scenario)
    tables = []
    for place_code, place in enumerate(reporting_places(scenario)):
        for series_code, series in enumerate(SERIES):
            if not stacked[:, :, series_code, place_code].any():
                continue
            columns = {"date": dates, "place": place, "series": series}
            columns["mean"] = mean[:, series_code, place_code]
            of_series = quantiles[:, :, series_code, place_code]
            tables.append(pd.DataFrame(columns | dict(zip(_QUANTILES, of_series, strict=True))))
    if not tables:
        return pd.DataFrame(columns=["date", "place", "series", "mean", *_QUANTILES])
    return pd.concat(tables, ignore_index=True)


def cases_table(replicates: Replicates) -> pd.DataFrame:
    """Return imported cases by day of onset and by day of confirmation, one row per day and kind.

    Returns:
        ``date,by,mean,q05,q25,q50,q75,q95``; ``by`` is ``onset`` or ``report``. Onsets of the
        last days are of those cases that were confirmed by the end of the calendar.
    """
    of = case_days(replicates)
    dates = calendar_dates(replicates.scenario)
    tables = []
    for by, counts in (("onset", of.by_onset), ("report", of.by_report)):
        columns = {"date": dates, "by": by, "mean": counts.mean(axis=0)}
        quantiles = np.quantile(counts, QUANTILES, axis=0)
        tables.append(pd.DataFrame(columns | dict(zip(_QUANTILES, quantiles, strict=True))))
    return pd.concat(tables, ignore_index=True)


def fates_table(replicates: Replicates) -> pd.DataFrame:
    """Return mean infected entrants, one row per day of crossing, one column per fate."""
    table = pd.DataFrame(replicates.fates(), columns=[fate.name.lower() for fate in Fate])
    table.insert(0, "date", calendar_dates(replicates.scenario))
    return table


def line_list_table(replicates: Replicates) -> pd.DataFrame:
    """Return the line lists of all runs, one below the other, with the ``seed`` of each."""
    return _joined([(result.seed, result.line_list) for result in replicates.results])


def transmissions_table(replicates: Replicates) -> pd.DataFrame:
    """Return who infected whom in all runs, with the ``seed`` of each."""
    return _joined([(result.seed, result.transmissions) for result in replicates.results])


def summary_table(replicates: Replicates) -> pd.DataFrame:
    """Return median and 90 % interval of every outcome, a row each.

    The columns are ``outcome``, ``runs_with_value``, ``q05``, ``q50``, ``q95`` and ``mean``; runs
    in which an outcome has no value are left out.
    """
    outcomes = outcomes_table(replicates).drop(columns=["scenario", "seed"])
    quantiles = outcomes.quantile([0.05, 0.5, 0.95]).T
    quantiles.columns = pd.Index(["q05", "q50", "q95"])
    quantiles["mean"] = outcomes.mean()
    quantiles.insert(0, "runs_with_value", outcomes.count())
    return quantiles.rename_axis("outcome").reset_index()


def calendar_dates(scenario: Scenario) -> list[dt.date]:
    """Return every day of the calendar."""
    start = scenario.calendar.start
    return [start + dt.timedelta(days=day) for day in range(scenario.calendar.days)]


def _joined(lists: list[tuple[int, dict[str, list[object]]]]) -> pd.DataFrame:
    frames = [pd.DataFrame(columns).assign(seed=seed) for seed, columns in lists if columns]
    if not frames:
        return pd.DataFrame()
    table = pd.concat(frames, ignore_index=True)
    return table[["seed", *(name for name in table.columns if name != "seed")]]
