"""Figure of the cross-check: distributions of final size and peak day, one line per engine."""

from collections.abc import Mapping
from itertools import chain
from string import ascii_lowercase

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from benchmarks.agreement import LARGE
from benchmarks.exact_outbreak import final_share
from benchmarks.kept_outbreaks import Outbreaks
from benchmarks.town_outbreak import TOWN, Setting, scenario_of
from sim.view.labels import whole
from sim.view.style import BLUE, GREY, ORANGE, PALE, SMALL, in_house_style, new_figure, panel_title

_LOOKS = {
    "contact by contact": {"color": PALE, "linewidth": 4.0},
    "bordersim": {"color": BLUE, "linewidth": 1.2},
    "Starsim": {"color": ORANGE, "linewidth": 1.2, "linestyle": (0, (4, 2))},
}
_HEADING = "Outbreaks in a town: final size and peak day in bordersim, Starsim and theory"
_HEIGHT = 4.2


@in_house_style
def draw_cross_check(outbreaks: Mapping[Setting, Mapping[str, Outbreaks]]) -> Figure:
    """Return the figure: one column per reproduction number, sizes above and peak days below."""
    alike = [setting for setting in outbreaks if setting.dispersion is None]
    numbers = sorted({setting.reproduction for setting in alike})
    fig = new_figure(
        _HEIGHT,
        _HEADING,
        "Share of the large outbreaks up to a size or a day. Sizes: 5 residents infected at the "
        "start, and dotted the closed form. Peak days: 1, 5 and 20 infected at the start, as "
        "written beside the lines.",
        legend=[Line2D([], [], label=name, **look) for name, look in _LOOKS.items()],
    )
    grid = fig.subplots(2, len(numbers), sharey=True)
    letters = iter(ascii_lowercase)
    for row, what in enumerate(("final size", "peak day")):
        for ax, number in zip(grid[row], numbers, strict=True):
            of_number = [setting for setting in alike if setting.reproduction == number]
            panel_title(ax, next(letters), f"R = {number:g}: {what}")
            for setting in of_number:
                _draw(ax, setting, outbreaks[setting], sizes=row == 0)
    for ax in grid[:, 0]:
        ax.set_ylabel("Share of large outbreaks")
    for ax in chain.from_iterable(grid):
        ax.set_ylim(0, 1.02)
        ax.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: whole(value)))
    for ax in grid[0]:
        ax.set_xlabel("People infected")
    for ax in grid[1]:
        ax.set_xlabel("Day of most infections")
    return fig


def _draw(ax: Axes, setting: Setting, by_engine: Mapping[str, Outbreaks], *, sizes: bool) -> None:
    people = scenario_of(setting).residents[TOWN].people
    expected = people * final_share(people, setting)
    if sizes and setting.seeds != 5:
        return  # sizes hardly depend on the seeds: one line stands for all
    for name, look in _LOOKS.items():
        large = by_engine[name].large(LARGE * expected)
        values = np.sort(large.sizes if sizes else large.peaks)
        ax.step(values, (np.arange(len(values)) + 1) / len(values), where="post", **look)
    if sizes:
        ax.axvline(expected, color=GREY, linewidth=0.8, linestyle=":")
    else:
        at = float(np.median(by_engine["contact by contact"].large(LARGE * expected).peaks))
        ax.annotate(
            str(setting.seeds),
            (at, 0.5),
            (6, -3),
            textcoords="offset points",
            fontsize=SMALL,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )
