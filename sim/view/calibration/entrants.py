"""Panel of entrants against the share of them that was infected, a dot a member of an ensemble."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from scipy import stats

from sim.view.number_text import whole
from sim.view.style import BLUE, GREY, SMALL, empty_panel
from sim.world.draws import FloatArray

FEWEST = 3
"""Members from which on there are correlations and lines."""
DOTS: dict[str, Any] = {"s": 9, "linewidth": 0, "alpha": 0.55, "color": BLUE}
"""How members are drawn."""
ROUND = np.outer(10.0 ** np.arange(-6, 7), (1, 2, 5)).ravel()
"""Where a logarithmic axis may have ticks."""
_ROOM, _TICKED, _MOST = 1.25, 2.6, 105.0
"""Room around the dots, the least range that is sure to have a tick, and most percent shown."""


def rank_correlation(arrivals: FloatArray, prevalence: FloatArray) -> float | None:
    """Return Spearman's correlation of members, None where there is none; see ``draw_entrants``."""
    there = np.isfinite(arrivals) & np.isfinite(prevalence)
    x, y = arrivals[there], prevalence[there]
    if len(x) < FEWEST or not np.ptp(x) or not np.ptp(y):
        return None
    return float(stats.spearmanr(x, y).statistic)


def has_lines(arrivals: FloatArray, prevalence: FloatArray) -> bool:
    """Tell whether scales are logarithmic, with lines of as many infected: nothing is zero."""
    there = np.isfinite(arrivals) & np.isfinite(prevalence)
    return bool(there.sum() >= FEWEST and min(arrivals[there].min(), prevalence[there].min()) > 0)


def draw_entrants(ax: Axes, arrivals: FloatArray, prevalence: FloatArray) -> None:
    """Draw the members, on logarithmic scales if there are some and none is zero.

    Args:
        ax: where to draw.
        arrivals: people who entered, shape (members,).
        prevalence: share infected among them, from 0 to 1, shape (members,); nan where nobody
            entered.
    """
    ax.set_xlabel("People who entered")
    ax.set_ylabel("Infected among them (%)")
    there = np.isfinite(arrivals) & np.isfinite(prevalence)
    x, y = arrivals[there], 100 * prevalence[there]
    if not len(x) or not x.any():
        empty_panel(ax, "nobody entered")
        return
    ax.scatter(x, y, **DOTS)
    if has_lines(x, y):
        _on_log_scales(ax, x, y)
        _draw_products(ax, x * y / 100)
    else:
        ax.set_xlim(0, 1.05 * x.max())
        ax.set_ylim(0, max(1.0, 1.05 * y.max()))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: _plain(value)))


def _plain(value: float) -> str:
    return whole(value) if value >= 10 or value == round(value) else f"{value:g}"


def _on_log_scales(ax: Axes, x: FloatArray, y: FloatArray) -> None:
    """Give both axes a logarithmic scale with room around the dots, and for a tick at least."""
    ax.set_xscale("log")
    ax.set_yscale("log")
    around_x, around_y = (max(_ROOM, np.sqrt(_TICKED * of.min() / of.max())) for of in (x, y))
    ax.set_xlim(x.min() / around_x, x.max() * around_x)
    ax.set_ylim(y.min() / around_y, min(y.max() * around_y, _MOST))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(FixedLocator(ROUND.tolist()))
        axis.set_minor_locator(NullLocator())


def _draw_products(ax: Axes, infected: FloatArray) -> None:
    """Draw lines along which as many entrants are infected as in 5 and in 95 % of the members."""
    left, right = ax.get_xlim()
    fewest, most = np.quantile(infected, (0.05, 0.95)).round().tolist()
    # The lower line is named below itself, the upper one above: away from the dots.
    named = {fewest: (0.3, -2, "right", "top"), most: (0.6, 2, "left", "bottom")}
    for number, (along, off, ha, va) in named.items():
        ends = np.array([left, right])
        ax.plot(
            ends, 100 * number / ends, color=GREY, linewidth=0.7, linestyle="--", zorder=0.5,
            scalex=False, scaley=False,
        )  # fmt: skip
        x = left * (right / left) ** along
        ax.annotate(
            f"{whole(number)} infected",
            (x, 100 * number / x),
            (off, off),
            textcoords="offset points",
            ha=ha,
            va=va,
            fontsize=SMALL,
            color=GREY,
        )
