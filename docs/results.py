"""``python -m docs.results FOLDER``: put the results of ``make run`` into the pages that show them.

FOLDER is what ``make run`` has written (``results``). Figures are copied to ``docs/images``,
tables go into the blocks ``<!-- results: NAME -->``. Not part of the checks: it needs the runs.
"""

import shutil
import sys
from pathlib import Path

import pandas as pd

from calibration.targets import Target, read_targets
from docs.blocks.markdown import code, table
from docs.blocks.marked import ROOT, write_pages
from docs.blocks.outputs import OUTCOME_MEANINGS
from sim.world.fates import FATE_LABELS, Fate

SCENARIOS = ("baseline", "no_closure", "closure_week_earlier", "quarantine_14_days")
OUTCOMES = (
    "entrants",
    "infected_at_entry",
    "imported_confirmed",
    "peak_imported_confirmed_new",
    "fate_found_test",
    "fate_released_infectious",
    "fate_still_in_quarantine",
    "infectiousness_after_entry_share",
    "infected_on_board",
    "infected_in_staging",
    "stranded_person_days",
    "quarantine_person_days",
    "peak_lab_backlog",
    "undetected_share",
)
FIGURES = ("baseline/imported", "baseline/fates", "baseline/capacity", "comparison")


def outcomes_block(folder: Path) -> str:
    """Return median and 90 % interval of some outcomes by scenario."""
    by_scenario = {
        name: pd.read_csv(folder / name / "outcomes_summary.csv", index_col="outcome")
        for name in SCENARIOS
    }
    rows = [
        [_label(outcome), *(_interval(of.loc[outcome]) for of in by_scenario.values())]
        for outcome in OUTCOMES
    ]
    return table(["outcome", *map(code, SCENARIOS)], rows)


def targets_block(folder: Path) -> str:
    """Return the article counts beside the runs of the baseline on their day."""
    series = pd.read_csv(folder / "baseline" / "series_quantiles.csv")
    rows = [[_name(target), _number(target.value), _on(series, target)] for target in read_targets()]
    return table(["count", "article", "baseline, median (5 % to 95 %)"], rows)


def _name(target: Target) -> str:
    return f"{target.id}: {code(target.series)}, {target.place}, {target.data_date}"


def _on(series: pd.DataFrame, target: Target) -> str:
    here = (series["place"] == target.place) & (series["series"] == target.series)
    return _interval(series[here & (series["date"] == str(target.data_date))].iloc[0])


def _label(outcome: str) -> str:
    if outcome.startswith("fate_"):
        return f"infected travellers: {FATE_LABELS[Fate[outcome.removeprefix('fate_').upper()]]}"
    unit, meaning = OUTCOME_MEANINGS[outcome]
    return f"{unit} {meaning}" if outcome != "undetected_share" else "undetected share"


def _interval(quantiles: "pd.Series[float]") -> str:
    low, median, high = (_number(quantiles[name]) for name in ("q05", "q50", "q95"))
    return f"{median} ({low} to {high})"


def _number(value: float) -> str:
    return f"{value:.3f}" if 0 < value < 1 else f"{value:,.0f}"


def main(arguments: list[str]) -> int:
    """Fill the pages from the folder in ``arguments`` and return the exit code."""
    if len(arguments) != 1:
        print("usage: python -m docs.results FOLDER", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    write_pages(
        "results",
        {"outcomes": lambda: outcomes_block(folder), "targets": lambda: targets_block(folder)},
    )
    for figure in FIGURES:
        name = Path(figure).name
        shutil.copyfile(folder / f"{figure}.png", ROOT / "docs" / "images" / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
