"""What the page on comparing policies shows of ``bordersim compare``."""

from functools import partial
from pathlib import Path

import pandas as pd

from docs.blocks.markdown import code, number, table
from docs.blocks.marked import copy_figures, write_pages
from sim.experiment.outcome_registry import COMPARED
from sim.view.outcome_words import difference_words, title_of_outcome


def renew(folder: Path) -> None:
    """Fill the page from what the command has written, and copy its figures."""
    write_pages("comparison", {"differences": partial(differences_block, folder)})
    copy_figures(folder)


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
