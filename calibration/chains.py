"""Markov chains on histories: parameters, and the random numbers of single mechanisms and parties.

A state is a point (parameters and seeds), and so one whole history. A move changes parameters
while all random numbers stay, or gives new random numbers to some blocks of parties. It is
accepted by Metropolis' rule for prior times kernel, where the kernel is widened by a tolerance
that falls to 1. As random numbers are a pure function of their keys, a point that is run again
gives the same history.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from calibration.traveller_side import SEEDS, Point, TravellerSide
from sim.world.draws import BLOCKS, FloatArray, IntArray, Stream

_STARTS, _MOVES, _REPLACEMENTS = 3, 4, 5
"""Stages: they tell random numbers of one root seed apart."""

REFRESHED: tuple[Stream, ...] = (
    Stream.SETTING_OUT,
    Stream.PARTY_SIZE,
    Stream.PARTY_FRAILTY,
    Stream.INFECTION_THRESHOLD,
    Stream.INCUBATION,
    Stream.ASYMPTOMATIC,
    Stream.INFECTIVITY,
    Stream.EXIT_SCREENING,
    Stream.CONNECTION,
    Stream.SYMPTOMS_NOTICED,
    Stream.TEST,
    Stream.REVIEW,
    Stream.HOSPITAL_STAY,
)
"""The mechanisms whose luck moves the counts; that of the others stays as it fell."""

_PARAMETER_MOVES = 0.4
"""Share of the moves that change parameters."""

_BLOCKS_OF_ONE_STREAM = (2, 4, 8, 16)

_ALL_STREAMS = 0.2
"""Share of the other moves that give one block of parties new luck in everything."""

_STUCK = 0.999
"""A chain is stuck that agrees worse than this share of draws from the reporting noise."""


@dataclass(frozen=True)
class Schedule:
    """How long chains go on.

    Attributes:
        starts: seeds that are tried for the start of a chain.
        moves: moves of a chain.
        annealed: moves until the tolerance is 1.
        tolerance: tolerance of the first move.
        again: moves of a chain that was stuck and took over another's state.
    """

    starts: int = 16
    moves: int = 150
    annealed: int = 50
    tolerance: float = 2.0
    again: int = 40

    def tolerance_at(self, move: int) -> float:
        """Return the tolerance of a move."""
        left = max(0.0, 1.0 - move / self.annealed)
        return float(self.tolerance**left)


@dataclass(frozen=True)
class Chain:
    """A chain where it stands.

    Attributes:
        number: its number.
        point: the present state.
        counts: its history, shape (columns, days).
        agreement: its log kernel.
        moves: moves made.
        accepted: moves accepted, of parameters and of luck.
        ancestor: number of the chain whose state it took over; its own if none.
    """

    number: int
    point: Point
    counts: IntArray
    agreement: float
    moves: int
    accepted: tuple[int, int]
    ancestor: int


def start(side: TravellerSide, root: int, number: int, scores: FloatArray, seeds: int) -> Chain:
    """Return a chain at ``scores`` with the best of some seeds."""
    rng = np.random.default_rng([root, _STARTS, number])
    best: Chain | None = None
    for seed in rng.integers(SEEDS, size=seeds).tolist():
        point = Point(scores, seed)
        history = side.agreeing_history(point, -np.inf if best is None else best.agreement)
        if history is not None:
            best = Chain(number, point, *history, 0, (0, 0), number)
    assert best is not None
    return best


def advance(
    side: TravellerSide,
    root: int,
    chain: Chain,
    until: int,
    schedule: Schedule,
    reference: FloatArray,
) -> Chain:
    """Return ``chain`` after its moves up to number ``until``.

    Args:
        side: the model and what it is held against.
        root: root seed of the fit.
        chain: where it stands.
        until: moves made afterwards.
        schedule: tolerances.
        reference: normal scores whose differences are proposed, shape (n, parameters).
    """
    for move in range(chain.moves, until):
        rng = np.random.default_rng([root, _MOVES, chain.number, move])
        of_parameters = bool(rng.random() < _PARAMETER_MOVES)
        propose = _other_parameters if of_parameters else _other_luck
        point = propose(rng, chain.point, reference)
        # Proposals are symmetric, and scores are standard normal under the prior.
        prior_ratio = 0.5 * float(
            np.square(chain.point.scores).sum() - np.square(point.scores).sum()
        )
        demanded = float(np.log(rng.random())) - prior_ratio
        at_least = chain.agreement + schedule.tolerance_at(move) ** 2 * demanded
        history = side.agreeing_history(point, at_least) if at_least <= 0 else None
        if history is not None:
            parameters, luck = chain.accepted
            accepted = (parameters + of_parameters, luck + (not of_parameters))
            chain = Chain(chain.number, point, *history, move + 1, accepted, chain.ancestor)
        else:
            chain = replace(chain, moves=move + 1)
    return chain


def is_stuck(chain: Chain, pieces: int) -> bool:
    """Tell whether a chain agrees too badly with the pieces to be a draw from the posterior."""
    return is_too_far(chain.agreement, pieces)


def is_too_far(log_kernel: float, pieces: int) -> bool:
    """Tell whether a history agrees too badly with the pieces to be a draw from the posterior."""
    return -2 * log_kernel > float(special.chdtri(pieces, 1 - _STUCK))


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
    """Return the same history under another seed: all blocks of all streams keep the old one."""
    same = {(stream, block): point.seed for stream in Stream for block in range(BLOCKS)}
    return Point(point.scores, seed, {**same, **point.refreshed})


def _other_parameters(rng: np.random.Generator, point: Point, reference: FloatArray) -> Point:
    """Propose parameters moved along the difference of two reference points.

    Differential evolution (ter Braak 2006, Statistics and Computing 16:239) with a fixed
    population; a random part of the parameters moves, by a random fraction of the difference.
    """
    one, other = rng.choice(len(reference), size=2, replace=False)
    fraction = 10.0 ** rng.uniform(-1.5, 0.0)
    moved = rng.random(len(point.scores)) < rng.choice([0.1, 0.3, 1.0])
    moved[rng.integers(len(moved))] = True
    step = fraction * (reference[one] - reference[other]) + rng.normal(0.0, 0.02, len(moved))
    return replace(point, scores=point.scores + np.where(moved, step, 0.0))


def _other_luck(rng: np.random.Generator, point: Point, reference: FloatArray) -> Point:
    """Propose new luck for some blocks of parties in one mechanism, or for one block in all."""
    streams, blocks = REFRESHED, [int(rng.integers(BLOCKS))]
    if rng.random() >= _ALL_STREAMS:
        streams = REFRESHED[(number := int(rng.integers(len(REFRESHED)))) : number + 1]
        blocks = rng.permutation(BLOCKS)[: rng.choice(_BLOCKS_OF_ONE_STREAM)].tolist()
    seed = int(rng.integers(SEEDS))
    refreshed = {(stream, block): seed for stream in streams for block in blocks}
    return replace(point, refreshed={**point.refreshed, **refreshed})
