"""Figure of synthetic coverage: how often intervals of a fit hold the truth, and how wide."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from calibration.coverage_scores import LOCAL_PARAMETERS, PARAMETERS, TOTAL
from sim.view.balanced_text import balanced
from sim.view.calibration.coverage_table import coverage_table, group_words
from sim.view.nothing import nothing_to_draw
from sim.view.page import new_figure
from sim.view.policy_words import words
from sim.view.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PURPLE,
    VERMILLION,
    in_house_style,
    panel_title,
)

ACCEPTED = {50: (0.42, 0.60), 90: (0.85, 0.96)}
"""Shares of truths inside intervals of 50 and 90 % that the study accepts."""
GOALS = {
    "imported_confirmed_cumulative": 0.20,
    "imported_carriers_stock": 0.20,
    "imported_first_positives": 0.10,
    TOTAL: 0.23,
}
"""Widths of 90 % intervals that the study aims at, relative to the true final count."""

_LEAST = {50: 20.0, 90: 60.0}
"""Percent at which the axes of coverage begin, unless something lies below."""
_ROW, _AROUND = 0.42, 0.8
"""Inches: a quantity, and what is around the rows."""
_LABEL = 24
_APART = 0.24
"""Between the schemes within a row."""
_SCHEMES = {
    "emulator": ("emulator, fresh seeds", ORANGE, "s"),
    "best_of_seeds": ("corrected starts", BLUE, "^"),
    "hybrid": ("chains", VERMILLION, "o"),
}
_OTHERS = ((GREEN, "v"), (PURPLE, "P"), (GREY, "X"))
_NOT_COUNTS = (PARAMETERS, LOCAL_PARAMETERS)
_PALE = "#E4E4E4"
_SUBJECT = "How often the fit's intervals hold the truth"
_TICKS = tuple(m * 10.0**e for e in range(-4, 5) for m in (1, 2, 5))


@in_house_style
def draw_coverage(table: pd.DataFrame) -> Figure:
    """Return the figure: coverage of 50 and of 90 % intervals, and the width of the latter.

    Args:
        table: from ``run_coverage``, a row a data set, scheme and quantity.
    """
    summary = coverage_table(table)
    if summary.empty:
        return nothing_to_draw(_SUBJECT, "there are no synthetic data sets")
    of_schemes = [list(of["group"]) for _, of in summary.groupby("scheme", sort=False)]
    # Chains alone have local quantities, and so the order of all.
    quantities = list(dict.fromkeys([*max(of_schemes, key=len), *summary["group"]]))
    looks = _looks(list(dict.fromkeys(summary["scheme"])))
    sets = int(summary["data_sets"].max())
    fig = new_figure(
        _AROUND + _ROW * len(quantities),
        f"{_SUBJECT}: {sets} synthetic data set{'' if sets == 1 else 's'}",
        "a, b: share of truths whose rank is inside, over parameters or days without a count; "
        f"mean over data sets{'' if sets == 1 else ', bars: one standard error on either side'}. "
        "c: median over data sets; relative to the true final count of confirmed cases, for "
        "entrants to that of entrants, for local cases to their largest count, in the last row to "
        "that of the day.",
        legend=_legend(looks),
    )
    axes: list[Axes] = fig.subplots(1, 3, sharey=True, width_ratios=(1, 1, 1.25)).tolist()
    for ax, level, letter in zip(axes, ACCEPTED, "ab", strict=False):
        _draw_coverage(ax, summary, quantities, looks, level)
        panel_title(ax, letter, f"Inside the {level} % interval")
    _draw_widths(axes[2], summary, quantities, looks)
    panel_title(axes[2], "c", "Width of the 90 % interval")
    labels = [group_words(quantity) for quantity in quantities]
    axes[0].set_yticks(range(len(labels)), [balanced(label, _LABEL) for label in labels])
    axes[0].set_ylim(len(labels) - 0.45, -0.55)
    for ax in axes:
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        for row in range(1, len(labels)):
            ax.axhline(row - 0.5, color=PALE, linewidth=0.4)
    return fig


def _looks(schemes: Sequence[str]) -> dict[str, tuple[str, str, str]]:
    """Return label, colour and marker of each scheme, known ones first."""
    known = {scheme: look for scheme, look in _SCHEMES.items() if scheme in schemes}
    unknown = [scheme for scheme in schemes if scheme not in known]
    others = {
        scheme: (words(scheme), *_OTHERS[number % len(_OTHERS)])
        for number, scheme in enumerate(unknown)
    }
    return {**known, **others}


def _legend(looks: Mapping[str, tuple[str, str, str]]) -> list[Artist]:
    schemes = [
        Line2D([], [], color=color, marker=marker, markersize=4.5, linestyle="none", label=label)
        for label, color, marker in looks.values()
    ]
    return [
        *schemes,
        Patch(color=_PALE, linewidth=0, label="accepted"),
        Line2D([], [], color=GREY, linewidth=0.9, linestyle="--", label="nominal"),
        Line2D([], [], color=BLACK, marker="|", markersize=9, linestyle="none", label="goal"),
    ]


def _draw_coverage(
    ax: Axes,
    summary: pd.DataFrame,
    quantities: Sequence[str],
    looks: Mapping[str, tuple[str, str, str]],
    level: int,
) -> None:
    low, high = ACCEPTED[level]
    ax.axvspan(100 * low, 100 * high, color=_PALE, linewidth=0, zorder=0)
    ax.axvline(level, color=GREY, linewidth=0.9, linestyle="--", zorder=1)
    for scheme, (_, color, marker) in looks.items():
        of_scheme = summary[summary["scheme"] == scheme]
        share = 100 * of_scheme[f"inside_{level}"]
        bar = 100 * of_scheme[f"inside_{level}_se"].fillna(0.0)
        ax.errorbar(
            share,
            _places(of_scheme, quantities, list(looks), scheme),
            # A share ends at 0 and at 100 %.
            xerr=[np.minimum(bar, share), np.minimum(bar, 100 - share)],
            color=color,
            marker=marker,
            markersize=4.5,
            linestyle="none",
            elinewidth=0.9,
            zorder=3,
            clip_on=False,
        )
    bars = summary[f"inside_{level}"] - summary[f"inside_{level}_se"].fillna(0.0)
    ax.set_xlim(min(_LEAST[level], max(-1.0, 100 * float(bars.min()) - 2)), 101)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f} %"))
    ax.set_xlabel("Truths inside")


def _places(
    of_scheme: pd.DataFrame, quantities: Sequence[str], schemes: Sequence[str], scheme: str
) -> list[float]:
    """Return where the rows of a scheme are on the y axis, the schemes below one another."""
    shift = _APART * (schemes.index(scheme) - (len(schemes) - 1) / 2)
    return [quantities.index(quantity) + shift for quantity in of_scheme["group"]]


def _draw_widths(
    ax: Axes,
    summary: pd.DataFrame,
    quantities: Sequence[str],
    looks: Mapping[str, tuple[str, str, str]],
) -> None:
    drawn = summary[~summary["group"].isin(_NOT_COUNTS) & (summary["width_90"] > 0)]
    for scheme, (_, color, marker) in looks.items():
        of_scheme = drawn[drawn["scheme"] == scheme]
        ax.plot(
            of_scheme["width_90"],
            _places(of_scheme, quantities, list(looks), scheme),
            color=color,
            marker=marker,
            markersize=4.5,
            linestyle="none",
        )
    ax.set_xscale("log")
    shown = [goal for quantity, goal in GOALS.items() if quantity in quantities]
    values = np.array([*drawn["width_90"], *shown, 0.1, 1.0])
    ax.set_xlim(values.min() / 1.4, 1.4 * values.max())
    for row, quantity in enumerate(quantities):
        if quantity in GOALS:
            ax.vlines(GOALS[quantity], row - 0.42, row + 0.42, color=BLACK, linewidth=1.2)
        if quantity in _NOT_COUNTS:
            ax.text(
                0.5, row, "not a count", transform=ax.get_yaxis_transform(), ha="center",
                va="center", color=GREY,
            )  # fmt: skip
    ax.xaxis.set_major_locator(FixedLocator(_TICKS))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.set_xlabel("Of the final count (log scale)")
