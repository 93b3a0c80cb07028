"""Fan chart: a daily series under each policy, median and bands by day, beside the baseline's."""

from string import ascii_lowercase

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.experiment.comparison import Comparison
from sim.experiment.paired_statistics import PairedStatistics
from sim.view.axes import count_axis, date_axis, draw_bands, legend_of_bands, positions
from sim.view.labels import interval, shortened, signed
from sim.view.policies.look import finding, policy_looks
from sim.view.style import BLACK, in_house_style, new_figure, panel_title
from sim.view.words import count_of_runs, series_words, words

_ROW, _FEW, _NAME = 1.7, 4, 38
"""Inches of a row; policies in two columns, more have three; characters of a name in both."""
_TICKS = 4
"""Most dates below a panel."""


@in_house_style
def draw_fan_chart(
    comparison: Comparison,
    series: str = "imported_confirmed_new",
) -> Figure:
    """Return the figure, one panel per policy, all with the same axes.

    Args:
        comparison: policies with at least one pair of runs.
        series: of the surveillance, summed over the regions; best one of new counts a day.
    """
    names = [words(policy.name) for policy in comparison.policies]
    calendars = [policy.scenario.calendar for policy in comparison.policies]
    curves = [comparison.curves(policy, series) for policy in range(len(names))]
    peaks = [of.max(axis=1).astype(np.float64) for of in curves]
    differences = [PairedStatistics.of(of, peaks[0]) for of in peaks]
    counted = series_words(series)
    across = min(len(names), 2 if len(names) <= _FEW else 3)
    down = -(-len(names) // across)
    reference = Line2D([], [], color=BLACK, linestyle="--", linewidth=0.8)
    reference.set_label(f"median of {names[0]}")
    fig = new_figure(
        _ROW * down,
        finding(f"Highest day of {counted}", names, differences[1:], signed),
        f"{count_of_runs(comparison.pairs).capitalize()} per policy, the same parameters and "
        "random numbers under each. Bands: quantiles day by day. In numbers: the highest day of "
        f"a run, median (90 %), and its paired difference from {names[0]}.",
        [*legend_of_bands(comparison.pairs), reference],
    )
    axes = fig.subplots(down, across, squeeze=False, sharex=True, sharey=True).ravel()
    median = np.median(curves[0], axis=0)
    for number, (ax, look) in enumerate(zip(axes, policy_looks(len(names)), strict=False)):
        draw_bands(ax, positions(calendars[number]), curves[number], look.color)
        said = f"highest day {interval(peaks[number])}"
        if number:
            ax.plot(positions(calendars[0]), median, "--", color=BLACK, linewidth=0.8)
            said += f"; {signed(differences[number].median)}"
        name = shortened(names[number], _NAME * 2 // across)
        panel_title(ax, ascii_lowercase[number % 26], f"{name}\n{said}")
    for ax in axes[len(names) :]:
        ax.remove()
    shown = axes[: len(names)]
    date_axis(shown[0], min(of.start for of in calendars), max(of.end for of in calendars))
    count_axis(shown[0], "")
    ticks, dates = shown[0].get_xticks(), shown[0].get_xlabel()
    for place, ax in enumerate(shown):
        ax.set_xticks(ticks[:: -(-len(ticks) // _TICKS)])
        ax.set_xlabel(dates if place + across >= len(names) else "")
        ax.tick_params(labelbottom=place + across >= len(names))
        ax.set_ylabel(counted.capitalize() if place % across == 0 else "")
    return fig
