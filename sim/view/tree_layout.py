"""Where the people of chains of infection stand in a figure, one below the other."""

from dataclasses import dataclass

import numpy as np

from sim.experiment.transmission_chains import Chains
from sim.world.draws import FloatArray, IntArray

_GAP = 1.0
"""Rows left free between two chains."""


@dataclass(frozen=True)
class Layout:
    """Who is drawn and where.

    Attributes:
        shown: places in the ``Chains`` of those who are drawn, ordered by time of infection.
        height: row of each of everybody; nan for those who are not drawn, shape (n,).
        rows: number of rows.
        chains: number of chains drawn.
        chains_left_out: number of further chains with at least one transmission.
        people_left_out: people in these, and those of the last chain drawn who come too late.
    """

    shown: IntArray
    height: FloatArray
    rows: float
    chains: int
    chains_left_out: int
    people_left_out: int


def lay_out(chains: Chains, most: int) -> Layout:
    """Return a layout of up to ``most`` people, the largest chains first and on top.

    Everybody who infected nobody has a row; an infector stands in the middle of those infected.
    A chain of one person is no chain. Of the last chain that is drawn, only those who were
    infected first may be shown.
    """
    roots = chains.roots
    sizes = np.bincount(roots, minlength=len(roots))
    heads = np.flatnonzero(sizes > 1)
    heads = heads[np.argsort(-sizes[heads], kind="stable")]
    before = np.cumsum(sizes[heads]) - sizes[heads]
    # Two people at least, or there would be no transmission to draw.
    drawn = heads[before <= most - 2].tolist()
    room = dict(zip(drawn, (most - before).tolist(), strict=False))
    of_chains = [np.flatnonzero(roots == head)[: room[head]] for head in drawn]
    nobody = np.zeros(0, dtype=np.int64)
    shown = np.sort(np.concatenate([nobody, *of_chains]))
    height, rows = _heights(chains, drawn, shown)
    return Layout(
        shown,
        height,
        rows,
        len(drawn),
        len(heads) - len(drawn),
        int(sizes[heads].sum()) - len(shown),
    )


def _heights(chains: Chains, heads: list[int], shown: IntArray) -> tuple[FloatArray, float]:
    below: dict[int, list[int]] = {}
    for place in shown.tolist():
        below.setdefault(int(chains.infector[place]), []).append(place)
    height = np.full(len(chains.infector), np.nan)
    row = 0.0
    for head in heads:
        row += _GAP if row else 0.0
        stack = [head]
        order = []
        while stack:
            place = stack.pop()
            order.append(place)
            infected = below.get(place, [])
            # Anyone who is infected first comes out on top.
            stack += infected[::-1]
            if not infected:
                height[place] = row
                row += 1.0
        for place in reversed(order):
            if infected := below.get(place, []):
                height[place] = (height[infected[0]] + height[infected[-1]]) / 2
    return height, row
