"""Scenario discovery: which box of conditions says most about the cases of interest, how firmly."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.experiment.prim import Box, Limits, inside, peeling_trajectory
from sim.world.draws import BoolArray, IntArray

SEARCHES = 50
"""How often the search is repeated, with other points and pairs."""

_SPARED = 0.02
"""Correlation that is given up for fewer restrictions."""

_SEED = 0


@dataclass(frozen=True)
class Firmness:
    """What comes out when the search is repeated with other points and pairs.

    Attributes:
        returns: how often a restriction comes back, by input and side, of ``SEARCHES``.
        density: of the boxes found, among the points that their searches left out: median; nan if
            there is none.
        coverage: as ``density``.
    """

    returns: Mapping[tuple[str, str], int]
    density: float
    coverage: float


@dataclass(frozen=True)
class Discovery:
    """The boxes, and which of them to read.

    Attributes:
        boxes: those that PRIM passed, the first with all cases; last the chosen one, if it is none
            of them.
        passed: how many PRIM passed.
        chosen: number of the box that says most with few restrictions.
        firmness: how far to trust it; None if no box restricts anything.
    """

    boxes: Sequence[Box]
    passed: int
    chosen: int
    firmness: Firmness | None

    @property
    def box(self) -> Box:
        """The box that is chosen."""
        return self.boxes[self.chosen]


def discover(
    inputs: pd.DataFrame,
    of_interest: BoolArray,
    points: IntArray,
    pairs: IntArray,
    on_progress: Callable[[int], None] = lambda searches: None,
) -> Discovery:
    """Return under which conditions cases are of interest.

    Args:
        inputs: one column per input, numbers for those on a scale, text for others; one row per
            case.
        of_interest: which cases are, shape (cases,).
        points: the point of each case, shape (cases,).
        pairs: the pair of each case, shape (cases,).
        on_progress: called with how many of ``SEARCHES`` are done.

    Returns:
        The same every time. Without a case of interest, and with only such cases, one box.
    """
    boxes = peeling_trajectory(inputs, of_interest)
    if len(boxes) == 1:
        return Discovery(boxes, 1, 0, None)
    best = best_box(boxes)
    simple = simplified(boxes[best], inputs, of_interest)
    firm = firmness(inputs, of_interest, points, pairs, on_progress)
    same = [number for number, box in enumerate(boxes) if box.limits == simple.limits]
    if same:
        return Discovery(boxes, len(boxes), same[0], firm)
    return Discovery([*boxes, simple], len(boxes), len(boxes), firm)


def best_box(boxes: Sequence[Box]) -> int:
    """Return which box says most: being inside is correlated most with being of interest.

    The phi coefficient (Matthews 1975, Biochimica et Biophysica Acta 405:442-451) weighs both kinds
    of error, whether cases of interest are frequent or rare: those of interest outside (coverage)
    and others inside (density). Of equal boxes it is the first.

    Args:
        boxes: as ``peeling_trajectory`` gives them.
    """
    return int(np.argmax([correlation(box, boxes[0].density) for box in boxes]))


def correlation(box: Box, share: float) -> float:
    """Return the phi coefficient of being inside and being one of a ``share`` of interest."""
    variances = box.mass * (1 - box.mass) * share * (1 - share)
    return share * (box.coverage - box.mass) / math.sqrt(variances) if variances > 0 else 0.0


def simplified(box: Box, inputs: pd.DataFrame, of_interest: BoolArray) -> Box:
    """Return ``box`` without the restrictions that add next to nothing.

    One after the other that restriction goes which the correlation needs least, as long as no more
    than 0.02 of it is lost in all. (Friedman and Fisher 1999 remove redundant inputs so.)

    Args:
        box: one of those that ``peeling_trajectory`` gives.
        inputs: as for ``discover``.
        of_interest: as for ``discover``.
    """
    share = float(of_interest.mean())
    enough = correlation(box, share) - _SPARED
    while box.limits:
        fewer = [_without(box, *cut, inputs, of_interest) for cut in box.restrictions]
        best = max(fewer, key=lambda one: correlation(one, share))
        if correlation(best, share) < enough:
            break
        box = best
    return box


def firmness(
    inputs: pd.DataFrame,
    of_interest: BoolArray,
    points: IntArray,
    pairs: IntArray,
    on_progress: Callable[[int], None] = lambda searches: None,
) -> Firmness:
    """Return the limits found when the best box is searched and simplified with other cases.

    Cases of one point have the same factors, and those of one pair the same parameters and random
    numbers: they are not independent, and p-values that count cases are far too small. So points
    and pairs are drawn with replacement, and the cases of a point and a pair that were drawn come
    as often as both were (the pigeonhole bootstrap: Owen 2007, Annals of Applied Statistics
    1:386-411). That restrictions are judged by how often they come back follows Bryant and Lempert
    (2010).

    Args:
        inputs: as for ``discover``.
        of_interest: as for ``discover``.
        points: as for ``discover``.
        pairs: as for ``discover``.
        on_progress: as for ``discover``.

    Returns:
        The same every time.
    """
    rng = np.random.default_rng(_SEED)
    returns = Counter[tuple[str, str]]()
    left_out = []
    for done in range(1, SEARCHES + 1):
        of_points, of_pairs = _times_drawn(points, rng), _times_drawn(pairs, rng)
        rows = np.repeat(np.arange(len(inputs)), of_points * of_pairs)
        some, interest = inputs.iloc[rows], of_interest[rows]
        boxes = peeling_trajectory(some, interest)
        box = simplified(boxes[best_box(boxes)], some, interest)
        returns.update(box.restrictions)
        new = of_points == 0
        left_out.append(_box_of(box.limits, inputs[new], of_interest[new]))
        on_progress(done)
    density = _median([box.density for box in left_out])
    return Firmness(returns, density, _median([box.coverage for box in left_out]))


def _times_drawn(groups: IntArray, rng: np.random.Generator) -> IntArray:
    """Return how often the group of each case is among as many draws as there are groups."""
    kinds, group = np.unique(groups, return_inverse=True)
    drawn = rng.integers(len(kinds), size=len(kinds))
    times: IntArray = np.bincount(drawn, minlength=len(kinds))[group]
    return times


def _median(values: Sequence[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return float(np.median(known)) if known else math.nan


def _without(box: Box, name: str, side: str, inputs: pd.DataFrame, of_interest: BoolArray) -> Box:
    """Return ``box`` without one of its restrictions."""
    limits = {**box.limits, name: box.limits[name].without(side)}
    left = {name: limit for name, limit in limits.items() if limit is not None}
    return _box_of(left, inputs, of_interest)


def _box_of(limits: Mapping[str, Limits], inputs: pd.DataFrame, of_interest: BoolArray) -> Box:
    """Return the box with ``limits``; a share of no cases is nan."""
    within = inside(limits, inputs)
    both = float((within & of_interest).sum())

    def share(of: BoolArray) -> float:
        return both / float(of.sum()) if of.any() else math.nan

    mass = float(within.mean()) if len(within) else math.nan
    return Box(share(of_interest), share(within), mass, limits)
