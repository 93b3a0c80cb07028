"""Figure of what scenarios cost, and of what an averted infection costs."""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.pairs import FEWEST
from sim.experiment.replicates import Replicates
from sim.view.cost_parts import COLORS, LOCKDOWN, cost_groups
from sim.view.cost_table import write_cost_table
from sim.view.number_text import million
from sim.view.page import new_figure
from sim.view.runs_note import count_of_runs, scenario_label
from sim.view.style import SMALL, empty_panel, in_house_style, panel_title

_ROW, _AROUND = 0.27, 0.78
"""Inches: one scenario, and what is around the rows of a panel."""


@in_house_style
def draw_costs(all_replicates: Sequence[Replicates]) -> Figure:
    """Return the figure.

    Args:
        all_replicates: scenarios with finished runs, the reference first; what an averted
            infection costs is shown where there are at least two.
    """
    reference, *others = all_replicates
    bills = cost_groups(all_replicates)
    names = [scenario_label(replicates) for replicates in all_replicates]
    shown = [name for name in COLORS if any(bill.get(name) for bill in bills)]
    with_lockdown = LOCKDOWN in shown and len(shown) > 1
    bars = _AROUND + _ROW * len(names)
    heights = [bars, *([bars] if with_lockdown else [])]
    table = [_AROUND + _ROW * len(others)] if others else []
    runs = max(len(replicates.results) for replicates in all_replicates)
    fig = new_figure(
        sum(heights + table),
        _heading(names, [sum(bill.values()) for bill in bills], bills[0]),
        f"{count_of_runs(runs).capitalize()} a scenario; means of the runs. Unit costs are those "
        f"of each run; what a scenario leaves out costs nothing.{_how_averted(reference, others)}",
        legend=[Patch(color=COLORS[name], linewidth=0, label=name) for name in shown],
    )
    pages = fig.add_gridspec(len(heights + table), 1, height_ratios=heights + table)
    ax = fig.add_subplot(pages[0])
    panel_title(ax, "a", "Total cost (million CNY)")
    _draw_stacks(ax, names, bills)
    if with_lockdown:
        ax = fig.add_subplot(pages[1])
        panel_title(ax, "b", "Without the lockdown (million CNY)")
        rest = [{k: cost for k, cost in bill.items() if k != LOCKDOWN} for bill in bills]
        _draw_stacks(ax, names, rest)
    if others:
        ax = fig.add_subplot(pages[len(heights)])
        panel_title(ax, "abc"[len(heights)], f"Against {names[0]}, same seeds")
        write_cost_table(ax, reference, others)
    return fig


def _heading(names: Sequence[str], totals: Sequence[float], first: Mapping[str, float]) -> str:
    if not any(totals):
        return "Costs: nothing has a price in these scenarios"
    if len(names) == 1:
        largest = max(first, key=lambda name: first[name])
        share = 100 * first[largest] / totals[0]
        return f"Costs: {million(totals[0])} million CNY a run, {share:.0f} % of them {largest}"
    low, high = int(np.argmin(totals)), int(np.argmax(totals))
    return (
        f"Costs from {million(totals[low])} ({names[low]}) to {million(totals[high])} million CNY "
        f"({names[high]})"
    )


def _how_averted(reference: Replicates, others: Sequence[Replicates]) -> str:
    if not others:
        return ""
    return (
        " Averted: community infections behind the border, travellers and residents, fewer than in "
        f"{scenario_label(reference)}; ± half the 95 % confidence interval, none from fewer than "
        f"{FEWEST} pairs. Cost per infection "
        "averted: from the totals of all pairs of runs; uncertain: what is averted cannot be told "
        "from zero."
    )


def _draw_stacks(ax: Axes, names: Sequence[str], bills: Sequence[Mapping[str, float]]) -> None:
    """Draw a row a scenario, with its total beside it."""
    highest = 0.0
    for row, bill in enumerate(bills):
        left = 0.0
        for name, cost in bill.items():
            ax.barh(row, cost, left=left, color=COLORS[name], height=0.7)
            left += cost
        ax.annotate(
            million(left), (left, row), (4, 0), textcoords="offset points", va="center",
            fontsize=SMALL,
        )  # fmt: skip
        highest = max(highest, left)
    ax.set_yticks(range(len(names)), [textwrap.fill(name, 26) for name in names])
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.set_ylabel("Scenario")
    ax.set_xlim(0, 1.12 * highest or 1.0)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / 1e6:,g}"))
    ax.set_xlabel("Million CNY a run")
    if not highest:
        empty_panel(ax, "nothing has a price")
