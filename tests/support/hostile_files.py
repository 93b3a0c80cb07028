"""Broken and hostile files made of the shipped ones, and what must come of every one of them.

A case is a shipped file and a seed: the same case is the same bytes everywhere.
"""

import importlib
import os
import shutil
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml
from hostile_values import CODE, DATES, NUMBERS, PATHS, WORDS
from mutations import Tree, changed_bytes
from shipped import ROOT, SCENARIOS
from watch import watched

from calibration.priors import SHIPPED_PRIORS, read_priors
from calibration.targets_file import SHIPPED_TARGETS, read_targets
from sim.experiment.ensemble import EnsembleError, read_ensemble
from sim.experiment.sweep.loader import Plan, load_sweep
from sim.scenario import presets
from sim.scenario.loader import load_scenario, read_scenario, write_scenario
from sim.scenario.reading.errors import ScenarioError
from sim.scenario.reading.extends import resolve
from sim.scenario.schema import Scenario
from sim.shipped import shipped_ensembles

ENSEMBLE = shipped_ensembles()["articles_2020"]
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*SCENARIOS.rglob("*.yaml"), SHIPPED_TARGETS, SHIPPED_PRIORS, ENSEMBLE)
)
"""What cases are made of, from the top of the checkout."""

_PRESETS = Path(presets.__file__).parent
_OTHER_KINDS = [file for file in FILES if "sweeps/q" in file or "calibration" in file]
_RARE = 4
_PAIRS = 5
"""Of the ensemble: as good as all, and quicker."""


@dataclass(frozen=True)
class Verdict:
    """What came of a case.

    Attributes:
        outcome: ``valid``, ``refused`` or ``failure``.
        words: what it was refused with, or what is wrong with the program.
        worlds: how many scenarios were checked: points times policies of a sweep, else 1.
        seconds: processor time of the loading alone.
    """

    outcome: str
    words: str = ""
    worlds: int = 1
    seconds: float = 0.0


def make_folder(folder: Path) -> Path:
    """Make a folder for cases: the shipped files, snares beside them, and what must stay unread."""
    (folder / "outside").mkdir(parents=True)
    (folder / "outside" / "secret.yaml").write_text("name: secret\n", "utf-8")
    shutil.copytree(SCENARIOS, folder / "scenarios")
    (folder / "calibration").mkdir()
    for place in (folder / "scenarios", *(folder / "scenarios").glob("*/"), folder / "calibration"):
        (place / "link.yaml").symlink_to(folder / "outside" / "secret.yaml")
        (place / "up").symlink_to(folder / "outside")
        (place / "loop.yaml").symlink_to(place / "loop.yaml")
        (place / "device.yaml").symlink_to("/dev/zero")
        (place / "folder.yaml").mkdir()
        os.mkfifo(place / "pipe.yaml")
    return folder


@dataclass(frozen=True)
class Case:
    """A shipped file, and the seed of what is done to it."""

    file: str
    seed: int

    def write(self, folder: Path) -> tuple[Path, list[str]]:
        """Write the case into a folder of ``make_folder``; return its path and its settings."""
        rng = Random(f"{self.file} {self.seed}")
        raw = (ROOT / self.file).read_bytes()
        settings: list[str] = []
        path = folder / Path(self.file).with_name(f"case{Path(self.file).suffix}")
        if self.file.endswith(".csv"):
            raw = b"".join(raw.splitlines(keepends=True)[: 2 + _PAIRS])
            path.write_bytes(_changed(raw, rng))
            return path, settings
        data = _data(self.file)
        is_written_out = "extends" in data and rng.random() < 0.5
        tree = Tree(_data(self.file, is_written_out), rng)
        if rng.random() < 0.75:
            for _ in range(rng.choice([1, 1, 1, 2, 5])):
                tree.change()
            raw = tree.written().encode("utf-8", "surrogatepass")
        if rng.random() < 0.3:
            raw = _changed(raw, rng)
        if rng.random() < 0.3:
            settings = [_setting(tree.data, rng) for _ in range(rng.choice([1, 3]))]
        counts = (SCENARIOS / "two_ports_counts.csv").read_bytes()
        path.with_suffix(".csv").write_bytes(_changed(counts, rng))
        path.write_bytes(raw)
        return path, settings

    def judge(self, folder: Path) -> Verdict:
        """Load the case as the program does, and return what came of it."""
        path, settings = self.write(folder)
        # A sweep may name scenarios in the folder above its own.
        may_read = path.parent.parent if path.parent.name == "sweeps" else path.parent
        with watched([may_read, _PRESETS]) as seen, warnings.catch_warnings():
            warnings.simplefilter("error")
            began = time.process_time()
            try:
                loaded = _load(path, settings)
                verdict = Verdict("valid", worlds=_worlds(loaded))
            except ScenarioError as error:
                verdict = _of_problems(error, may_read)
            except EnsembleError as error:
                verdict = _of_words(str(error), path)
            except Exception as error:  # Whatever it is, it is a failure of the program.
                verdict = Verdict("failure", f"{type(error).__name__}: {error}"[:500])
            seconds = time.process_time() - began
        if seen:
            verdict = Verdict("failure", "; ".join(seen)[:500])
        elif verdict.outcome == "valid" and isinstance(loaded, Scenario):
            verdict = _written_and_read(loaded, path.with_name("written.yaml"))
        return replace(verdict, seconds=seconds)


