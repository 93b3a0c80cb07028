"""Partial rank correlations: how steadily each input moves an output, the other inputs held.

Partial rank correlation coefficients as in Marino et al. 2008, Journal of Theoretical Biology
254:178-196, section 2.3.
"""

import numpy as np
from scipy.stats import rankdata, t

from sim.world.draws import FloatArray

_NOTHING_LEFT = 1e-9
"""Share of a column's length below which what the other columns leave of it is rounding."""


def partial_rank_correlations(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return the coefficient of every input with the output, from -1 to 1, shape (inputs,).

    Both are ranked, freed by least squares of what the other inputs say, and correlated.

    Args:
        x: inputs, shape (points, inputs).
        y: output, shape (points,).

    Returns:
        nan where there is none: too few points, an input or output that does not vary, or an
        input that the others determine.
    """
    points, inputs = x.shape
    coefficients = np.full(inputs, np.nan)
    if degrees_of_freedom(points, inputs) < 1:
        return coefficients
    ranks = rankdata(x, axis=0)
    both = np.column_stack([ranks, rankdata(y)])
    for number in range(inputs):
        others = np.column_stack([np.ones(points), np.delete(ranks, number, axis=1)])
        pair = both[:, [number, -1]]
        left = pair - others @ np.linalg.lstsq(others, pair, rcond=None)[0]
        lengths = np.linalg.norm(left, axis=0)
        if (lengths > _NOTHING_LEFT * np.linalg.norm(pair, axis=0)).all():
            coefficients[number] = left[:, 0] @ left[:, 1] / lengths.prod()
    return coefficients


def chance_limit(points: int, inputs: int) -> float:
    """Return the size that chance alone exceeds in 5 % of the cases, for an input without effect.

    From Student's t, with the degrees of freedom that the other inputs leave; nan with too few
    points.
    """
    freedom = degrees_of_freedom(points, inputs)
    if freedom < 1:
        return float("nan")
    critical = float(t.ppf(0.975, freedom))
    return critical / float(np.sqrt(freedom + critical**2))


def degrees_of_freedom(points: int, inputs: int) -> int:
    """Return the degrees of freedom of a coefficient: of the points, less two and the others."""
    return points - 2 - (inputs - 1)
