"""Markov chains on histories: parameters, and the random numbers of single mechanisms and groups.

A state is a point (parameters and seeds), and so one whole history. A move changes parameters
while all random numbers stay, or gives new random numbers to some blocks of travel groups. It is
accepted by Metropolis' rule for prior times kernel, where the kernel is widened by a tolerance
that falls to 1. As random numbers are a pure function of their keys, a point that is run again
gives the same history.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from calibration.moves import INLAND, Guide, other_numbers
from calibration.traveller_side import SEEDS, Point, TravellerSide
from sim.world.draws import BLOCKS, FloatArray, IntArray, Stream

_STARTS, _MOVES, _REPLACEMENTS = 3, 4, 5
"""Stages: they tell random numbers of one root seed apart."""

_PARAMETER_MOVES = 0.4
"""Share of the moves that change parameters."""

_TRIES = 4
"""Proposals of such a move; about one of them is run, the emulator rules out the others."""

PRECISION = 4
"""Decimals of the scores that chains start from: rounding errors of the emulator end there."""

_STUCK = 0.999
"""A chain is stuck that agrees worse than this share of draws from the reporting noise."""


@dataclass(frozen=True)
class Schedule:
    """How long chains go on.

    The first tolerance is that of the distance at which the chains start. Parameters move far
    only under it, because a change of parameters changes who is infected; afterwards random
    numbers bring each history to the counts.

    Attributes:
        starts: seeds that are tried for the start of a chain.
        corrections: steps of its parameters towards the counts afterwards.
        tolerant: moves under the first tolerance.
        annealed: moves until the tolerance is 1.
        moves: moves of a chain.
        again: moves of a chain that was stuck and took over another's state.
    """

    starts: int = 3
    corrections: int = 6
    tolerant: int = 30
    annealed: int = 75
    moves: int = 90
    again: int = 30

    @property
    def histories(self) -> int:
        """Histories that a chain runs, at most on average."""
        proposals = (1 - _PARAMETER_MOVES) + _PARAMETER_MOVES * _TRIES
        return self.starts + self.corrections + round((self.moves + self.again) * proposals)

    def tolerance_at(self, first: float, move: int) -> float:
        """Return the tolerance of a move, where that of the first one is ``first``."""
        left = (self.annealed - move) / max(1, self.annealed - self.tolerant)
        return float(first ** min(1.0, max(0.0, left)))


@dataclass(frozen=True)
class Chain:
    """A chain where it stands.

    Attributes:
        number: its number.
        point: the present state.
        counts: its history, shape (columns, days).
        agreement: its log kernel.
        moves: moves made.
        accepted: moves accepted, of parameters and of random numbers.
        ancestor: number of the chain whose state it took over; its own if none.
    """

    number: int
    point: Point
    counts: IntArray
    agreement: float
    moves: int
    accepted: tuple[int, int]
    ancestor: int

    def at(self, point: Point, history: tuple[IntArray, float]) -> "Chain":
        """Return the chain at another point, with the history there."""
        return replace(self, point=point, counts=history[0], agreement=history[1])


def start(
    side: TravellerSide,
    root: int,
    number: int,
    scores: FloatArray,
    schedule: Schedule,
    guide: Guide,
) -> Chain:
    """Return a chain at ``scores`` with the best of some seeds, and parameters corrected for it."""
    rng = np.random.default_rng([root, _STARTS, number])
    best: Chain | None = None
    for seed in rng.integers(SEEDS, size=schedule.starts).tolist():
        point = Point(scores, seed)
        history = side.agreeing_history(point, -np.inf if best is None else best.agreement)
        if history is not None:
            best = Chain(number, point, *history, 0, (0, 0), number)
    assert best is not None
    share = 1.0
    for _ in range(schedule.corrections):
        point = guide.corrected(side, best.counts, best.point, share)
        point = replace(point, scores=point.scores.round(PRECISION))
        history = side.agreeing_history(point, best.agreement)
        best, share = (best, share / 2) if history is None else (best.at(point, history), 1.0)
    return best


def advance(
    side: TravellerSide,
    root: int,
    chain: Chain,
    until: int,
    tolerance_at: Callable[[int], float],
    guide: Guide,
) -> Chain:
    """Return ``chain`` after its moves up to number ``until``.

    Args:
        side: the model and what it is held against.
        root: root seed of the fit.
        chain: where it stands.
        until: moves made afterwards.
        tolerance_at: returns the tolerance of a move.
        guide: what proposals follow.
    """
    for move in range(chain.moves, until):
        rng = np.random.default_rng([root, _MOVES, chain.number, move])
        of_parameters = bool(rng.random() < _PARAMETER_MOVES)
        step = _move_parameters if of_parameters else _move_numbers
        moved = step(side, rng, chain, tolerance_at(move), guide)
        accepted, (parameters, numbers) = moved is not chain, chain.accepted
        tally = parameters + (accepted and of_parameters), numbers + (accepted > of_parameters)
        chain = replace(moved, moves=move + 1, accepted=tally)
    return chain


def _move_numbers(
    side: TravellerSide, rng: np.random.Generator, chain: Chain, tolerance: float, guide: Guide
) -> Chain:
    point = other_numbers(rng, chain.point)
    at_least = chain.agreement + tolerance**2 * float(np.log(rng.random()))
    history = side.agreeing_history(point, at_least)
    return chain if history is None else chain.at(point, history)


def _move_parameters(
    side: TravellerSide, rng: np.random.Generator, chain: Chain, tolerance: float, guide: Guide
) -> Chain:
    """Propose parameters some times; the emulator rules out most of them without a run.

    The number of proposals is fixed, and not that of runs, because it must not depend on the state.
    """
    for _ in range(_TRIES):
        here, there = chain.point, guide.other_parameters(rng, chain.point)
        screened, demanded = np.log(rng.random(2)).tolist()
        # Proposals are symmetric, and scores are standard normal under the prior.
        prior = 0.5 * float(np.square(here.scores).sum() - np.square(there.scores).sum())
        ahead = min(0.0, prior + guide.predicted_ratio(side, chain.counts, here, there, tolerance))
        if screened >= ahead:
            continue
        # On the way back the emulator lets pass everything, or less.
        at_least = chain.agreement + tolerance**2 * (demanded - prior + ahead)
        history = side.agreeing_history(there, at_least) if at_least <= 0 else None
        if history is None:
            continue
        back = min(0.0, guide.predicted_ratio(side, history[0], there, here, tolerance) - prior)
        if history[1] + tolerance**2 * back >= at_least:
            chain = chain.at(there, history)
    return chain


def is_stuck(chain: Chain, pieces: int) -> bool:
    """Tell whether a chain agrees too badly with the pieces to be a draw from the posterior."""
    return -2 * chain.agreement > float(special.chdtri(pieces, 1 - _STUCK))


def replaced(chains: Sequence[Chain], pieces: int, root: int) -> list[Chain]:
    """Return the chains; those that are stuck take over the state of one that is not."""
    free = [chain for chain in chains if not is_stuck(chain, pieces)] or list(chains)
    done = []
    for chain in chains:
        if is_stuck(chain, pieces):
            rng = np.random.default_rng([root, _REPLACEMENTS, chain.number])
            other = free[rng.integers(len(free))]
            point = _renamed(other.point, int(rng.integers(SEEDS)))
            chain = replace(other, number=chain.number, point=point, ancestor=other.number)
        done.append(chain)
    return done


def _renamed(point: Point, seed: int) -> Point:
    """Return the same history under another seed: all blocks of all streams keep the old one.

    Mechanisms that the travellers' side leaves out get the random numbers of the new seed.
    """
    drawing = [stream for stream in Stream if stream not in INLAND]
    same = {(stream, block): point.seed for stream in drawing for block in range(BLOCKS)}
    return Point(point.scores, seed, {**same, **point.refreshed})


def first_tolerance(chains: Sequence[Chain], pieces: int) -> float:
    """Return the tolerance under which the median chain agrees as a draw would, at least 1."""
    typical = float(np.median([-2 * chain.agreement for chain in chains]))
    return max(1.0, float(np.sqrt(typical / pieces)))
