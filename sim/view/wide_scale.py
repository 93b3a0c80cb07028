"""Axes for values of very different size: linear near zero, logarithmic beyond."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axis import Axis, XAxis
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

_WIDE = 4.0
"""Linear axes are kept up to this ratio between the largest and the smallest curve."""

_NEAREST = 0.12
"""Share of an x axis within which a tick would be written into that of zero."""


def is_wide(sizes: Sequence[float]) -> bool:
    """Tell whether a linear axis would squash the smallest of ``sizes`` (zeros aside)."""
    of_note = [abs(size) for size in sizes if size]
    return bool(of_note) and max(of_note) > _WIDE * min(of_note)


def linear_up_to(sizes: Sequence[float]) -> float:
    """Return the power of ten, at least 1, below the smallest of ``sizes`` (zeros aside)."""
    smallest = min(abs(size) for size in sizes if size)
    return float(10.0 ** max(0, int(np.floor(np.log10(smallest)))))


def set_wide_ticks(
    axis: Axis,
    low: float,
    high: float,
    threshold: float,
    *,
    most: int,
    text: Callable[[float], str],
    fine: bool = False,
) -> None:
    """Put ticks at zero and at powers of ten, at most ``most`` of these on either side.

    On an x axis those are left out that would be written into the zero.

    Args:
        axis: a symlog axis.
        low: lowest value shown.
        high: highest value shown.
        threshold: up to which the axis is linear.
        most: number of powers of ten on one side of zero.
        text: writes a tick's value.
        fine: put ticks at 3, 30, ... too.
    """
    ticks = [0.0]
    for sign, end in ((-1.0, -low), (1.0, high)):
        if end >= threshold:
            powers = 10.0 ** np.arange(np.log10(threshold), np.floor(np.log10(end)) + 1)
            chosen = powers[::-1][:: -(-len(powers) // most)]
            if fine and len(chosen) == len(powers):
                chosen = np.outer(powers, (1, 3)).ravel()
            ticks += [sign * tick for tick in chosen.tolist() if tick <= end]
    if isinstance(axis, XAxis):
        ticks = [0.0, *(tick for tick in ticks if _from_zero(axis, tick, low, high) > _NEAREST)]
    axis.set_major_locator(FixedLocator(sorted(ticks)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _: text(value)))


def _from_zero(axis: Axis, tick: float, low: float, high: float) -> float:
    """Return how far a tick is from zero, as a share of the axis."""
    zero, at, first, last = axis.get_transform().transform(np.array([0.0, tick, low, high]))
    return float(abs(at - zero) / (last - first))