def cases_from(first: int, seeds: int) -> Iterator[Case]:
    """Yield the cases of so many seeds; of sweeps, each of which is many scenarios, fewer."""
    for seed in range(first, first + seeds):
        for file in FILES:
            if seed % _RARE == 0 or "sweeps" not in file:
                yield Case(file, seed)


def warm_up(folder: Path) -> None:
    """Load and refuse something of every kind, so that nothing is imported while it is watched."""
    importlib.import_module("scipy.stats")  # Designs need it, and few cases have one.
    for file in ("scenarios/baseline.yaml", *_OTHER_KINDS):
        for seed in range(5):
            Case(file, seed).judge(folder)


def _changed(raw: bytes, rng: Random) -> bytes:
    for _ in range(rng.choice([0, 1, 1, 3])):
        raw = changed_bytes(raw, rng)
    return raw


def _setting(data: Any, rng: Random) -> str:
    """Return a setting of a place that there is, or of one that there is not."""
    path, value = "", data
    while isinstance(value, dict | list) and value and (not path or rng.random() < 0.8):
        key = rng.choice(list(value) if isinstance(value, dict) else range(len(value)))
        path += f"[{key}]" if isinstance(key, int) else f".{key}"
        value = value[key]
    path = rng.choice([path.lstrip("."), path.lstrip("."), str(rng.choice(PATHS + WORDS))])
    return f"{path}={rng.choice([*NUMBERS, *DATES, *WORDS, *PATHS, *CODE, '[[', '{a: {b: 1}}'])}"


@cache
def _data(file: str, is_written_out: bool = False) -> Any:
    """Return what a shipped file says: as it stands, or with what it extends written out."""
    path = ROOT / file
    return resolve(path).data if is_written_out else yaml.safe_load(path.read_bytes())


@cache
def _baseline() -> Scenario:
    return load_scenario(SCENARIOS / "baseline.yaml")


def _load(path: Path, settings: list[str]) -> Any:
    if path.suffix == ".csv":
        return read_ensemble(path).for_scenario(_baseline())
    if path.parent.name == "sweeps":
        return load_sweep(path)
    if path.parent.name == "calibration":
        # Both readers see every file of either kind.
        reader = read_targets if b"targets" in path.read_bytes() else read_priors
        return reader(path, _baseline())
    return read_scenario(path, settings)[0]


def _worlds(loaded: Any) -> int:
    return len(loaded.points) * len(loaded.policies) if isinstance(loaded, Plan) else 1


def _of_problems(error: ScenarioError, folder: Path) -> Verdict:
    """Return ``refused`` if every problem says where it is, in one line that can be printed."""
    for problem in error.problems:
        is_known = problem.file == "--set" or Path(problem.file).is_relative_to(folder)
        has_place = problem.line >= 1 and problem.column >= 1 and bool(problem.message)
        if not (is_known and has_place and str(problem).isprintable()):
            return Verdict("failure", f"a problem without a place: {problem!r}"[:500])
    if not error.problems:
        return Verdict("failure", "refused without a reason")
    return Verdict("refused", str(error.problems[0]))


def _of_words(words: str, path: Path) -> Verdict:
    # The values of an ensemble that are out of range have no line: they are extremes of many.
    is_plain = words.startswith((f"{path}", "scenario '", "a value of the ensemble"))
    return Verdict("refused" if is_plain else "failure", words[:500])


def _written_and_read(scenario: Scenario, path: Path) -> Verdict:
    """Return ``valid`` if what a run writes beside its results is the same scenario again."""
    path.write_text(write_scenario(scenario), "utf-8")
    try:
        again, _ = read_scenario(path)
    except ScenarioError as error:
        return Verdict("failure", f"valid, but not once it is written: {error}"[:500])
    if again.digest != scenario.digest:
        return Verdict("failure", "valid, but another one once it is written")
    return Verdict("valid")
