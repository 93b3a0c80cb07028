"""Figure of days left out of a fit: what the other days predict of them, and what was counted."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from calibration.check import QUANTILES, dates_in
from sim.view.axes import draw_rows, name_rows, short_date, whole_ticks, write_beside
from sim.view.calibration.fit_tables import count_text, count_words
from sim.view.labels import balanced, whole
from sim.view.style import BLUE, VERMILLION, in_house_style, new_figure, nothing_to_draw

_ROW, _AROUND = 0.36, 0.62
"""Inches: a count, and what is around the rows of a day."""
_APART = 0.15
"""Rows between a count or an interval and the middle of both."""
_LABEL = 30
"""Characters in a line of a count's label."""


@in_house_style
def draw_left_out(table: pd.DataFrame) -> Figure:
    """Return the figure, one panel per day or two left out, one row per count.

    Args:
        table: from ``left_out_table``; ``observed_high`` is ``inf`` for a lower bound.
    """
    if table.empty:
        return nothing_to_draw("Days left out of the fit", "no day was left out")
    days = {str(left_out): of_day for left_out, of_day in table.groupby("left_out", sort=True)}
    heights = [_AROUND + _ROW * len(of_day) for of_day in days.values()]
    fig = new_figure(
        sum(heights),
        f"{int(table['inside_90'].sum())} of {len(table)} counts lie in the 90 % predicted by fits "
        "that left them out",
        "Blue: what is predicted to be printed (dot: median, thick: middle 50 %, thin: 90 %). "
        "Diamonds: what was printed, two for an interval, a triangle for a lower bound. The scales "
        "differ.",
    )
    axes = fig.subplots(len(days), 1, squeeze=False, height_ratios=heights).ravel().tolist()
    # Every count is left out once with its own day alone.
    alone = table[table["left_out"].map(dates_in).map(len) == 1]
    day_of = dict(zip(alone["target"], alone["left_out"].map(_named), strict=True))
    for ax, (left_out, of_day) in zip(axes, days.items(), strict=True):
        _draw(ax, of_day)
        labels = [f"{count_words(row)}, {day_of[row['target']]}" for _, row in of_day.iterrows()]
        name_rows(ax, [balanced(label, _LABEL) for label in labels])
        ax.set_title(f"Fitted without {_named(left_out)}")
    axes[-1].set_xlabel("People")
    return fig


def _named(days: str) -> str:
    """Return days of the table, such as 13 Apr and 28 Apr."""
    return " and ".join(map(short_date, dates_in(days)))


def _draw(ax: Axes, of_day: pd.DataFrame) -> None:
    """Draw the counts of one panel, the numbers to the right of the axes."""
    quantiles = of_day[[f"predicted_q{100 * share:02.0f}" for share in QUANTILES]].to_numpy(float)
    draw_rows(ax, np.arange(len(of_day)) + _APART, quantiles.T, BLUE)
    low, _, median, _, high = quantiles.T
    for place, (_, row) in enumerate(of_day.iterrows()):
        printed = row["observed_low"], row["observed_high"]
        ends = sorted({*printed} - {np.inf})
        look = "D-" if np.isfinite(printed[1]) else ">"
        ax.plot(ends, [place - _APART] * len(ends), look, color=VERMILLION, markersize=5)
        predicted = f"{whole(median[place])} ({whole(low[place])} to {whole(high[place])})"
        write_beside(ax, place, f"printed {count_text(*printed)}; predicted {predicted}", 6)
    observed = of_day[["observed_low", "observed_high"]].to_numpy(float)
    ax.set_xlim(0, 1.04 * max(1.0, high.max(), observed[np.isfinite(observed)].max()))
    whole_ticks(ax.xaxis)
