"""Figure of infected entrants who are never found: by cause, and how many entered."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from calibration.check import QUANTILES
from calibration.undetected import SHARE
from sim.experiment.replicates import Replicates
from sim.view import style
from sim.view.axes import draw_rows, name_rows, whole_ticks, write_beside
from sim.view.labels import whole, with_minus
from sim.world.draws import FloatArray

_ROW, _AROUND = 0.3, 0.8
"""Inches: a row, and what is around the rows."""
_WIDTHS = (1.0, 1.5)
"""Of causes and of entrants, relative to each other."""
_NEVER = "undetected_entrants"
_SUBJECT = "Infected entrants who are never found"
_KINDS = {
    "same_size": (style.ORANGE, "priors alone, runs with about as many positives", -0.16),
    "posterior": (style.BLUE, "fitted to the counts", 0.16),
}
"""Colour, name, and place within a row."""


@style.in_house_style
def draw_undetected(table: pd.DataFrame, replicates: Replicates, place: str) -> Figure:
    """Return the figure: shares by cause, prior above posterior, and entrants by infected share.

    Args:
        table: from ``undetected_table``.
        replicates: runs of the ensemble.
        place: whose entrants are counted.
    """
    shares = table[table["unit"] == SHARE].set_index("outcome").loc[_NEVER:]
    quantiles = {
        kind: 100 * shares[[f"{kind}_q{100 * q:02.0f}" for q in QUANTILES]].to_numpy(np.float64)
        for kind in _KINDS
    }
    if np.isnan([of[0, 0] for of in quantiles.values()]).any():
        return style.nothing_to_draw(_SUBJECT, "no runs of the same size have infected entrants")
    before, after = (_range(quantiles[kind][0]) for kind in _KINDS)
    entered, infected = (
        replicates.series(f"{series}_cumulative", place)[:, -1].astype(np.float64)
        for series in ("entrants", "entrants_infected")
    )
    fig = style.new_figure(
        _AROUND + _ROW * len(shares),
        f"{after} % of infected entrants are never found; the priors alone say {before} %",
        "a: of infected people who crossed into the country, at a port or away from it, without "
        "those undecided at the end; dot: median, thick: middle 50 %, thin: 90 %; numbers: fitted "
        "median (90 %). Orange: runs from the priors with up to twice or half as many positives. "
        "b: one dot per fitted run; dashed: equal numbers infected, the 5th and 95th percentile.",
        legend=[
            Line2D([], [], color=color, linewidth=3, label=name)
            for color, name, _ in _KINDS.values()
        ],
    )
    causes, entrants = fig.subplots(1, 2, width_ratios=_WIDTHS)
    _draw_causes(causes, quantiles)
    name_rows(causes, [str(of).capitalize() for of in shares["meaning"]])
    style.panel_title(causes, "a", "Why they are not found")
    _draw_entrants(entrants, entered, infected)
    return fig


def _range(quantiles: FloatArray) -> str:
    """Return the 90 % interval."""
    return f"{whole(quantiles[0])} to {whole(quantiles[-1])}"


def _draw_causes(ax: Axes, quantiles: dict[str, FloatArray]) -> None:
    """Draw quantiles by kind of runs, shape (causes, quantiles) each."""
    for kind, (color, _, shift) in _KINDS.items():
        draw_rows(ax, np.arange(len(quantiles[kind])) + shift, quantiles[kind].T, color, 3.4)
    for row, of in enumerate(quantiles["posterior"]):
        text = f"{whole(of[2])} % ({_range(of)})" if of[-1] >= 0.5 else "0 %"
        write_beside(ax, row, text)
    ax.set_xlim(-2, 102)
    ax.xaxis.set_major_formatter("{x:.0f} %")
    ax.set_xlabel("Of infected entrants")


def _draw_entrants(ax: Axes, entered: FloatArray, infected: FloatArray) -> None:
    """Draw how many entered against the share infected, with lines of equal numbers infected."""
    style.panel_title(ax, "b", "Who entered")
    ax.set_xlabel("People who entered")
    ax.set_ylabel("Infected among them (%)")
    there = entered > 0
    x, y = entered[there], 100 * infected[there] / entered[there]
    if not len(x):
        style.empty_panel(ax, "nobody entered")
        return
    ax.scatter(x, y, s=9, linewidth=0, alpha=0.55, color=style.BLUE)
    ax.set_xlim(0, 1.05 * x.max())
    ax.set_ylim(0, max(1.0, 1.05 * y.max()))
    whole_ticks(ax.xaxis, most=5)
    across = np.linspace(1, 1.05 * x.max(), 200)
    for number in np.quantile(infected, (0.05, 0.95)):
        ax.plot(across, 100 * number / across, color=style.GREY, linewidth=0.7, linestyle="--")
    correlation = pd.DataFrame([x, y]).T.corr("spearman", min_periods=3).to_numpy()[0, 1]
    if not np.isnan(correlation):
        ax.set_title(f"Who entered (rank correlation {with_minus(f'{correlation:.2f}')})")
