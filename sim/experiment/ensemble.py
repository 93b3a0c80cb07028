"""Ensembles: pairs of parameters and random numbers that a fit has found to agree with counts.

A file is a CSV table with one pair per row, below one line of JSON that says where it comes from.
The columns are ``seed``, ``seed_overrides`` and a parameter each. ``seed_overrides`` names the
streams of random numbers and the blocks of travel groups in them that have a seed of their own,
such as ``TEST:00f0:123`` for blocks 4 to 7 of the stream ``TEST``, several with a blank between.
"""

import csv
import datetime as dt
import hashlib
import io
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from sim.experiment.fitted_periods import Periods, places_in
from sim.experiment.parameters import (
    Parameters,
    parameters_digest,
    steps,
    value_at,
    why_refused,
)
from sim.scenario.reading.errors import shorten
from sim.scenario.reading.ordinary_file import FileRefused, read_ordinary
from sim.scenario.schema import Scenario
from sim.world.draws import BLOCKS, Stream

_SEED, _SEED_OVERRIDES = "seed", "seed_overrides"

_NAMES = {stream: stream.name for stream in Stream}
"""Looked up for each of hundreds of thousands of numbers: an enum takes longer."""

_MOST_BYTES = 300_000_000
"""Room for a hundred thousand pairs."""


class EnsembleError(ValueError):
    """A file is not an ensemble, or not one for this scenario; the message says why."""


@dataclass(frozen=True)
class Member:
    """What tells the runs of one scenario apart.

    Attributes:
        seed: seed of all draws.
        parameters: values that replace those of the scenario.
        seed_overrides: seeds that replace ``seed`` for a block of travel groups in a stream each.
    """

    seed: int
    parameters: Parameters = field(default_factory=dict)
    seed_overrides: Mapping[tuple[Stream, int], int] = field(default_factory=dict)

    def at(self, places: Mapping[str, Sequence[str]]) -> "Member":
        """Return the member with its values at other paths, each at as many as ``places`` says.

        Where that is none, the scenario keeps its own.
        """
        moved = {place: value for path, value in self.parameters.items() for place in places[path]}
        return replace(self, parameters=moved)

    @cached_property
    def identity(self) -> tuple[str, str]:
        """Digest of the parameters, and what names the random numbers."""
        return parameters_digest(self.parameters), self._random_numbers()

    def _random_numbers(self) -> str:
        if not self.seed_overrides:
            return str(self.seed)
        overrides = self.seed_overrides.items()
        said = sorted((_NAMES[stream], block, seed) for (stream, block), seed in overrides)
        return f"{self.seed} {hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]}"


@dataclass(frozen=True)
class Ensemble:
    """Fitted pairs of parameters and random numbers.

    Attributes:
        members: the pairs; their seeds differ.
        base: values of the parameters in the scenario that was fitted.
        provenance: where it comes from: name of the scenario, digests, budget.
        periods: of the timelines that parameters are in, in the scenario that was fitted.
    """

    members: tuple[Member, ...]
    base: Parameters
    provenance: Mapping[str, Any] = field(default_factory=dict)
    periods: Periods = field(default_factory=dict)

    def overridden(self, scenario: Scenario, varied: Sequence[str] = ()) -> list[str]:
        """Return the parameters that ``scenario`` itself sets, otherwise than the one fitted.

        These stay as the scenario says: a file that changes them means it, and so does a setting
        to whatever value. A list, such as days of tests, is meant as a whole. Where a timeline has
        more or fewer periods than the fitted one, values go with the dates.

        Args:
            scenario: what is to be run.
            varied: paths that are set to other values later.
        """
        return [path for path, of in self._places(scenario, varied).items() if not of]

    def _places(self, scenario: Scenario, varied: Sequence[str]) -> dict[str, list[str]]:
        """Return the paths in ``scenario`` that take each value from the fit."""
        by_hand = [*(scenario.set_by_hand or ()), *varied]
        places = places_in(scenario, self.base, self.periods)
        meant = {
            _whole(place)
            for path, of in places.items()
            for place in of
            if value_at(scenario, place) != self.base[path]
        }
        return {
            path: [
                place
                for place in of
                if _whole(place) not in meant and not any(is_below(place, s) for s in by_hand)
            ]
            for path, of in places.items()
        }

    def for_scenario(self, scenario: Scenario, varied: Sequence[str] = ()) -> list[Member]:
        """Return the pairs with the parameters that ``scenario`` leaves to them.

        Args:
            scenario: what is to be run.
            varied: see ``overridden``.

        Raises:
            EnsembleError: the ensemble was fitted to another scenario, or a value is outside the
                range of its field.
        """
        places = self._places(scenario, varied)
        described = [path for path in self.base if getattr(scenario, str(steps(path)[0]), None)]
        kept = [path for path in described if places[path]]
        if len(kept) <= len(described) / 2:
            raise EnsembleError(
                f"scenario '{scenario.name}' has {len(kept)} of the {len(described)} values that "
                "the ensemble was fitted with: it was fitted to another scenario"
            )
        members = [member.at(places) for member in self.members]
        check_range(scenario, members)
        return members

    def as_fitted(self, scenario: Scenario) -> list[Member]:
        """Return the pairs with all their parameters, whatever ``scenario`` has in their place.

        Raises:
            EnsembleError: the scenario has no such parameter, or a value is outside the range of
                its field.
        """
        check_range(scenario, self.members)
        return list(self.members)


def _whole(path: str) -> str:
    """Return the path of the list that a path is an item of; otherwise the path itself."""
    return path.rpartition("[")[0] if path.endswith("]") else path


