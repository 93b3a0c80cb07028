"""Markov chains on the local side of one fitted history.

The pair stays as it is. A state is a set of local parameters, and seeds of those random streams
that only residents use: who of the town is next door, on a ward or next in the community, and
when. A move changes parameters at fixed random numbers, or redraws some random numbers.

Where a run without travellers stands in for the whole world (the offset between their counts is
taken from the first state), chains move on its counts, and the whole world decides about every
few moves together (surrogate transitions: Liu 2001, Monte Carlo Strategies in Scientific
Computing, section 9.4.3). So the last state is one of the whole world, whatever stood in for it.
"""

from dataclasses import dataclass, replace

import numpy as np

from calibration.chains import is_too_far
from calibration.local_simulator import LocalSimulator, LocalState, PairWorld
from calibration.proposals import other_scores
from calibration.simulator import SEEDS
from calibration.stages import Stage, generator
from sim.world.draws import BLOCKS, FloatArray, IntArray, Stream

LOCAL_STREAMS = (Stream.RESIDENT_SHUFFLE, Stream.COMMUNITY_THRESHOLD, Stream.COMMUNITY_INFECTOR)
"""The streams that only residents use: new seeds in them leave every traveller alone."""

_PARAMETER_MOVES = 0.6
"""Share of the moves that change parameters, if there are any."""

_OTHER_PEOPLE = 0.5
"""Share of the other moves that put other residents into every role."""

_BLOCKS_OF_ONE_STREAM = (1, 4, 16)


@dataclass(frozen=True)
class LocalSchedule:
    """How long chains of the local side go on.

    Attributes:
        runs: reference runs from the priors of the local parameters.
        starts: states that are tried for the start of a chain.
        moves: moves of a chain.
        annealed: moves until the tolerance is 1.
        tolerance: tolerance of the first move.
        together: moves between two runs of the whole world, where a run without travellers
            stands in for it.
        attempts: chains that a pair has, at most, until one ends near the counts.
    """

    runs: int = 2000
    starts: int = 6
    moves: int = 60
    annealed: int = 30
    tolerance: float = 4.0
    together: int = 10
    attempts: int = 4

    def tolerance_at(self, move: int) -> float:
        """Return the tolerance of a move."""
        return float(self.tolerance ** max(0.0, 1.0 - move / max(1, self.annealed)))


@dataclass(frozen=True)
class LocalHistory:
    """The local side of a pair, where its chain ended.

    Attributes:
        state: parameters and seeds.
        counts: of the whole world, shape (columns, days).
        log_kernel: how well local counts agree.
        tried: moves of parameters, moves of random numbers, runs of the whole world that were
            asked to confirm some moves.
        accepted: how many of each were accepted.
        attempts: chains that the pair had.
    """

    state: LocalState
    counts: IntArray
    log_kernel: float
    tried: tuple[int, int, int]
    accepted: tuple[int, int, int]
    attempts: int


def fitted_local_history(
    simulator: LocalSimulator,
    root: int,
    number: int,
    world: PairWorld,
    reference: FloatArray,
    schedule: LocalSchedule,
    *,
    stands_in: bool,
) -> LocalHistory:
    """Return the local side of a pair: the end of its first chain that ends near the counts.

    If none does it is the end that is nearest.

    Args:
        simulator: what is run and compared with what.
        root: root seed of the fit.
        number: of the pair.
        world: of the pair.
        reference: normal scores from which chains start, and whose differences are proposed,
            shape (n, parameters).
        schedule: how long.
        stands_in: a run without travellers stands in for the whole world between confirmations.
    """
    best: LocalHistory | None = None
    for attempt in range(schedule.attempts):
        rng = generator(root, Stage.LOCAL_PAIRS, number, attempt)
        chain = _Chain(simulator, rng, world, reference, schedule, stands_in=stands_in).run()
        if best is None or chain.log_kernel > best.log_kernel:
            best = chain
        best = replace(best, attempts=attempt + 1)
        if not is_away(simulator, best):
            break
    assert best is not None
    return best


def is_away(simulator: LocalSimulator, history: LocalHistory) -> bool:
    """Tell whether local counts agree too badly to be a draw from the posterior."""
    return is_too_far(history.log_kernel, len(simulator.observation.statistics))


