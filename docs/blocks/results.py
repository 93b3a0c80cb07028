"""What the pages show of ``make run``: outcomes, article counts and where infections came from."""

from functools import partial
from pathlib import Path

import pandas as pd

from calibration.targets_file import read_targets
from docs.blocks.markdown import code, number, table
from docs.blocks.marked import copy_figures, write_pages
from sim.experiment.outcome_registry import OUTCOMES
from sim.world.origins import ORIGIN_LABELS, Origin

SCENARIOS = ("baseline", "no_closure", "closure_week_earlier", "quarantine_14_days")
SHOWN = (
    "entrants", "infected_at_entry", "imported_confirmed", "peak_imported_confirmed_new",
    "fate_released_infectious", "fate_still_in_quarantine", "undetected_share",
    "infectiousness_after_entry_share", "infected_on_board", "infected_in_staging",
    "stranded_person_days", "illegal_attempts", "illegal_entered", "local_infections",
    "community_infections", "quarantine_person_days", "peak_lab_backlog", "cost_cny",
)  # fmt: skip
"""Outcomes of the table of results, in its order."""


def renew(folder: Path) -> None:
    """Fill the pages from what ``make run`` has written, and copy the figures of the baseline."""
    blocks = {"outcomes": outcomes_block, "targets": targets_block, "origins": origins_block}
    write_pages("results", {name: partial(block, folder) for name, block in blocks.items()})
    copy_figures(folder / "baseline")


def outcomes_block(folder: Path) -> str:
    """Return median and 90 % interval of some outcomes by scenario."""
    of = [_summary(folder, name) for name in SCENARIOS]
    rows = [[OUTCOMES[name].label, *(_interval(one.loc[name]) for one in of)] for name in SHOWN]
    return table(["median (5 % to 95 %) of the runs", *map(code, SCENARIOS)], rows)


def origins_block(folder: Path) -> str:
    """Return infected residents of the baseline by what brought the infection into town."""
    of = _summary(folder, "baseline")
    rows = [
        [ORIGIN_LABELS[origin], _interval(of.loc[f"local_from_{origin.name.lower()}"])]
        for origin in Origin
    ]
    return table(["head of the chain", "residents infected, median (5 % to 95 %)"], rows)


def targets_block(folder: Path) -> str:
    """Return the article counts beside the runs of the baseline on their day."""
    series = pd.read_csv(folder / "baseline" / "series_quantiles.csv")
    by_day = series.set_index(["place", "series", "date"])
    rows = [
        [
            f"{of.id}: {code(of.series)}, {of.place}, {of.data_date}",
            f"{of.value:,.0f}",
            _interval(by_day.loc[(of.place, of.series, str(of.data_date))]),
        ]
        for of in read_targets().counts()
    ]
    return table(["count", "article", "baseline, median (5 % to 95 %)"], rows)


def _summary(folder: Path, scenario: str) -> pd.DataFrame:
    return pd.read_csv(folder / scenario / "outcomes_summary.csv").set_index("outcome")


def _interval(of: "pd.Series[float]") -> str:
    return f"{number(of['q50'])} ({number(of['q05'])} to {number(of['q95'])})"