def check_range(scenario: Scenario, members: Sequence[Member]) -> None:
    """Make sure that ``scenario`` can have the parameters of all ``members``.

    Raises:
        EnsembleError: it has no such parameter, or a value is outside the range of its field.
    """
    values = defaultdict[str, list[float]](list)
    for member in members:
        for path, value in member.parameters.items():
            values[path].append(value)
    for choose in (min, max):
        ends = {path: choose(of) for path, of in values.items()}
        try:
            reason = why_refused(scenario, ends)
        except KeyError as error:
            raise EnsembleError(str(error.args[0])) from error
        if reason:
            said = _refused_value(scenario, ends) or reason
            raise EnsembleError(f"a value of the ensemble is out of range: {said}")


def _refused_value(scenario: Scenario, values: Parameters) -> str:
    """Return which value is refused by itself and why, or ``""`` if none is."""
    for path, value in values.items():
        reason = why_refused(scenario, {path: value})
        if reason:
            return f"{path}: {reason}, got {value:.6g}"
    return ""


def is_below(path: str, setting: str) -> bool:
    """Tell whether a setting of one path decides the value at another."""
    return path == setting or path.startswith((f"{setting}.", f"{setting}["))


def seeds_only(first: int, count: int) -> list[Member]:
    """Return members with the parameters of the scenario and the seeds from ``first`` on."""
    return [Member(seed) for seed in range(first, first + count)]


def write_ensemble(ensemble: Ensemble) -> str:
    """Return the text of the file of an ensemble; every number reads back to the last bit."""
    text = io.StringIO()
    periods = {
        timeline: [[day and day.isoformat() for day in dates] for dates in of]
        for timeline, of in ensemble.periods.items()
    }
    head = {"base": dict(ensemble.base), "periods": periods, **ensemble.provenance}
    text.write(f"# {json.dumps(head)}\n")
    table = csv.writer(text, lineterminator="\n")
    table.writerow([_SEED, _SEED_OVERRIDES, *ensemble.base])
    for member in ensemble.members:
        values = [repr(float(member.parameters[path])) for path in ensemble.base]
        table.writerow([member.seed, _coded(member.seed_overrides), *values])
    return text.getvalue()


def read_ensemble(path: str | Path) -> Ensemble:
    """Return the ensemble in a file.

    Raises:
        EnsembleError: the file cannot be read, or is not an ensemble; the message names the line.
    """
    path = Path(path)
    try:
        lines = read_ordinary(path, _MOST_BYTES).decode("utf-8").splitlines()
    except (FileRefused, UnicodeDecodeError) as error:
        raise EnsembleError(f"{path} cannot be read: {error}") from error
    head, base, periods = _head(path, lines)
    rows = csv.reader(lines[1:])
    expected = [_SEED, _SEED_OVERRIDES, *base]
    members = []
    try:
        if next(rows, None) != expected:
            raise EnsembleError(f"{path}:2: the columns are not {shorten(', '.join(expected))}")
        for row in rows:
            seed, seed_overrides, *values = row
            parameters = {name: _finite(value) for name, value in zip(base, values, strict=True)}
            members.append(Member(_seed(seed), parameters, _decoded(seed_overrides)))
    except (csv.Error, ValueError, KeyError) as error:
        if isinstance(error, EnsembleError):
            raise
        why = f"not a member of an ensemble: {shorten(str(error))}"
        raise EnsembleError(f"{path}:{1 + rows.line_num}: {why}") from error
    if not members:
        raise EnsembleError(f"{path}: an ensemble without members")
    if len({member.seed for member in members}) < len(members):
        raise EnsembleError(f"{path}: two members have the same seed")
    return Ensemble(tuple(members), base, head, periods)


def _head(path: Path, lines: Sequence[str]) -> tuple[dict[str, Any], dict[str, float], Periods]:
    try:
        if not lines or not lines[0].startswith("# "):
            raise ValueError("no line of JSON after a '#'")
        head = json.loads(lines[0].removeprefix("# "))
        base = {str(name): _finite(value) for name, value in head.pop("base").items()}
        periods = {
            str(timeline): [(_day(first), _day(end)) for first, end in of]
            for timeline, of in head.pop("periods", {}).items()
        }
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        why = f"not the head of an ensemble: {shorten(str(error))}"
        raise EnsembleError(f"{path}:1: {why}") from error
    return head, base, periods


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("only finite numbers are allowed")
    return number


def _seed(text: str) -> int:
    seed = int(text)
    if not 0 <= seed < 2**63:
        raise ValueError("a seed is a whole number from 0 to 2^63 - 1")
    return seed


def _coded(seed_overrides: Mapping[tuple[Stream, int], int]) -> str:
    """Write seeds as ``STREAM+STREAM:blocks:seed``, the blocks as a hexadecimal mask."""
    masks: defaultdict[tuple[Stream, int], int] = defaultdict(int)
    for (stream, block), seed in seed_overrides.items():
        masks[stream, seed] |= 1 << block
    streams: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for (stream, seed), mask in sorted(masks.items()):
        streams[mask, seed].append(stream.name)
    return " ".join(f"{'+'.join(of)}:{mask:04x}:{seed}" for (mask, seed), of in streams.items())


def _decoded(text: str) -> dict[tuple[Stream, int], int]:
    seed_overrides = {}
    for entry in text.split():
        streams, mask, seed = entry.split(":")
        blocks = int(mask, 16)
        for stream in streams.split("+"):
            for block in range(BLOCKS):
                if blocks >> block & 1:
                    seed_overrides[Stream[stream], block] = _seed(seed)
    return seed_overrides
