"""``python -m docs.results FOLDER``: put the results of ``make run`` into the pages that show them.

FOLDER is what ``make run`` has written (``results``). Figures are copied to ``docs/images``,
tables go into the blocks ``<!-- results: NAME -->``. Not part of the checks: it needs the runs.
"""

import shutil
import sys
from pathlib import Path

import pandas as pd

from calibration.targets import CountTarget
from calibration.targets_file import read_targets
from docs.blocks.markdown import code, table
from docs.blocks.marked import ROOT, write_pages
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
_MILLION = 1e6
FIGURES = (
    "baseline/imported",
    "baseline/fates",
    "baseline/onsets",
    "baseline/capacity",
    "baseline/crossings",
    "baseline/local_cases",
    "baseline/transmission_tree",
    "costs_compared",
)
TABLES = (
    "baseline/series_quantiles.csv",
    *(f"{scenario}/outcomes_summary.csv" for scenario in SCENARIOS),
)


def outcomes_block(folder: Path) -> str:
    """Return median and 90 % interval of some outcomes by scenario."""
    tables = [pd.read_csv(folder / name / "outcomes_summary.csv") for name in SCENARIOS]
    rows = [
        [OUTCOMES[name].label, *(_interval(of[of["outcome"] == name].iloc[0]) for of in tables)]
        for name in SHOWN
    ]
    return table(["median (5 % to 95 %) of the runs", *map(code, SCENARIOS)], rows)


def origins_block(folder: Path) -> str:
    """Return infected residents of the baseline by what brought the infection into town."""
    of = pd.read_csv(folder / "baseline" / "outcomes_summary.csv").set_index("outcome")
    rows = [
        [ORIGIN_LABELS[origin], _interval(of.loc[f"local_from_{origin.name.lower()}"])]
        for origin in Origin
    ]
    return table(["head of the chain", "residents infected, median (5 % to 95 %)"], rows)


def targets_block(folder: Path) -> str:
    """Return the article counts beside the runs of the baseline on their day."""
    series = pd.read_csv(folder / "baseline" / "series_quantiles.csv")
    rows = [
        [_name(target), _number(target.value), _on(series, target)]
        for target in read_targets().counts()
    ]
    return table(["count", "article", "baseline, median (5 % to 95 %)"], rows)


def _name(target: CountTarget) -> str:
    return f"{target.id}: {code(target.series)}, {target.place}, {target.data_date}"


def _on(series: pd.DataFrame, target: CountTarget) -> str:
    here = (series["place"] == target.place) & (series["series"] == target.series)
    return _interval(series[here & (series["date"] == str(target.data_date))].iloc[0])


def _interval(quantiles: "pd.Series[float]") -> str:
    low, median, high = (_number(quantiles[name]) for name in ("q05", "q50", "q95"))
    return f"{median} ({low} to {high})"


def _number(value: float) -> str:
    if value >= _MILLION:
        return f"{value / _MILLION:.1f} million"
    return f"{value:.3f}" if 0 < value < 1 else f"{value:,.0f}"


def main(arguments: list[str]) -> int:
    """Fill the pages from the folder in ``arguments`` and return the exit code."""
    if len(arguments) != 1:
        print("usage: python -m docs.results FOLDER", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    for name in (*TABLES, *(f"{figure}.png" for figure in FIGURES)):
        if not (folder / name).is_file():
            print(f"{folder}: {name} is missing; run make run first", file=sys.stderr)
            return 2
    write_pages(
        "results",
        {
            "outcomes": lambda: outcomes_block(folder),
            "targets": lambda: targets_block(folder),
            "origins": lambda: origins_block(folder),
        },
    )
    for figure in FIGURES:
        name = Path(figure).name
        shutil.copyfile(folder / f"{figure}.png", ROOT / "docs" / "images" / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
