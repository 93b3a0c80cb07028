"""Figure of undetected infections by cause: what the priors say alone, and with the counts."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from calibration.check import QUANTILES
from calibration.undetected import PEOPLE, SHARE
from sim.view.nothing import nothing_to_draw
from sim.view.number_text import whole
from sim.view.page import new_figure
from sim.view.style import BLUE, GREY, ORANGE, SMALL, in_house_style, panel_title
from sim.view.wide_scale import set_wide_ticks
from sim.world.draws import FloatArray

_ROW, _AROUND = 0.36, 0.62
"""Inches: a row, and what is around the rows."""
_APART = 0.25
"""Rows between two intervals of an outcome."""
_WIDTHS = (1.3, 1.0, 1.5)
"""Of people, shares and numbers, relative to each other."""
_COLUMNS = ((0.0, "same_size"), (0.53, "posterior"))
"""Where the columns of numbers are, and of what."""
_NEVER = "undetected_entrants"
_SUBJECT = "Undetected infections by cause"
_COLORS = {"prior": GREY, "same_size": ORANGE, "posterior": BLUE}
_NAMES = {"prior": "prior", "same_size": "prior, same size", "posterior": "posterior"}


@in_house_style
def draw_undetected(table: pd.DataFrame) -> Figure:
    """Return the figure, one row per outcome, the prior above the posterior.

    Args:
        table: from ``undetected_table``.
    """
    shares = table[table["unit"] == SHARE].set_index("outcome")
    never = table[(table["unit"] == SHARE) & (table["outcome"] == _NEVER)].iloc[0]
    if pd.isna([never[f"{of}_q50"] for of in _COLORS]).any():
        return nothing_to_draw(_SUBJECT, "no runs of the same size have infected entrants")
    people = table[table["unit"] == PEOPLE].set_index("outcome")
    outcomes = [str(outcome) for outcome in people.index]
    fig = new_figure(
        _AROUND + _ROW * (len(people) + 0.6),
        _heading(never),
        "Infected people who crossed into the country, at a port or away from it. Prior: runs "
        "with parameters from their priors. Same size: those of them in which about as many "
        "tested positive (within a factor of two). Posterior: pairs fitted to the counts. Shares "
        "leave out those who are undecided at the end. Numbers: median share (90 %).",
        legend=_legend(),
    )
    for_people, for_shares, numbers = fig.subplots(1, 3, width_ratios=_WIDTHS, sharey=True)
    _draw(for_people, outcomes, people)
    _scale_people(for_people, people)
    panel_title(for_people, "a", "People")
    _draw(for_shares, outcomes, 100 * _quantiles_only(shares))
    for_shares.set_xlim(-2, 102)
    for_shares.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f} %"))
    for_shares.set_xlabel("Of infected entrants")
    panel_title(for_shares, "b", "Shares")
    labels = [str(meaning).capitalize() for meaning in people["meaning"]]
    for_people.set_yticks(range(len(labels)), labels)
    for ax in (for_people, for_shares):
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
    for_shares.tick_params(axis="y", labelleft=False)
    for_people.set_ylim(len(labels) - 0.4, -1.0)
    _write_numbers(numbers, outcomes, shares)
    return fig


def _heading(never: pd.Series) -> str:
    """Return what the counts leave open, and the priors alone."""
    ends = {of: [_whole_percent(never[f"{of}_q{q}"]) for q in ("05", "95")] for of in _COLORS}
    low, high = ends["posterior"]
    before = " to ".join(ends["same_size"])
    return (
        f"The counts leave open whether {low} or {high} of infected entrants are never found; "
        f"the priors alone, with about as many positives: {before}"
    )


def _whole_percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _percent(row: pd.Series, of: str) -> str:
    """Return the median with its 90 % interval, in percent."""
    low, median, high = (100 * float(row[f"{of}_q{share}"]) for share in ("05", "50", "95"))
    return f"{median:.0f} % ({low:.0f} to {high:.0f})"


def _quantiles_only(table: pd.DataFrame) -> pd.DataFrame:
    return table[[f"{of}_q{100 * share:02.0f}" for of in _COLORS for share in QUANTILES]]


def _legend() -> list[Artist]:
    return [
        *(
            Line2D([], [], color=color, linewidth=3, label=_NAMES[of])
            for of, color in _COLORS.items()
        ),
        Line2D([], [], color=GREY, linewidth=3, label="50 %"),
        Line2D([], [], color=GREY, linewidth=1, label="90 %"),
        Line2D(
            [], [], color="white", marker="o", markersize=4, markeredgecolor=GREY,
            linestyle="none", label="median",
        ),
    ]  # fmt: skip


def _draw(ax: Axes, outcomes: Sequence[str], table: pd.DataFrame) -> None:
    """Draw the intervals of prior and posterior, of the outcomes that the table has."""
    for outcome, row in table.iterrows():
        place = outcomes.index(str(outcome))
        for (of, color), side in zip(_COLORS.items(), (-_APART, 0.0, _APART), strict=True):
            low, lower, median, upper, high = _quantiles(row, of)
            y = place + side
            ax.hlines(y, low, high, color=color, linewidth=0.9)
            ax.hlines(y, lower, upper, color=color, linewidth=2.6)
            ax.plot(median, y, "o", color="white", markersize=3.4, markeredgecolor=color, zorder=3)


def _quantiles(row: pd.Series, of: str) -> FloatArray:
    return np.array([float(row[f"{of}_q{100 * share:02.0f}"]) for share in QUANTILES])


def _scale_people(ax: Axes, people: pd.DataFrame) -> None:
    """Show zero, and sizes that differ by orders of magnitude."""
    high = max(1.0, float(_quantiles_only(people).to_numpy().max()))
    ax.set_xscale("symlog", linthresh=1.0)
    ax.set_xlim(-0.2, 1.5 * high)
    set_wide_ticks(ax.xaxis, -0.2, 1.5 * high, 1.0, most=5, text=whole)
    ax.set_xlabel("People (logarithmic above 1)")


def _write_numbers(ax: Axes, outcomes: Sequence[str], shares: pd.DataFrame) -> None:
    ax.set_axis_off()
    ax.set_xlim(0, 1)
    for x, of in _COLUMNS:
        ax.text(x, -0.75, _NAMES[of], va="center", fontsize=SMALL, color=_COLORS[of])
        for outcome, row in shares.iterrows():
            place = outcomes.index(str(outcome))
            ax.text(x, place, _percent(row, of), va="center", fontsize=SMALL)
