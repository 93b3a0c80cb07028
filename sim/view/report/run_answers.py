"""The answer of runs of one scenario in words."""

from functools import partial

from sim.view.report.answers import COST, IMPORTED, INFECTIONS
from sim.view.report.folder import RunFolder
from sim.view.report.wording import SPACE, money, range_words, rounded

_SENTENCES = {
    INFECTIONS: "{} people are infected and in the community",
    IMPORTED: "{} imported cases are confirmed",
    COST: "It costs {}",
}


def run_sentences(folder: RunFolder) -> list[str]:
    """Return the main outcomes with their intervals, those that are not zero in all runs."""
    sentences = []
    for outcome, sentence in _SENTENCES.items():
        rows = folder.summary[folder.summary["outcome"] == outcome]
        number = money if outcome == COST else partial(rounded, outcome)
        for low, median, high in rows[["q05", "q50", "q95"]].itertuples(index=False):
            if high:
                interval = f"90{SPACE}%: {range_words(number(low), number(high))}"
                sentences.append(f"{sentence.format(number(median))} ({interval}).")
    return [*sentences, "These are medians of the runs; nothing is compared here."]
