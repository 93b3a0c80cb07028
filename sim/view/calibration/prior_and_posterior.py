"""Figure of what a fit says about each parameter: its posterior on the scale of its prior."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from scipy import special

from calibration.check import INFORMED, NOT_FITTED, QUANTILES
from sim.view import style
from sim.view.axes import draw_rows, name_rows
from sim.view.calibration.fit_tables import contraction_text
from sim.view.labels import balanced, estimate_text, range_text
from sim.world.draws import FloatArray

_ROW, _AROUND = 0.228, 0.9
"""Inches: a parameter, and what is around the rows."""
_WIDTHS = (1.0, 2.5)
"""Of the percentiles and of the numbers, relative to each other."""
_LABEL = 38
"""Characters in a line of a parameter's label."""
_COLUMNS = {
    "contraction": 0.0, "posterior median (90 %)": 0.2, "prior (90 %)": 0.67, "unit": 0.98
}  # fmt: skip
"""What stands above the columns of numbers, and where."""
_PRIOR = "#E9E9E9"
_COLORS = {
    "informed": style.BLUE,
    "hardly informed": style.GREY,
    "piles up at the edge of its prior": style.VERMILLION,
}
_SUBJECT = "What the counts say about each parameter"


@style.in_house_style
def draw_prior_and_posterior(table: pd.DataFrame, scores: FloatArray) -> Figure:
    """Return the figure, one row per parameter, those that the counts inform most on top.

    Args:
        table: from ``parameters_table``; what was not fitted is only counted.
        scores: normal scores of its parameters, shape (members, parameters).
    """
    was_fitted = (table["verdict"] != NOT_FITTED).to_numpy()
    if len(scores) < 2 or not was_fitted.any():
        return style.nothing_to_draw(_SUBJECT, "fewer than two runs, or no parameter, were fitted")
    order = np.argsort(-table["contraction"].to_numpy(), kind="stable")
    order = order[was_fitted[order]]
    rows, kept = table.iloc[order], len(table) - len(order)
    verdicts = rows["verdict"].tolist()
    informed = sum(verdict != "hardly informed" for verdict in verdicts)
    fig = style.new_figure(
        _AROUND + _ROW * len(rows),
        f"The counts inform {informed} of {len(rows)} fitted parameters",
        f"{len(scores):,} fitted runs; dot: median, thick: middle 50 %, thin: 90 %. Contraction: "
        "share of the prior's variance, on the scale of normal scores, that the counts remove; "
        "below 0 the posterior is wider. Informed: contraction of "
        f"{contraction_text(INFORMED)} or more, or a mean half a standard deviation off. Not "
        f"shown: {kept} parameters that were not fitted.",
        legend=[
            Patch(color=_PRIOR, linewidth=0, label="prior, 90 %"),
            *(Patch(color=_COLORS[of], label=of) for of in _COLORS if of in verdicts),
        ],
    )
    shares, numbers = fig.subplots(1, 2, width_ratios=_WIDTHS, sharey=True)
    percentiles = 100 * special.ndtr(np.quantile(scores[:, order], QUANTILES, axis=0))
    _draw_percentiles(shares, percentiles, [_COLORS[of] for of in verdicts])
    labels = [balanced(str(meaning), _LABEL) for meaning in rows["meaning"]]
    name_rows(shares, labels, above=1.4, linespacing=1.0)
    _write_numbers(numbers, rows)
    return fig


def _draw_percentiles(ax: Axes, percentiles: FloatArray, colors: list[str]) -> None:
    """Draw intervals, shape (quantiles, rows), on the 90 % of the priors."""
    rows = np.arange(len(colors))
    ax.barh(rows, 90, left=5, height=0.72, color=_PRIOR)
    ax.axvline(50, color="white", linewidth=0.8)
    draw_rows(ax, rows, percentiles, colors, 3.75)
    ax.set_xlim(-1, 101)
    ax.set_xticks([5, 25, 50, 75, 95])
    ax.set_xlabel("Percentile of the prior")
    ax.set_title("Posterior, on the scale of the prior")


def _write_numbers(ax: Axes, rows: pd.DataFrame) -> None:
    ax.set_axis_off()
    for head, x in _COLUMNS.items():
        ax.text(x, -1, head, va="center", fontsize=style.SMALL, color=style.GREY)
    for place, (_, row) in enumerate(rows.iterrows()):
        prior, posterior = (
            [float(row[f"{of}_q{100 * share:02.0f}"]) for share in QUANTILES]
            for of in ("prior", "posterior")
        )
        values = estimate_text(posterior), range_text(prior[0], prior[-1])
        texts = contraction_text(row["contraction"]), *values, row["unit"]
        for x, text in zip(_COLUMNS.values(), texts, strict=True):
            ax.text(x, place, text, va="center", fontsize=style.SMALL)
