"""Whether the model can reach the counts, and what to say if it cannot.

A count is beyond reach if no run comes near it: not within the reporting noise, and not within
some factor either. The factor leaves room for the chains, which go farther into the tails of the
priors than runs drawn from them: it is large after runs that are drawn from the priors alone, and
two after those that were sent towards the counts. What passes both tests may still be impossible,
such as two counts of which each can be reached but not both: then no chain ends near the counts.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from calibration.observation import FARTHEST, Piece, Term, log_count
from calibration.traveller_side import TravellerSide
from sim.world.draws import FloatArray, IntArray

_FAR, _NEAR = float(np.log(8)), float(np.log(2))
"""Logarithms of the factors, after runs from the priors alone and after all reference runs."""

_UPPER_HALVES = 2.0
"""After runs from the priors a count is in reach, too, that is not farther from their largest (or
smallest) count than this many times the distance of that from their median, in logarithms."""


@dataclass(frozen=True)
class Missed:
    """Something that was counted, and what the model gives instead.

    Attributes:
        id: of the target.
        message: what is asked, and the range of the runs, in one line.
    """

    id: str
    message: str


class Unreachable(Exception):
    """The model cannot reach the counts.

    Attributes:
        missed: the counts that are out of reach, each once.
    """

    def __init__(self, missed: Iterable[Missed]) -> None:
        self.missed = tuple(missed)
        super().__init__("\n".join(f"{of.id}: {of.message}" for of in self.missed))


def refuse_far_beyond(side: TravellerSide, counts: IntArray) -> None:
    """Refuse counts that are far from those of all runs from the priors.

    Args:
        side: what the runs are held against.
        counts: of the runs, shape (runs, columns, days).

    Raises:
        Unreachable: at least one is.
    """

    def room(logs: FloatArray, *, above: bool) -> float:
        edge = float(logs.max() if above else logs.min())
        return max(_FAR, _UPPER_HALVES * abs(edge - float(np.median(logs))))

    _refuse(side, counts, "prior runs", room)


def refuse_beyond(side: TravellerSide, counts: IntArray) -> None:
    """Refuse counts that no reference run comes near; see ``refuse_far_beyond``."""
    _refuse(side, counts, "reference runs", lambda logs, above: _NEAR)


def refuse_stuck(side: TravellerSide, reference: IntArray, chains: IntArray) -> NoReturn:
    """Refuse counts from which all chains end too far away.

    Args:
        side: what the chains are held against.
        reference: counts of the reference runs, shape (runs, columns, days).
        chains: counts where the chains ended, shape (chains, columns, days).
    """
    raise Unreachable(
        Missed(
            piece.ids[0],
            f"{_asked(side, piece)}, {_range(side, piece, reference)} in {len(reference):,} "
            f"reference runs and {_range(side, piece, chains)} in {len(chains):,} states of the "
            "chains, all of which are farther from the counts than reporting noise explains; do "
            "the counts contradict each other, or do the priors leave out what they need?",
        )
        for piece in most_missed(side, chains)
    )


def most_missed(side: TravellerSide, counts: IntArray) -> list[Piece]:
    """Return the pieces that most histories miss by more than the noise, or the one missed most.

    Args:
        side: what the histories are held against.
        counts: shape (histories, columns, days).
    """
    pieces = side.observation.pieces
    typical = np.median(side.misses(counts), axis=0)
    least = min(FARTHEST, float(typical.max()))
    return [piece for piece, miss in zip(pieces, typical.tolist(), strict=True) if miss >= least]


def described(side: TravellerSide, piece: Piece, counts: IntArray) -> str:
    """Return what is asked and what histories give, such as ``...: 326 asked, 0 to 4``."""
    return f"{_asked(side, piece)}, {_range(side, piece, counts)}"


def _refuse(side: TravellerSide, counts: IntArray, runs: str, room: Callable[..., float]) -> None:
    single = _beyond(side, side.observation.single, counts, room)
    # A difference is to blame only where each of the two counts can be reached.
    missed = single or _beyond(side, side.observation.pieces, counts, room)
    if missed:
        raise Unreachable(
            Missed(
                piece.ids[0],
                f"{described(side, piece, counts)} in {len(counts):,} {runs}; "
                f"{_question(side, piece, counts)}",
            )
            for piece in missed
        )


def _beyond(
    side: TravellerSide, pieces: list[Piece], counts: IntArray, room: Callable[..., float]
) -> list[Piece]:
    sums = side.sums(counts, pieces)
    return [piece for n, piece in enumerate(pieces) if _is_beyond(piece, sums[:, n], room)]


def _is_beyond(piece: Piece, sums: FloatArray, room: Callable[..., float]) -> bool:
    if piece.misses(sums).min() <= FARTHEST:
        return False
    logs = log_count(sums)
    low, high = log_count(np.array([piece.low, piece.high])).tolist()
    return bool(
        low - logs.max() > room(logs, above=True) or logs.min() - high > room(logs, above=False)
    )


def _question(side: TravellerSide, piece: Piece, counts: IntArray) -> str:
    """Return what to look at first: the date if the count is one of another day."""
    if len(piece.terms) > 1:
        return "are both counts right, and their dates?"
    by_day = counts[:, side.columns.index(piece.terms[0].column)]
    another_day = bool(((by_day >= piece.low) & (by_day <= piece.high)).any())
    is_last = piece.last_day == side.observation.days - 1
    if another_day:
        return "is the date right?"
    return "is the date right, and the count?" if is_last else "is the count right?"


def _asked(side: TravellerSide, piece: Piece) -> str:
    first, *others = piece.terms
    name = " less ".join([_name(side, first), *(_name(side, other) for other in others)])
    if piece.low == piece.high:
        asked = _number(piece.low)
    elif piece.high == np.inf:
        asked = f"{_number(piece.low)} or more"
    else:
        asked = f"{_number(piece.low)} to {_number(piece.high)}"
    return f"{name}: {asked} asked"


def _name(side: TravellerSide, term: Term) -> str:
    place, series = term.column
    date = side.scenario.calendar.start + dt.timedelta(days=term.day)
    return f"{place} {series} on {date.day} {date:%B}"


def _range(side: TravellerSide, piece: Piece, counts: IntArray) -> str:
    sums = side.sums(counts, [piece])[:, 0]
    least, most = _number(float(sums.min())), _number(float(sums.max()))
    return least if least == most else f"{least} to {most}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,g}"
