"""The largest changes of an outcome against a reference, in words for a heading."""

from collections.abc import Sequence

import numpy as np

from sim.experiment.pairs import paired_differences
from sim.experiment.replicates import Replicates
from sim.view.number_text import signed
from sim.view.outcome_words import title_of_outcome
from sim.view.runs_note import scenario_label

_NAMED = 3


def largest_changes(reference: Replicates, others: Sequence[Replicates], outcome: str) -> str:
    """Return an outcome with its median changes under up to three scenarios, largest first."""
    subject = title_of_outcome(outcome)
    medians = []
    for replicates in others:
        pairs = paired_differences(replicates, reference, outcome)
        if len(pairs):
            medians.append((scenario_label(replicates), float(np.median(pairs))))
    if not medians:
        return f"{subject} under each policy"
    medians.sort(key=lambda pair: -abs(pair[1]))
    changes = ", ".join(f"{label} {signed(median)}" for label, median in medians[:_NAMED])
    return f"{subject} against {scenario_label(reference)}: {changes}"
