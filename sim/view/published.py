"""Published numbers beside those of a scenario: a table in the terminal and a figure."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from rich import box
from rich.table import Table

from sim.experiment.half_width import FEWEST
from sim.experiment.published import Reproduced
from sim.scenario.published import Published
from sim.view.axes import name_rows, write_beside
from sim.view.labels import with_minus, wrapped
from sim.view.style import BLUE, GREY, PALE, VERMILLION, in_house_style, new_figure

ERRORS = f"±: standard error of the mean; none from fewer than {FEWEST} runs"
"""What stands behind a mean, and where nothing does."""
_ROW, _AROUND = 0.36, 0.55
_WIDE = 30.0
"""From this ratio of the largest to the smallest number on, the axis is logarithmic."""
_COLUMNS = (8, 78)
"""Points from the axes to the two columns of numbers beside them."""
_NAME = 40
"""Characters of a line of a name."""


def published_table(published: Published, reproduced: Sequence[Reproduced]) -> Table:
    """Return what is published, what the scenario gives and the difference, one row per number."""
    table = Table(
        title=published.study,
        title_justify="left",
        title_style="bold",
        caption=ERRORS if any(np.isnan(row.error) for row in reproduced) else None,
        caption_justify="left",
        box=box.SIMPLE_HEAD,
    )
    table.add_column(published.unit)
    for head in ("published", "simulated", "difference", ""):
        table.add_column(head, justify="right")
    for row in reproduced:
        table.add_row(row.value.what, *cells(row), "" if row.agrees else "[bold]differs[/bold]")
    return table


def cells(row: Reproduced) -> tuple[str, str, str]:
    """Return published number and interval, simulated number and error, and their difference."""
    value = row.value
    published = _text(value.value)
    if value.interval is not None:
        published += f" ({_text(value.interval[0])} to {_text(value.interval[1])})"
    has_error = value.statistic == "mean" and row.error > 0
    # One digit of the error counts, and those that the publication prints; one more without error.
    of_error = int(np.clip(np.ceil(-np.log10(row.error)), 0, 3)) if has_error else 0
    unknown = value.statistic == "mean" and np.isnan(row.error)
    places = max(_decimals(value.value) + unknown, of_error)
    if np.isnan(row.number):
        return published, "no value", ""
    simulated = f"{row.number:,.{places}f}"
    if len(row.known) < len(row.runs):
        simulated += f" (in {len(row.known):,} of {len(row.runs):,} runs)"
    if has_error:
        simulated += f" ± {row.error:,.{places}f}"
    difference = with_minus(f"{row.number - value.value:+,.{places}f}")
    return published, simulated, difference


def _text(number: float) -> str:
    return f"{number:,.{_decimals(number)}f}"


def _decimals(number: float) -> int:
    """Return how many decimals a printed number has."""
    return len(f"{number:.10g}".partition(".")[2])


@in_house_style
def draw_published(published: Published, reproduced: Sequence[Reproduced]) -> Figure:
    """Return the figure: one row per number, the published one with what agrees with it, and ours.

    Args:
        published: the publication.
        reproduced: its numbers, at least one.
    """
    agree = sum(row.agrees for row in reproduced)
    fig = new_figure(
        _AROUND + _ROW * len(reproduced),
        f"{agree} of {len(reproduced)} published numbers are reproduced",
        f"{published.study}. Every simulated number is the mean of the runs with its "
        f"95\N{NO-BREAK SPACE}% confidence interval (Student's t; none from fewer than "
        f"{FEWEST} runs), or the statistic that the publication prints.",
        legend=[
            Patch(color=PALE, label="published interval, or tolerance where none is printed"),
            Line2D([], [], color="white", marker="D", markersize=6, markeredgecolor=GREY,
                   linestyle="none", label="published"),
            Line2D([], [], color=BLUE, marker="o", markersize=4, linestyle="none",
                   label="simulated"),
            *([] if agree == len(reproduced) else [
                Line2D([], [], color=VERMILLION, marker="o", markersize=4, linestyle="none",
                       label="simulated, outside")
            ]),
        ],
    )  # fmt: skip
    ax = fig.add_subplot()
    for place, row in enumerate(reproduced):
        low, high = _agreeing(row)
        ax.barh(place, high - low, left=low, height=0.62, color=PALE)
        ax.plot(row.value.value, place, "D", color="white", markersize=6, markeredgecolor=GREY)
        color = BLUE if row.agrees else VERMILLION
        has_error = row.value.statistic == "mean" and np.isfinite(row.half_width_95)
        error = row.half_width_95 if has_error else 0.0
        ax.hlines(place, row.number - error, row.number + error, color=color, linewidth=1.4)
        ax.plot(row.number, place, "o", color=color, markersize=4)
        for column, text in zip(_COLUMNS, cells(row), strict=False):
            write_beside(ax, place, text, column)
    name_rows(ax, ["\n".join(wrapped(row.value.what, _NAME)) for row in reproduced], spine=True)
    for column, head in zip(_COLUMNS, ("published", "simulated"), strict=True):
        write_beside(ax, -0.75, head, column, GREY)
    ax.margins(x=0.06)
    numbers = np.array([row.value.value for row in reproduced])
    label = published.unit or "each in the unit of its row"
    if (numbers > 0).all() and numbers.max() > _WIDE * numbers.min():
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter("{x:g}")
        label += " (log scale)"
    ax.set_xlabel(label)
    return fig


def _agreeing(row: Reproduced) -> tuple[float, float]:
    """Return the numbers that agree with a published one, from and to."""
    if row.value.interval is not None:
        return row.value.interval
    tolerance = row.value.tolerance or 0.0
    return row.value.value - tolerance, row.value.value + tolerance
