"""What the pages show of ``make run``, and of ``bordersim compare``."""

from functools import partial
from pathlib import Path

import pandas as pd

from calibration.targets import IntervalTarget
from calibration.targets_file import read_targets
from docs.blocks.markdown import code, number, table
from docs.blocks.marked import copy_figures, write_pages
from sim.experiment.outcome_registry import COMPARED
from sim.view.answers.sentences import policy_sentence
from sim.view.answers.tables import Cell, differences
from sim.view.outcome_words import difference_words, title_of_outcome
from sim.view.report.folder import read_folder
from sim.world.origins import ORIGIN_LABELS, Origin


def renew(folder: Path) -> None:
    """Fill the pages from what ``make run`` has written, and copy the figures of the baseline."""
    blocks = {"answer": answer_block, "targets": targets_block, "origins": origins_block}
    write_pages("results", {name: partial(block, folder) for name, block in blocks.items()})
    copy_figures(folder / "baseline")


def renew_comparison(folder: Path) -> None:
    """Fill the page on comparing policies from what the command has written, and copy figures."""
    write_pages("comparison", {"differences": partial(differences_block, folder)})
    copy_figures(folder)


def answer_block(folder: Path) -> str:
    """Return what `make run` ends with: differences in the first outcomes, and a sentence each."""
    paired = read_folder(folder).paired
    answer = differences(paired)
    rows = [[title, *map(_cell, cells)] for title, cells in answer.rows]
    sentences = [f"- {policy_sentence(paired, of)}" for of in range(1, len(paired.names))]
    return "\n".join([f"{answer.caption}.", "", table(answer.head, rows), "", *sentences])


def _cell(cell: Cell) -> str:
    notes = [note for note in (*cell.notes, cell.chance) if note]
    return f"{cell.text} ({'; '.join(notes)})" if notes else cell.text


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
    by_day = series.set_index(["place", "series", "date"])
    rows = [
        [
            f"{of.id}: {code(of.series)}, {of.place}, {of.data_date}",
            f"{of.low:,} to {of.high:,}" if isinstance(of, IntervalTarget) else f"{of.value:,.0f}",
            _interval(by_day.loc[(of.place, of.series, str(of.data_date))]),
        ]
        for of in read_targets().targets
        if of.fit
    ]
    return table(["count", "article", "baseline, median (5 % to 95 %)"], rows)


def _interval(of: "pd.Series[float]") -> str:
    return f"{number(of['q50'])} ({number(of['q05'])} to {number(of['q95'])})"


def differences_block(folder: Path) -> str:
    """Return the differences of the compared outcomes, a row per policy and outcome."""
    of = pd.read_csv(folder / "differences.csv")
    policies = list(dict.fromkeys(of["policy"]))
    by_pair = of[of["equal"] < 1].set_index(["policy", "outcome"])
    pairs = [(policy, outcome) for policy in policies for outcome in COMPARED]
    rows = [
        _row(policy, outcome, by_pair.loc[(policy, outcome)])
        for policy, outcome in pairs
        if (policy, outcome) in by_pair.index
    ]
    head = ["policy", "outcome", "median", "95 % of the median", "5 % to 95 %", "lower", "ratio"]
    return table(head, rows)


def _row(policy: str, outcome: str, of: "pd.Series[float]") -> list[str]:
    median, low, high, q05, q95 = (
        difference_words(outcome, of[name])
        for name in ("median", "median_low_95", "median_high_95", "q05", "q95")
    )
    ends = [f"{low} to {high}", f"{q05} to {q95}"]
    shares = [f"{of['lower']:.0%}", number(of["variance_ratio"])]
    return [code(policy), title_of_outcome(outcome), median, *ends, *shares]
