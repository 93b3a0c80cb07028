"""Ladders: chains under several tolerances that exchange their states (parallel tempering).

A chain at tolerance 1 hardly moves: most changes take its counts farther away than the reporting
noise. Under a larger tolerance it moves, and states that come near to the counts are handed down
(Geyer 1991; Swendsen and Wang 1986, Physical Review Letters 57:2607). Above the ladder there are
new starts, which agree with the counts as if under the largest tolerance of all; from time to time
one of them is exchanged for the uppermost state, so that chains forget where they began.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from calibration.chains import HISTORIES_OF_A_MOVE, State, move, start
from calibration.moves import Guide
from calibration.simulator import Simulator
from calibration.stages import Stage, generator


@dataclass(frozen=True)
class Schedule:
    """How long ladders go on.

    Attributes:
        seeds: seeds that are tried for a start.
        corrections: steps of its parameters towards the counts afterwards.
        rungs: chains of a ladder, of which the lowest has the tolerance 1.
        moves: moves of every chain.
        renewed: moves after which a new start is offered to the uppermost chain.
        kept: states of the lowest chain that become members of the ensemble, the last one included.
        apart: moves between them.
    """

    seeds: int = 3
    corrections: int = 6
    rungs: int = 4
    moves: int = 126
    renewed: int = 9
    kept: int = 3
    apart: int = 14

    @property
    def histories(self) -> int:
        """Histories that a ladder runs, at most on average."""
        starts = self.rungs + self.moves // self.renewed
        of_moves = self.rungs * self.moves * HISTORIES_OF_A_MOVE
        return starts * (self.seeds + self.corrections) + round(of_moves)

    @property
    def kept_after(self) -> list[int]:
        """Numbers of moves after which a state is kept."""
        return [self.moves - self.apart * back for back in reversed(range(self.kept))]


@dataclass(frozen=True)
class Ladder:
    """Chains that exchange states.

    Attributes:
        number: its number.
        states: of the chains, from the lowest tolerance to the highest.
        moves: moves that each of them has made.
    """

    number: int
    states: tuple[State, ...]
    moves: int

    @property
    def lowest(self) -> State:
        """The state of the chain at tolerance 1."""
        return self.states[0]


def begin(simulator: Simulator, root: int, number: int, schedule: Schedule, guide: Guide) -> Ladder:
    """Return a ladder at new starts."""
    starts = range(schedule.rungs)
    states = [_new_start(simulator, root, number, of, schedule, guide) for of in starts]
    return Ladder(number, tuple(states), 0)


def advance(
    simulator: Simulator,
    root: int,
    ladder: Ladder,
    until: int,
    above: float,
    schedule: Schedule,
    guide: Guide,
) -> Ladder:
    """Return ``ladder`` after its moves up to number ``until``.

    Args:
        simulator: the model and what it is compared with.
        root: root seed of the fit.
        ladder: where it stands.
        until: moves made afterwards.
        above: tolerance of new starts; those of the chains are spaced evenly below it.
        schedule: when new starts are offered.
        guide: what proposals follow.
    """
    tolerances = tolerances_below(above, schedule.rungs)
    states = list(ladder.states)
    for number in range(ladder.moves, until):
        rng = generator(root, Stage.MOVES, ladder.number, number)
        states = [
            move(simulator, rng, state, tolerance, guide)
            for state, tolerance in zip(states, tolerances, strict=True)
        ]
        if (number + 1) % schedule.renewed == 0:
            of = schedule.rungs + number // schedule.renewed
            states.append(_new_start(simulator, root, ladder.number, of, schedule, guide))
        _exchange(rng, states, [*tolerances, above])
        del states[schedule.rungs :]
    return replace(ladder, states=tuple(states), moves=until)


def tolerances_below(above: float, rungs: int) -> list[float]:
    """Return the tolerances of a ladder, from 1 on, each larger than the last by one factor."""
    return [above ** (rung / rungs) for rung in range(rungs)]


def tolerance_of(states: list[State], statistics: int) -> float:
    """Return the tolerance under which the median state agrees as a draw would, at least 1."""
    typical = float(np.median([-2 * state.log_kernel for state in states]))
    return max(1.0, float(np.sqrt(typical / statistics)))


def _new_start(
    simulator: Simulator, root: int, ladder: int, of: int, schedule: Schedule, guide: Guide
) -> State:
    rng = generator(root, Stage.STARTS, ladder, of)
    number = ladder * (schedule.rungs + schedule.moves // schedule.renewed) + of
    return start(simulator, rng, number, guide, schedule.seeds, schedule.corrections)


def _exchange(rng: np.random.Generator, states: list[State], tolerances: list[float]) -> None:
    """Exchange states of neighbours by Metropolis' rule, from the highest tolerance down.

    Exchanges cost no history: there are as many rounds of them as states.
    """
    for _ in states:
        for upper, lower in pairwise(reversed(range(len(states)))):
            less = tolerances[lower] ** -2 - tolerances[upper] ** -2
            gain = states[upper].log_kernel - states[lower].log_kernel
            if np.log(rng.random()) < less * gain:
                states[lower], states[upper] = states[upper], states[lower]
