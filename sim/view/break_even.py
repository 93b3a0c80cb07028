"""Figures of rewards for informants: whether they pay, and through what they work."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.experiment.break_even import BreakEven
from sim.view.heat_map import (
    HATCH,
    OUTLINE,
    draw_heat_map,
    fill_cell,
    hatch_cells,
    outline_cells,
)
from sim.view.number_text import about, decimal, whole
from sim.view.page import new_figure
from sim.view.policy_words import words
from sim.view.runs_note import count_of_runs
from sim.view.style import BLACK, GREY, empty_panel, in_house_style, panel_title
from sim.world.draws import BoolArray, FloatArray

_ROW, _AROUND, _LOWEST = 0.36, 1.0, 2.3
"""Inches: a response, what is around the cells, and the least height."""
_LEVELS = np.outer(10.0 ** np.arange(-3, 7), (1, 3)).ravel()
"""Thousand CNY at which a contour may run."""
_SAVES, _NONE = "#F7D9C4", "#E4E4E4"
"""Colours of cells in which a reward saves money, and in which it averts no infection."""
_SWEPT = "Nobody has measured how informants respond (b1): it is swept, not calibrated."


@in_house_style
def draw_break_even(result: BreakEven, worth: float) -> Figure:
    """Return the figure of cost per infection averted, with the region where rewards pay.

    Args:
        result: the grid.
        worth: CNY that an averted infection is worth.
    """
    pays = result.net_benefit(worth) > 0
    unsure = result.certain == 0
    fig = new_figure(
        _height(result),
        _heading(result, pays, worth),
        f"{_what_ran(result)} {_SWEPT} Against the same world without a reward, same seeds. "
        f"Outlined: a reward pays for itself, with {whole(worth)} CNY for an averted infection "
        "(assumption). Hatched: the infections averted cannot be told from nought (95 % confidence "
        "interval of their mean). Thin lines: contours, at the ticks of the colour bar.",
        legend=_legend(result),
    )
    costs, averted = fig.subplots(1, 2)
    _draw_costs(costs, result)
    panel_title(costs, "a", "Cost per infection averted (thousand CNY)")
    draw_heat_map(
        averted, result.averted, _norm(result.averted), result.rewards, result.responses, decimal
    )
    panel_title(averted, "b", "Infections averted a run")
    for ax in (costs, averted):
        hatch_cells(ax, unsure)
        outline_cells(ax, pays)
    return fig


@in_house_style
def draw_deterrence_and_detection(result: BreakEven) -> Figure:
    """Return the figure of attempts deterred and of crossers found through residents."""
    deterred, found = result.deterred, result.found_more
    fig = new_figure(
        _height(result),
        f"The reward deters {_range(deterred)} attempts a run, and residents find "
        f"{_range(found)} crossers more",
        f"{_what_ran(result)} {_SWEPT} Differences from the same world without a reward, same "
        "seeds. Deterred: through the announcement, whose effect is an assumption and does not ask "
        "whether informants respond, and through others who are caught. Found: informants report "
        "or capture those who do cross; whoever is deterred cannot be found.",
    )
    for ax, letter, values, title in zip(
        fig.subplots(1, 2),
        "ab",
        (deterred, found),
        ("Deterrence: attempts fewer than without", "Detection: crossers found by residents, more"),
        strict=True,
    ):
        draw_heat_map(ax, values, _norm(values), result.rewards, result.responses, decimal)
        panel_title(ax, letter, title)
    return fig


def _height(result: BreakEven) -> float:
    return max(_LOWEST, _AROUND + _ROW * len(result.responses))


def _heading(result: BreakEven, pays: BoolArray, worth: float) -> str:
    cells = len(result.cells)
    if not cells:
        return "Rewards for informants: no runs have finished"
    many, enough = f"{pays.sum() or 'none'} of {cells}", f"{whole(worth)} CNY"
    if pays.sum() == cells:
        dearest = float(np.nanmax(result.cost_per_averted, initial=0.0))
        many, enough = f"all {cells}", f"{about(dearest)} CNY or more"
    return f"The reward pays for itself in {many} cases if an averted infection is worth {enough}"


def _what_ran(result: BreakEven) -> str:
    runs = max((len(cell.deterred) for cell in result.cells.values()), default=0)
    offers = result.scenario.policies.rewards
    amounts = " and then ".join(
        f"{whole(offer.report)} CNY a report, {whole(offer.capture)} CNY a capture"
        for offer in offers[:2]
    )
    name = words(result.scenario.name)
    return f"Scenario: {name}; {count_of_runs(runs)} a cell; reward of size 1: {amounts}."


def _legend(result: BreakEven) -> list[Artist]:
    costs = result.cost_per_averted
    fewer = [
        Patch(color=color, linewidth=0, label=label)
        for color, label, occurs in (
            (_SAVES, "saves money", (costs <= 0).any()),
            (_NONE, "no infection averted", (result.averted <= 0).any()),
        )
        if occurs
    ]
    return [
        *fewer,
        Line2D([], [], color=BLACK, linewidth=OUTLINE, label="pays for itself"),
        Patch(
            facecolor="none",
            edgecolor=GREY,
            hatch=HATCH,
            linewidth=0,
            label="infections averted not distinguishable from 0",
        ),
    ]


def _draw_costs(ax: Axes, result: BreakEven) -> None:
    """Draw what an infection averted costs; words stand where a ratio would mislead."""
    costs = result.cost_per_averted / 1000
    dear = np.where(costs > 0, costs, np.nan)
    known = dear[np.isfinite(dear)]
    norm = LogNorm(known.min(), max(known.max(), 1.01 * known.min())) if len(known) else Normalize()
    bar = draw_heat_map(ax, dear, norm, result.rewards, result.responses, _thousands)
    for row, column in result.cells:
        if costs[row, column] <= 0:
            fill_cell(ax, row, column, "saves\nmoney", _SAVES)
        elif not np.isfinite(costs[row, column]):
            fill_cell(ax, row, column, "none\naverted", _NONE)
    levels = _LEVELS[(known.min(initial=np.inf) < _LEVELS) & (known.max(initial=0) > _LEVELS)]
    bar.set_ticks(levels.tolist())
    bar.minorticks_off()
    if len(levels) and min(costs.shape) > 1:
        masked = np.ma.masked_invalid(costs)
        bar.add_lines(ax.contour(masked, levels=levels, colors=GREY, linewidths=0.8))
    if not result.cells:
        empty_panel(ax, "no runs have finished")


def _norm(values: FloatArray) -> Normalize:
    known = values[np.isfinite(values)]
    if not len(known):
        return Normalize(0, 1)
    low = min(0.0, float(known.min()))
    return Normalize(low, max(float(known.max()), low + 0.1))


def _thousands(value: float) -> str:
    return whole(value) if value >= 100 else f"{value:.2g}"


def _range(values: FloatArray) -> str:
    known = values[np.isfinite(values)]
    if not len(known):
        return "an unknown number of"
    low, high = decimal(float(known.min())), decimal(float(known.max()))
    return low if low == high else f"{low} to {high}"