class _Chain:
    """One chain; see ``fitted_local_history``."""

    def __init__(
        self,
        simulator: LocalSimulator,
        rng: np.random.Generator,
        world: PairWorld,
        reference: FloatArray,
        schedule: LocalSchedule,
        *,
        stands_in: bool,
    ) -> None:
        self.simulator, self.rng, self.world = simulator, rng, world
        self.reference, self.schedule, self.stands_in = reference, schedule, stands_in
        self.run_quickly = world.alone if stands_in else world.whole
        self.offset = np.zeros(len(simulator.observation.statistics))
        self.tried, self.accepted = [0, 0, 0], [0, 0, 0]

    def run(self) -> LocalHistory:
        state, counts = self._start()
        whole = counts
        if self.stands_in:
            whole = self.world.history(state)
            self.offset = self.simulator.local_sums(whole) - self.simulator.local_sums(counts)
        quick = self._quick_kernel(counts)
        together = self.schedule.together if self.stands_in else 1
        for first in range(0, self.schedule.moves, together):
            tolerance = self.schedule.tolerance_at(first)
            last = min(first + together, self.schedule.moves)
            moved = state, counts, quick
            for _ in range(first, last):
                moved = self._move(*moved, tolerance)
            if moved[0] is state:
                continue
            confirmed = self._confirmed(whole, quick, moved, tolerance)
            if confirmed is not None:
                (state, counts, quick), whole = moved, confirmed
        end = self.simulator.log_kernel_of(self.simulator.local_sums(whole))
        return LocalHistory(state, whole, end, _three(self.tried), _three(self.accepted), 1)

    def _start(self) -> tuple[LocalState, IntArray]:
        """Return the best of some states, with the counts of its quick run."""
        best: tuple[float, LocalState, IntArray] | None = None
        for _ in range(self.schedule.starts):
            scores = self.reference[self.rng.integers(len(self.reference))]
            state = LocalState(scores, _all_blocks(Stream.RESIDENT_SHUFFLE, self.rng))
            counts = self.run_quickly(state)
            assert counts is not None
            kernel = self._quick_kernel(counts)
            if best is None or kernel > best[0]:
                best = kernel, state, counts
        assert best is not None
        return best[1], best[2]

    def _quick_kernel(self, counts: IntArray) -> float:
        """Return the log-kernel by which moves are accepted between confirmations."""
        kernel = self.simulator.log_kernel_of(self.simulator.local_sums(counts) + self.offset)
        if not self.stands_in:
            kernel += self.simulator.log_kernel_of_travellers(counts)
        return kernel

    def _move(
        self, state: LocalState, counts: IntArray, kernel: float, tolerance: float
    ) -> tuple[LocalState, IntArray, float]:
        """Return what one Metropolis move leads to, or what was given."""
        rng = self.rng
        of_parameters = len(state.scores) > 0 and rng.random() < _PARAMETER_MOVES
        if of_parameters:
            scores, prior_ratio = other_scores(rng, state.scores, self.reference)
            proposed = replace(state, scores=scores)
        else:
            proposed, prior_ratio = _other_people(rng, state), 0.0
        at_least = kernel + tolerance**2 * (float(np.log(rng.random())) - prior_ratio)
        kind = 0 if of_parameters else 1
        self.tried[kind] += 1
        if at_least > 0:
            return state, counts, kernel
        then = self.run_quickly(proposed, at_least, self.offset)
        if then is None or (kernel_then := self._quick_kernel(then)) < at_least:
            return state, counts, kernel
        self.accepted[kind] += 1
        return proposed, then, kernel_then

    def _confirmed(
        self,
        whole: IntArray,
        quick: float,
        moved: tuple[LocalState, IntArray, float],
        tolerance: float,
    ) -> IntArray | None:
        """Return the counts of the whole world after some moves, or None if it rejects them."""
        state, counts, quick_then = moved
        if not self.stands_in:
            return counts
        self.tried[2] += 1
        then = self.world.history(state)
        gained = self._whole_kernel(then) - self._whole_kernel(whole) - (quick_then - quick)
        if gained < tolerance**2 * float(np.log(self.rng.random())):
            return None
        self.accepted[2] += 1
        return then

    def _whole_kernel(self, counts: IntArray) -> float:
        local = self.simulator.log_kernel_of(self.simulator.local_sums(counts))
        return local + self.simulator.log_kernel_of_travellers(counts)


def _other_people(rng: np.random.Generator, state: LocalState) -> LocalState:
    """Propose other residents in every role, or new draws for some blocks of one stream."""
    if rng.random() < _OTHER_PEOPLE:
        new = _all_blocks(Stream.RESIDENT_SHUFFLE, rng)
    else:
        stream = LOCAL_STREAMS[rng.integers(len(LOCAL_STREAMS))]
        blocks = rng.permutation(BLOCKS)[: rng.choice(_BLOCKS_OF_ONE_STREAM)].tolist()
        seed = int(rng.integers(SEEDS))
        new = {(stream, block): seed for block in blocks}
    return replace(state, seed_overrides={**state.seed_overrides, **new})


def _all_blocks(stream: Stream, rng: np.random.Generator) -> dict[tuple[Stream, int], int]:
    seed = int(rng.integers(SEEDS))
    return {(stream, block): seed for block in range(BLOCKS)}


def _three(counts: list[int]) -> tuple[int, int, int]:
    one, two, three = counts
    return one, two, three
