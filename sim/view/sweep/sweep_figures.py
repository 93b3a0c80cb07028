"""All figures of a sweep, and their files: which kind it has."""

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from sim.experiment.sweep.loader import Plan
from sim.experiment.sweep.schema import Grid
from sim.view.run_figures import save_all
from sim.view.style import nothing_to_draw
from sim.view.sweep.heat_map import draw_heat_map
from sim.view.sweep.lines import draw_lines
from sim.view.sweep.tornado import draw_tornado
from sim.view.sweep.words import rows_of
from sim.view.words import words


def draw_sweep(plan: Plan, summary: pd.DataFrame) -> dict[str, Figure]:
    """Return the figures of a sweep by file name, none if no point has a finished run.

    A grid of one factor has lines, one of two a heat map for each policy. More factors, and
    designs that are no grid, have a tornado for each policy.

    Args:
        plan: the sweep.
        summary: as ``SweepResults.summary`` makes it.
    """
    if not len(summary) or not (summary["point"] >= 0).any():
        return {}
    if "difference_median" not in summary or summary["difference_median"].isna().all():
        why = "no run at a point has the same parameters and seed as one of the reference"
        return {"sweep": nothing_to_draw(words(plan.sweep.name), why)}
    grid = isinstance(plan.sweep.design, Grid)
    if grid and len(plan.factors) == 1:
        return {"lines": draw_lines(plan, summary)}
    two = grid and len(plan.factors) == 2
    kind, draw = ("heat_map", draw_heat_map) if two else ("tornado", draw_tornado)
    return {
        f"{kind}_{policy.name}" if len(plan.policies) > 1 else kind: draw(plan, summary, number)
        for number, policy in enumerate(plan.policies)
        if len(rows_of(plan, summary, number))
    }


def write_sweep_figures(plan: Plan, summary: pd.DataFrame, folder: Path) -> list[Path]:
    """Write the figures of a sweep and return their paths."""
    return save_all(draw_sweep(plan, summary), folder)
