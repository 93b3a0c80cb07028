"""The answer of runs of one scenario in words."""

import pandas as pd

from sim.view.policy_words import words
from sim.view.report.answers import COST, IMPORTED, INFECTIONS
from sim.view.report.folder import RunFolder
from sim.view.report.wording import SPACE, amount, count, money, span

_SENTENCES = {
    INFECTIONS: "Infected and at large behind the border are {} people",
    IMPORTED: "Imported cases confirmed are {}",
    COST: "The cost is {}",
}


def run_sentences(folder: RunFolder) -> list[str]:
    """Return the main outcomes with their intervals, those that are not nought in all runs."""
    runs = count(len(folder.manifest.seeds_finished), "run")
    sentences = [
        f"The median and the middle 90{SPACE}% of {runs} of {words(folder.manifest.scenario)}; "
        "nothing is compared here."
    ]
    for outcome, sentence in _SENTENCES.items():
        rows = folder.summary[folder.summary["outcome"] == outcome]
        for _, row in rows.iterrows():
            if row["q95"]:
                sentences.insert(-1, f"{sentence.format(_estimate(outcome, row))}.")
    return sentences


def _estimate(outcome: str, row: "pd.Series[float]") -> str:
    if outcome == COST:
        median, ends = money(row["q50"]), f"{money(row['q05'])} to {money(row['q95'])}"
    else:
        median, ends = amount(outcome, row["q50"]), span(outcome, row["q05"], row["q95"])
    return f"{median} (90{SPACE}%: {ends})"
