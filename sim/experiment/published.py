"""Runs the settings of a published study, and compares the results with what is printed."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.experiment.campaign import Campaign, Variant
from sim.experiment.ensemble import seeds_only
from sim.experiment.half_width import FEWEST, half_width
from sim.experiment.outcome_registry import OUTCOMES, with_value
from sim.experiment.run_store import RunStore
from sim.scenario.loader import scenario_of
from sim.scenario.published import Published, PublishedValue
from sim.scenario.reading.errors import SETTING, Loc, Problem, ScenarioError, closest
from sim.scenario.reading.extends import resolve
from sim.scenario.reading.settings import apply_settings, setting_of
from sim.scenario.reading.strict_yaml import Document
from sim.scenario.reading.validation import Finding, problem_of
from sim.scenario.schema import Scenario
from sim.world.draws import FloatArray

_SECTION = "published"

Outcomes = Mapping[str, FloatArray]
"""Outcomes of the runs of a scenario by name, shape (runs,) each."""


@dataclass(frozen=True)
class Worlds:
    """The worlds that a published number is of.

    Attributes:
        value: the number.
        published: the publication that it is of.
        settings: one scenario, or one for each value that it is averaged over.
        references: the scenarios that these are compared with, in the same order; or none.
    """

    value: PublishedValue
    published: Published
    settings: Sequence[Scenario]
    references: Sequence[Scenario]

    @property
    def replicates(self) -> int:
        """How many runs the number is of."""
        return self.value.replicates or self.published.replicates


@dataclass(frozen=True)
class Reproduced:
    """A published number, and what the scenario gives.

    Attributes:
        value: what is published.
        runs: the number of every run, shape (runs,); nan where it has no value.
    """

    value: PublishedValue
    runs: FloatArray

    @property
    def number(self) -> float:
        """What is compared with the published value: a statistic of the runs that have a value."""
        match self.value.statistic:
            case "median":
                return self._quantile(0.5)
            case "q025":
                return self.q025
            case "q975":
                return self.q975
            case _:
                return float(self.known.mean()) if len(self.known) else math.nan

    @property
    def known(self) -> FloatArray:
        """The number of the runs that have a value, shape (runs with a value,)."""
        return with_value(self.runs)

    @property
    def q025(self) -> float:
        """Quantile of the runs at 2.5 %."""
        return self._quantile(0.025)

    @property
    def q975(self) -> float:
        """Quantile of the runs at 97.5 %."""
        return self._quantile(0.975)

    def _quantile(self, share: float) -> float:
        return float(np.quantile(self.known, share)) if len(self.known) else math.nan

    @property
    def error(self) -> float:
        """Standard error of the mean over the runs; nan with fewer than ``FEWEST`` of them."""
        runs = len(self.known)
        return float(self.known.std(ddof=1) / np.sqrt(runs)) if runs >= FEWEST else math.nan

    @property
    def half_width_95(self) -> float:
        """Half the 95 % confidence interval of the mean (Student's t); infinite like ``error``."""
        return half_width(self.known)

    @property
    def agrees(self) -> bool:
        """Whether it lies in the published interval or, without one, within the tolerance."""
        if self.value.interval is not None:
            low, high = self.value.interval
            return low <= self.number <= high
        return abs(self.number - self.value.value) <= (self.value.tolerance or 0.0)


class RunFailed(RuntimeError):
    """A run failed without which there is no result; the message says which and why."""


def load_published(path: Path, settings: Sequence[str] = ()) -> list[Worlds]:
    """Return the worlds of every published number of a scenario file.

    Args:
        path: a file whose scenario is valid and has a section ``published``.
        settings: changes such as ``policies.quarantine_stay=14 d``, of all worlds.

    Raises:
        ScenarioError: carries all problems of the section, also those of what it sets.
    """
    document = apply_settings(resolve(path), settings)
    scenario = scenario_of(document)
    assert scenario.published is not None
    problems, all_worlds = list[Problem](), list[Worlds]()
    for number, value in enumerate(scenario.published.values):
        loc: Loc = (_SECTION, "values", number)
        problems += [problem_of(document, finding) for finding in _findings(loc, value)]
        try:
            all_worlds.append(_worlds(document, loc, value, scenario.published))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return all_worlds


def worlds_as_variants(all_worlds: Iterable[Worlds]) -> list[Variant]:
    """Return what has to be run: equal worlds once, all with the seeds 1, 2, and so on."""
    needed: dict[str, tuple[Scenario, int]] = {}
    for worlds in all_worlds:
        for scenario in (*worlds.settings, *worlds.references):
            _, runs = needed.get(scenario.digest, (scenario, 0))
            needed[scenario.digest] = scenario, max(runs, worlds.replicates)
    return [
        Variant(scenario.name, scenario, seeds_only(1, runs)) for scenario, runs in needed.values()
    ]


def reproduce(
    all_worlds: Sequence[Worlds], store: RunStore | None = None, *, workers: int = 1
) -> list[Reproduced]:
    """Run the worlds of published numbers and return what they give.

    Args:
        all_worlds: of each number.
        store: keeps the runs; None: they are kept nowhere.
        workers: processes; 1 runs here, 0 takes one per processor.

    Raises:
        KeyboardInterrupt: by the user.
        RunFailed: a run failed; the message says which, and why.
    """
    with ExitStack() as opened:
        if store is None:
            store = opened.enter_context(RunStore.temporary())
        campaign = Campaign(worlds_as_variants(all_worlds), store)
        campaign.run(workers=workers)
        for variant, member, failure in campaign.failures():
            where = f"{variant.name}, a published number, seed {member.seed}"
            raise RunFailed(f"{where}: {failure.reason}")
        outcomes = {
            variant.scenario.digest: _outcomes(campaign, number)
            for number, variant in enumerate(campaign.variants)
        }
    return [_reproduced(worlds, outcomes) for worlds in all_worlds]


def reproduced_table(reproduced: Sequence[Reproduced]) -> pd.DataFrame:
    """Return published and simulated numbers, one row per number; see the columns."""
    rows = [
        {
            "what": row.value.what,
            "published": row.value.value,
            "low": (row.value.interval or (np.nan, np.nan))[0],
            "high": (row.value.interval or (np.nan, np.nan))[1],
            "tolerance": row.value.tolerance,
            "statistic": row.value.statistic,
            "runs": len(row.runs),
            "runs_with_value": len(row.known),
            "simulated": row.number,
            "standard_error": row.error,
            "q025": row.q025,
            "q975": row.q975,
            "agrees": row.agrees,
        }
        for row in reproduced
    ]
    return pd.DataFrame(rows)


def _findings(loc: Loc, value: PublishedValue) -> Iterator[Finding]:
    for field in ("outcome", "per"):
        name = getattr(value, field)
        if name is not None and name not in OUTCOMES:
            near = closest(name, OUTCOMES)
            message = "there is no outcome of that name"
            yield Finding((*loc, field), message, got=name, suggestion=near)
    if (value.interval is None) == (value.tolerance is None):
        message = "a value has either its interval or a tolerance"
        yield Finding(loc, message, allowed="interval or tolerance")
    if value.interval is not None and value.interval[0] > value.interval[1]:
        yield Finding((*loc, "interval"), "the upper bound is below the lower bound")


def _worlds(document: Document, loc: Loc, value: PublishedValue, published: Published) -> Worlds:
    """Return the worlds of a number.

    Raises:
        ScenarioError: what it sets is wrong; its problems name the place in the file.
    """
    levels: list[dict[str, Any]] = [{}]
    if value.mean_over is not None:
        levels = [{value.mean_over.path: level} for level in value.mean_over.values]
    settings = [
        _world(document, (*loc, "set"), {**published.set, **value.set, **level}) for level in levels
    ]
    references = []
    if value.against is not None:
        of = {**published.set, **value.against}
        references = [_world(document, (*loc, "against"), {**of, **level}) for level in levels]
    return Worlds(value, published, settings, references)


def _world(document: Document, loc: Loc, changes: Mapping[str, Any]) -> Scenario:
    data = {name: section for name, section in document.data.items() if name != _SECTION}
    marks = {place: mark for place, mark in document.marks.items() if place[:1] != (_SECTION,)}
    settings = [setting_of(path, value) for path, value in changes.items()]
    try:
        changed = apply_settings(replace(document, data=data, marks=marks), settings)
        return scenario_of(changed)
    except ScenarioError as error:
        raise ScenarioError(
            _of_value(problem, document, loc) for problem in error.problems
        ) from error


def _of_value(problem: Problem, document: Document, loc: Loc) -> Problem:
    """Return a problem of a setting as one of the place in the file that the setting stands at."""
    if problem.file != SETTING:
        return problem
    place = problem_of(document, Finding(loc, ""))
    return replace(problem, file=place.file, line=place.line, column=place.column)


def _outcomes(campaign: Campaign, variant: int) -> Outcomes:
    runs = pd.DataFrame([run for run in campaign.outcomes(variant) if run is not None])
    return {name: runs[name].to_numpy(dtype=np.float64) for name in OUTCOMES}


def _reproduced(worlds: Worlds, outcomes: Mapping[str, Outcomes]) -> Reproduced:
    value = worlds.value

    def ratio(scenario: Scenario) -> FloatArray:
        of = outcomes[scenario.digest]
        number = of[value.outcome][: worlds.replicates]
        if value.per is None:
            return number
        return number / _or_undefined(of[value.per][: worlds.replicates])

    numbers = np.stack([ratio(scenario) for scenario in worlds.settings])
    if worlds.references:
        others = np.stack([ratio(scenario) for scenario in worlds.references])
        if value.compared == "difference":
            numbers = numbers - others
        else:
            numbers = 1 - numbers / _or_undefined(others)
    if value.complement:
        numbers = 1 - numbers
    scale = value.scale or worlds.published.scale
    return Reproduced(value, scale * numbers.mean(axis=0))


def _or_undefined(numbers: FloatArray) -> FloatArray:
    """Return numbers to divide by; those that are zero are undefined."""
    return np.where(numbers == 0, np.nan, numbers)
