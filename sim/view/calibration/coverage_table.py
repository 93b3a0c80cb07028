"""Synthetic coverage in few numbers: means over data sets, with their standard errors."""

import numpy as np
import pandas as pd

from calibration.coverage_scores import LOCAL_PARAMETERS, PARAMETERS, TOTAL
from sim.view.series_words import series_words

_SCORES = ["mean_rank", "inside_50", "inside_90", "width_90"]

_WORDS = {
    PARAMETERS: "parameters, all together",
    LOCAL_PARAMETERS: "local parameters, all together",
    TOTAL: "confirmed cases so far, on a day with a count",
}


def group_words(group: str) -> str:
    """Return what a group of quantities is called."""
    return _WORDS.get(group, series_words(group))


def coverage_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Return coverage over data sets, a row a scheme and group of quantities.

    The parameters of a stage are one group: a data set counts with their mean, because the ranks
    of one fit hang together. Widths are medians over data sets: in standard deviations of the prior
    for parameters, otherwise relative to the true final count (see ``calibration.coverage``).

    Args:
        scores: from ``run_coverage``: ``data_set``, ``scheme``, ``group``, ``mean_rank``,
            ``inside_50``, ``inside_90`` and ``width_90``.

    Returns:
        ``scheme``, ``group``, ``data_sets``; ``mean_rank``, ``inside_50`` and ``inside_90``, each
        with its standard error (``..._se``), which is nan where there is one data set;
        ``width_90``.
    """
    if scores.empty:
        return pd.DataFrame()
    keys = ["scheme", "group", "data_set"]
    # Groups in the order of the scores: parameters, series, total.
    of_sets = scores.groupby(keys, sort=False, as_index=False)[_SCORES].mean()
    rows = []
    for (scheme, group), of in of_sets.groupby(["scheme", "group"], sort=False):
        means = {name: of[name].mean() for name in _SCORES[:-1]}
        errors = {f"{name}_se": of[name].std() / np.sqrt(len(of)) for name in means}
        rows.append(
            {
                "scheme": scheme,
                "group": group,
                "data_sets": len(of),
                **means,
                **errors,
                "width_90": of["width_90"].median(),
            }
        )
    return pd.DataFrame(rows)
