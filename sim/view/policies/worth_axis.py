"""What figures of a decision share: the axis of worths, and the line of the policy to choose."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from sim.experiment.comparison import Comparison
from sim.experiment.decision import WorthCurves
from sim.view.direct_labels import line_of
from sim.view.number_text import whole
from sim.view.policies.look import PolicyLook
from sim.view.policy_words import words
from sim.view.style import PALE
from sim.world.draws import FloatArray


def pairs_note(comparison: Comparison) -> str:
    """Return what every figure of a decision is drawn from, in two sentences."""
    pairs = "One pair" if comparison.pairs == 1 else f"{whole(comparison.pairs)} pairs"
    return (
        f"{pairs}, each with the same parameters and random numbers under every policy. Unit costs "
        "are assumptions."
    )


def benefit_note(comparison: Comparison) -> str:
    """Return what a net benefit is, in a sentence."""
    return (
        "Net benefit: worth of the community infections averted less extra cost, against "
        f"{words(comparison.baseline.name)}."
    )


def envelope_look(label: str) -> Line2D:
    """Return the broad pale line that follows the chosen policy."""
    return Line2D([], [], color=PALE, linewidth=6, solid_capstyle="butt", label=label)


def draw_envelope(ax: Axes, curves: WorthCurves, values: FloatArray) -> None:
    """Draw the broad pale line below ``values``, shape (worths,), broken where the choice changes.

    It runs below the lines of the policies.
    """
    starts = np.flatnonzero(np.diff(curves.chosen)) + 1
    for worths, part in zip(np.split(curves.worths, starts), np.split(values, starts), strict=True):
        line = envelope_look("")
        line.set_data(worths, part)
        line.set_zorder(0.8)
        ax.add_line(line)


def draw_over_worths(
    ax: Axes, worths: FloatArray, values: FloatArray, looks: Sequence[PolicyLook]
) -> None:
    """Draw a line a policy over the worths, with its markers at places of its own.

    Args:
        ax: where to draw.
        worths: CNY, shape (worths,).
        values: shape (worths, policies).
        looks: of the policies.
    """
    ax.set_xscale("log")
    ax.set_xlim(float(worths[0]), float(worths[-1]))
    step = len(worths) // 8
    for policy, look in enumerate(looks):
        first = policy * step // len(looks)
        ax.plot(worths, values[:, policy], markevery=(first, step), clip_on=False, **line_of(look))


def millions(value: float) -> str:
    """Return a tick's value in CNY as millions."""
    return f"{value / 1e6:,g}".replace("-", "\N{MINUS SIGN}")


def label_worths(ax: Axes) -> None:
    """Label the axis of worths."""
    low, high = np.log10(ax.get_xlim())
    ax.xaxis.set_major_locator(FixedLocator((10.0 ** np.arange(low, high + 0.5)).tolist()))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: whole(value)))
    ax.set_xlabel("Worth of an averted infection (CNY, log scale)")
