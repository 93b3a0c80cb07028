"""Parameters that the literature gives with an uncertainty, drawn once a run."""

from enum import IntEnum

import numpy as np
from scipy import special

from sim.scenario.distributions import BetaValue, LogUniformValue, NormalValue, Uncertain
from sim.world.draws import Draws, Stream


class Parameter(IntEnum):
    """Ordinals of the draws; a distribution takes two."""

    INCUBATION = 0
    ASYMPTOMATIC_SHARE = 2
    ASYMPTOMATIC_INFECTIOUSNESS = 3
    INFECTIOUSNESS = 4
    ONSET_TO_SEVERE = 6
    HOSPITAL_STAY = 8
    CONNECTION = 10
    """Drawn for each town by its name."""
    SYMPTOMS_LAST = 1_000_000
    ASYMPTOMATIC_LASTS = 1_000_002
    LATENT = 1_000_004
    LEAD = 1_000_006
    LASTS = 1_000_008
    LASTS_ASYMPTOMATIC = 1_000_010
    COHORT_TIMING = 1_000_012
    INFECTED_SHARE = 1_000_014
    DECISION_DELAY = 1_000_016


def drawn(value: Uncertain, draws: Draws, parameter: int, unit: int = 0) -> float:
    """Return a parameter as a number: ``value`` itself, or a quantile where it is uncertain.

    Args:
        value: what the scenario says.
        draws: the random numbers of the run.
        parameter: the ``Parameter`` that it is drawn as.
        unit: key of what has it, where there are several in a run.
    """
    # Most are certain, and a draw takes a while.
    if isinstance(value, float):
        return value
    units = np.array([unit], dtype=np.uint64)
    u = float(draws.uniform(Stream.PARAMETER, units, parameter)[0])
    match value:
        case NormalValue(mean=mean, sd=sd):
            return float(mean + sd * special.ndtri(u))
        case BetaValue(a=a, b=b):
            return float(special.betaincinv(a, b, u))
        case LogUniformValue(low=low, high=high):
            return float(low * (high / low) ** u)
        case _:
            raise TypeError(f"unknown kind of uncertainty {value}")
