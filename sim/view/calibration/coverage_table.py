"""Synthetic coverage in few numbers: means over data sets, with their standard errors."""

import numpy as np
import pandas as pd

from calibration.coverage import SCORED

PARAMETERS, TOTAL = "parameters", "total"
"""All parameters as one quantity, and the cumulative count on a day that has a target."""

_SCORES = ["inside_50", "inside_90", "width_90"]


def coverage_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Return coverage over data sets, a row a scheme and quantity.

    The parameters are one quantity: a data set counts with their mean, because the intervals of
    one fit hang together. Widths are medians over data sets: in standard deviations of the prior
    for parameters, otherwise relative to the true final count (``total``: to that of its day).

    Args:
        scores: from ``run_coverage``: ``data_set``, ``scheme``, ``quantity``, ``inside_50``,
            ``inside_90`` and ``width_90``.

    Returns:
        ``scheme``, ``quantity``, ``data_sets``, ``inside_50``, ``inside_50_se``, ``inside_90``,
        ``inside_90_se`` and ``width_90``; a standard error is nan where there is one data set.
    """
    if scores.empty:
        return pd.DataFrame()
    series = {*SCORED, TOTAL}
    named = scores.assign(quantity=scores["quantity"].where(lambda q: q.isin(series), PARAMETERS))
    keys = ["scheme", "quantity", "data_set"]
    # Groups in the order of the scores: parameters, series, total.
    of_sets = named.groupby(keys, sort=False, as_index=False)[_SCORES].mean()
    rows = []
    for (scheme, quantity), group in of_sets.groupby(["scheme", "quantity"], sort=False):
        root = np.sqrt(len(group))
        rows.append(
            {
                "scheme": scheme,
                "quantity": quantity,
                "data_sets": len(group),
                "inside_50": group["inside_50"].mean(),
                "inside_50_se": group["inside_50"].std() / root,
                "inside_90": group["inside_90"].mean(),
                "inside_90_se": group["inside_90"].std() / root,
                "width_90": group["width_90"].median(),
            }
        )
    return pd.DataFrame(rows)
