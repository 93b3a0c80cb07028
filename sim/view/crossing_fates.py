"""What became of those who tried to cross away from the ports, each of them counted once."""

import numpy as np

from sim.experiment.replicates import Replicates
from sim.view.style import BLUE, GREEN, ORANGE, PALE, SKY, VERMILLION
from sim.world.draws import FloatArray

TURNED_BACK, AT_THE_LINE = "turned back at the line", "caught by patrol or sensor"
ON_REPORT, CAPTURED = "caught on a report", "captured by residents"
ENTERED, ON_THE_WAY = "entered unseen", "still on the way"

COLORS = {
    TURNED_BACK: SKY,
    AT_THE_LINE: BLUE,
    ON_REPORT: GREEN,
    CAPTURED: ORANGE,
    ENTERED: VERMILLION,
    ON_THE_WAY: PALE,
}
"""Colours by label, in the order of the figures."""


def crossing_fates(replicates: Replicates) -> dict[str, FloatArray]:
    """Return how many of those who tried had each fate, by label, shape (runs,) each.

    Patrols and sensors also see those who are turned back; these are counted as turned back only.
    The fates of a run add up to its attempts.
    """
    outcome = replicates.outcome
    by_residents = outcome("caught_on_report") + outcome("captured_by_residents")
    fates = {
        TURNED_BACK: outcome("illegal_turned_back"),
        # Residents may have seen someone who is still on the way at the end.
        AT_THE_LINE: np.maximum(outcome("illegal_caught") - by_residents, 0.0),
        ON_REPORT: outcome("caught_on_report"),
        CAPTURED: outcome("captured_by_residents"),
        ENTERED: outcome("illegal_entered"),
    }
    fates[ON_THE_WAY] = outcome("illegal_attempts") - np.sum(list(fates.values()), axis=0)
    return fates
