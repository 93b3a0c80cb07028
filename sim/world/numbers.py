"""Functions of numbers that compiled rules need.

They use the ``math`` module, not NumPy, whose ``log`` and ``exp`` differ by a unit in the last
place between processors.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.world.compiled import compiled
from sim.world.state import Floats, Ints

_LARGEST_EXPONENT = 700.0
"""Beyond it the exponential function overflows."""

# Wichura 1988, Algorithm AS 241, Applied Statistics 37:477, highest power first.
_MIDDLE = (
    2.5090809287301226727e3,
    3.3430575583588128105e4,
    6.7265770927008700853e4,
    4.5921953931549871457e4,
    1.3731693765509461125e4,
    1.9715909503065514427e3,
    1.3314166789178437745e2,
    3.3871328727963666080e0,
)
_BELOW_MIDDLE = (
    5.2264952788528545610e3,
    2.8729085735721942674e4,
    3.9307895800092710610e4,
    2.1213794301586595867e4,
    5.3941960214247511077e3,
    6.8718700749205790830e2,
    4.2313330701600911252e1,
    1.0,
)
_SIDE = (
    7.74545014278341407640e-4,
    2.27238449892691845833e-2,
    2.41780725177450611770e-1,
    1.27045825245236838258e0,
    3.64784832476320460504e0,
    5.76949722146069140550e0,
    4.63033784615654529590e0,
    1.42343711074968357734e0,
)
_BELOW_SIDE = (
    1.05075007164441684324e-9,
    5.47593808499534494600e-4,
    1.51986665636164571966e-2,
    1.48103976427480074590e-1,
    6.89767334985100004550e-1,
    1.67638483018380384940e0,
    2.05319162663775882187e0,
    1.0,
)
_TAIL = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.24266094738807843860e-3,
    2.65321895265761230930e-2,
    2.96560571828504891230e-1,
    1.78482653991729133580e0,
    5.46378491116411436990e0,
    6.65790464350110377720e0,
)
_BELOW_TAIL = (
    2.04426310338993978564e-15,
    1.42151175831644588870e-7,
    1.84631831751005468180e-5,
    7.86869131145613259100e-4,
    1.48753612908506148525e-2,
    1.36929880922735805310e-1,
    5.99832206555887937690e-1,
    1.0,
)


@compiled
def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    value = 0.0
    for coefficient in coefficients:
        value = value * x + coefficient
    return value


@compiled
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile at ``u`` in (0, 1) (Wichura 1988)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _polynomial(_MIDDLE, r) / _polynomial(_BELOW_MIDDLE, r)
    r = math.sqrt(-math.log(u if q <= 0.0 else 1.0 - u))
    if r <= 5.0:
        x = _polynomial(_SIDE, r - 1.6) / _polynomial(_BELOW_SIDE, r - 1.6)
    else:
        x = _polynomial(_TAIL, r - 5.0) / _polynomial(_BELOW_TAIL, r - 5.0)
    return -x if q < 0.0 else x


@compiled
def exponential(x: float) -> float:
    """Return exp(x); what would overflow is very large."""
    return math.exp(min(x, _LARGEST_EXPONENT))


@compiled
def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exponential(-x))


@compiled
def logit(u: float) -> float:
    """Return log(u / (1 - u)) for ``u`` in (0, 1), precise around one half."""
    if u < 0.3 or u > 0.65:
        return math.log(u / (1.0 - u))
    s = 2.0 * (u - 0.5)
    return math.log1p(s) - math.log1p(-s)


@compiled
def on_grid(x: float, first: float, step: float, values: Floats, start: int, nodes: int) -> float:
    """Return the value at ``x`` of a table with equal steps, linear in between.

    Args:
        x: where; beyond its ends the table keeps its value.
        first: where the table begins.
        step: distance of its nodes.
        values: holds the table.
        start: where it begins there.
        nodes: its length.
    """
    if x <= first:
        return float(values[start])
    node = int(min((x - first) / step, nodes - 1.0))
    if node == nodes - 1:
        return float(values[start + node])
    slope = (values[start + node + 1] - values[start + node]) / step
    return float(values[start + node] + slope * (x - (first + node * step)))


@compiled
def interpolate(x: float, values: Floats, start: int, nodes: int) -> float:
    """Return the value at ``x`` of a function that is linear between given points.

    Args:
        x: where; beyond its ends the function keeps its value.
        values: holds the places of the points, ascending, and then their values.
        start: where they begin.
        nodes: number of points.
    """
    after = count_up_to(x, values, start, nodes)
    if after == 0:
        return float(values[start + nodes])
    at = start + after - 1
    if after == nodes or values[at] == x:
        return float(values[at + nodes])
    slope = (values[at + nodes + 1] - values[at + nodes]) / (values[at + 1] - values[at])
    return float(values[at + nodes] + slope * (x - values[at]))


@compiled
def count_up_to(x: float, values: Floats, start: int, nodes: int) -> int:
    """Return how many of ``nodes`` ascending numbers from ``start`` on are at most ``x``."""
    low, high = start, start + nodes
    while low < high:
        middle = (low + high) // 2
        if values[middle] <= x:
            low = middle + 1
        else:
            high = middle
    return low - start


@compiled
def stable_order(values: NDArray[Any]) -> Ints:
    """Return the positions that sort numbers; those of equal ones ascend.

    A merge sort from the bottom up: compiled twenty times as fast as the one for ``argsort``.
    """
    count, width = len(values), 1
    order, merged = np.arange(count), np.empty(count, np.int64)
    while width < count:
        for first in range(0, count, 2 * width):
            middle, end = min(first + width, count), min(first + 2 * width, count)
            left, right = first, middle
            for n in range(first, end):
                if left < middle and (right == end or values[order[left]] <= values[order[right]]):
                    merged[n] = order[left]
                    left += 1
                else:
                    merged[n] = order[right]
                    right += 1
        order, merged = merged, order
        width *= 2
    return order
