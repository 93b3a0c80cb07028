"""Markov chains on histories: parameters, and the random numbers of single mechanisms and groups.

A state is a point (parameters and seeds), and so one whole history. A move changes parameters
while all random numbers stay, or gives new random numbers to some blocks of travel groups. It is
accepted by Metropolis' rule for prior times kernel, where the kernel is widened by a tolerance.
As random numbers are a pure function of their keys, a point that is run again gives the same
history.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from calibration.moves import INLAND, Guide, other_numbers
from calibration.proposals import other_scores
from calibration.simulator import SEEDS, Point, Simulator
from calibration.stages import Stage, generator
from sim.world.draws import BLOCKS, IntArray, Stream

_PARAMETER_MOVES = 0.4
"""Share of the moves that change parameters."""

_TRIES = 4
"""Proposals of such a move; about one of them is run, the emulator rules out the others."""

HISTORIES_OF_A_MOVE = (1 - _PARAMETER_MOVES) + _PARAMETER_MOVES * _TRIES
"""At most, on average."""

PRECISION = 4
"""Decimals of the scores that chains start from: rounding errors of the emulator end there."""

_STUCK = 0.999
"""A state is stuck that agrees worse than this share of draws from the reporting noise."""


@dataclass(frozen=True)
class State:
    """Where a chain stands.

    Attributes:
        point: parameters and seeds.
        counts: their history, shape (columns, days).
        log_kernel: its log-kernel.
        start: number of the start that it came from.
    """

    point: Point
    counts: IntArray
    log_kernel: float
    start: int

    def at(self, point: Point, history: tuple[IntArray, float]) -> "State":
        """Return the state at another point, with the history there."""
        return replace(self, point=point, counts=history[0], log_kernel=history[1])


def start(
    simulator: Simulator,
    rng: np.random.Generator,
    number: int,
    guide: Guide,
    seeds: int,
    corrections: int,
) -> State:
    """Return a draw of the emulator with the best of some seeds, and parameters corrected for it.

    Args:
        simulator: the model and what it is compared with.
        rng: random numbers.
        number: of the start.
        guide: has the draws, and corrects.
        seeds: how many are tried.
        corrections: steps of the parameters towards the counts.
    """
    scores = guide.points[rng.integers(len(guide.points))]
    best: State | None = None
    for seed in rng.integers(SEEDS, size=seeds).tolist():
        point = Point(scores, seed)
        history = simulator.history_within(point, -np.inf if best is None else best.log_kernel)
        if history is not None:
            best = State(point, *history, number)
    assert best is not None
    share = 1.0
    for _ in range(corrections):
        point = guide.corrected(simulator, best.counts, best.point, share)
        point = replace(point, scores=point.scores.round(PRECISION))
        history = simulator.history_within(point, best.log_kernel)
        best, share = (best, share / 2) if history is None else (best.at(point, history), 1.0)
    return best


def move(
    simulator: Simulator, rng: np.random.Generator, state: State, tolerance: float, guide: Guide
) -> State:
    """Return the state after one move; it is the same object if nothing was accepted.

    Args:
        simulator: the model and what it is compared with.
        rng: random numbers.
        state: the state before.
        tolerance: of the kernel.
        guide: what proposals follow.
    """
    if rng.random() < _PARAMETER_MOVES:
        return _move_parameters(simulator, rng, state, tolerance, guide)
    return _move_numbers(simulator, rng, state, tolerance)


def _move_numbers(
    simulator: Simulator, rng: np.random.Generator, state: State, tolerance: float
) -> State:
    point = other_numbers(rng, state.point)
    at_least = state.log_kernel + tolerance**2 * float(np.log(rng.random()))
    history = simulator.history_within(point, at_least)
    return state if history is None else state.at(point, history)


def _move_parameters(
    simulator: Simulator, rng: np.random.Generator, state: State, tolerance: float, guide: Guide
) -> State:
    """Propose parameters some times; the emulator rules out most of them without a run.

    The number of proposals is fixed, and not that of runs, because it must not depend on the state.
    """
    for _ in range(_TRIES):
        here = state.point
        scores, prior = other_scores(rng, here.scores, guide.points)
        there = replace(here, scores=scores)
        screened, demanded = np.log(rng.random(2)).tolist()
        ratio = guide.predicted_ratio(simulator, state.counts, here, there, tolerance)
        ahead = min(0.0, prior + ratio)
        if screened >= ahead:
            continue
        # On the way back the emulator lets pass everything, or less.
        at_least = state.log_kernel + tolerance**2 * (demanded - prior + ahead)
        history = simulator.history_within(there, at_least) if at_least <= 0 else None
        if history is None:
            continue
        ratio = guide.predicted_ratio(simulator, history[0], there, here, tolerance)
        back = min(0.0, ratio - prior)
        if history[1] + tolerance**2 * back >= at_least:
            state = state.at(there, history)
    return state


def is_stuck(state: State, statistics: int) -> bool:
    """Tell whether a state misses the statistics by too much for a draw from the posterior."""
    return is_too_far(state.log_kernel, statistics)


def is_too_far(log_kernel: float, statistics: int) -> bool:
    """Tell whether a history misses the statistics by too much for a draw from the posterior."""
    return -2 * log_kernel > float(special.chdtri(statistics, 1 - _STUCK))


def under_own_seeds(states: Sequence[State], root: int) -> list[State]:
    """Return the same histories, each under a seed that no other one has.

    Mechanisms that the simulator leaves out get random numbers of their own by this.
    """
    taken = set[int]()
    done = []
    for number, state in enumerate(states):
        rng = generator(root, Stage.RENAMED, number)
        seed = state.point.seed
        while seed in taken:
            seed = int(rng.integers(SEEDS))
        taken.add(seed)
        done.append(replace(state, point=_renamed(state.point, seed)))
    return done


def _renamed(point: Point, seed: int) -> Point:
    """Return the same history under another seed: the simulated travellers keep the old one."""
    if seed == point.seed:
        return point
    drawing = [stream for stream in Stream if stream not in INLAND]
    same = {(stream, block): point.seed for stream in drawing for block in range(BLOCKS)}
    return Point(point.scores, seed, {**same, **point.seed_overrides})
