"""``python -m benchmarks.mutation``: how many small faults in the code the tests find."""

import compileall
import gc
import importlib
import json
import os
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import Phase, settings

from benchmarks.mutation.mutants import Mutant, mutants_of, sampled
from benchmarks.mutation.report import print_report
from benchmarks.mutation.tested_lines import LineMeter, MeasuredTest, read_measured
from benchmarks.mutation.trial import QUIET, tried

ROOT = Path(__file__).parents[2]
SAMPLES = {"sim/world": 650, "calibration": 270}
"""Mutants that are drawn of each package."""

_COPIED = ("sim", "calibration", "scenarios", "tests", "docs", "benchmarks")
_FILES = ("pyproject.toml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "mkdocs.yml")
_PRELOADED = (
    "hypothesis",
    "mesa",
    "numpy",
    "pandas",
    "scipy.optimize",
    "scipy.stats",
    "sim.scenario.checks",
    "sim.scenario.loader",
    "sim.scenario.presets",
    "sim.scenario.schema",
)
"""What no mutant is in, imported once."""

_OF_CALIBRATION = ("sim.experiment.replicates", "sim.experiment.run_store", "sim.world.outcomes")
"""What no mutant of ``calibration`` is in."""

_CONTROLS = 30
"""Tests that have to pass without a fault, before any is made."""

settings.register_profile("mutation", phases=[Phase.explicit, Phase.generate], database=None)


@click.group()
def main() -> None:
    """Make mutants, and see which of them the tests kill."""


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("tests", nargs=-1, required=True)
@click.option("--lines", type=Path, default="results/mutation/lines.jsonl", show_default=True)
def measure(tests: tuple[str, ...], lines: Path) -> None:
    """Measure which of TESTS (files, or what else pytest takes) runs which lines."""
    lines.parent.mkdir(parents=True, exist_ok=True)
    packages = [package.replace("/", ".") for package in SAMPLES]
    meter = LineMeter(ROOT, packages, lines.absolute())
    chosen = [option for option in QUIET if option != "-x"]
    sys.exit(pytest.main([*chosen, "--hypothesis-seed=0", *tests], plugins=[meter]))


@main.command()
@click.option("--lines", type=Path, default="results/mutation/lines.jsonl", show_default=True)
@click.option("--out", type=Path, default="results/mutation/verdicts.jsonl", show_default=True)
@click.option("--package", type=click.Choice(list(SAMPLES)), multiple=True, default=list(SAMPLES))
@click.option("--seed", default=1, show_default=True, help="Of the sample.")
@click.option(
    "--longest", default=3.0, show_default=True, help="CPU seconds of a test that is run."
)
@click.option("--again", is_flag=True, help="Only try those again that have survived so far.")
def run(
    lines: Path, out: Path, package: tuple[str, ...], seed: int, longest: float, again: bool
) -> None:
    """Try the sample; what has a verdict already is not tried again."""
    measured = [test for test in read_measured(lines) if test.seconds <= longest]
    out = out.absolute()
    known = {(v["path"], v["number"]): v for v in _verdicts(out)}
    chosen = [
        mutant
        for name in package
        for mutant in _sample(name, seed)
        if _is_wanted(known.get((mutant.path, mutant.number)), again=again)
    ]
    kills: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for verdict in known.values():
        kills[verdict["path"]][verdict["by"]] += 1
    preloaded = _PRELOADED if "sim/world" in package else (*_PRELOADED, *_OF_CALIBRATION)
    with _copy_of_the_checkout(preloaded) as copy, out.open("a", encoding="utf-8") as file:
        quickest = sorted(measured, key=lambda test: test.seconds)[:_CONTROLS]
        control = tried(None, copy, [test.name for test in quickest], longest * _CONTROLS)
        if control.killed:
            raise click.ClickException(f"without a fault fails: {control.by}")
        for done, mutant in enumerate(chosen, 1):
            tests = _tests_of(mutant, measured, kills[mutant.path])
            names = [test.name for test in tests]
            verdict = tried(mutant, copy, names, sum(test.seconds for test in tests))
            kills[mutant.path][verdict.by] += 1
            entry = {
                "path": mutant.path,
                "number": mutant.number,
                "line": mutant.first,
                "change": mutant.change,
                "tests": len(names),
                **asdict(verdict),
            }
            file.write(json.dumps(entry) + "\n")
            file.flush()
            click.echo(f"{done}/{len(chosen)} {mutant.path}:{mutant.first} {verdict}")


@main.command()
@click.option("--out", type=Path, default="results/mutation/verdicts.jsonl", show_default=True)
@click.option("--survivors", is_flag=True, help="Show every mutant that survived.")
def report(out: Path, survivors: bool) -> None:
    """Print the table of files, with rates and their intervals."""
    sizes = {path: len(mutants_of(ROOT, path)) for name in SAMPLES for path in _files_of(name)}
    print_report(_verdicts(out), sizes, show_survivors=survivors)


def _is_wanted(verdict: dict[str, Any] | None, *, again: bool) -> bool:
    return (verdict is not None and not verdict["killed"]) if again else verdict is None


def _files_of(package: str) -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in (ROOT / package).glob("*.py"))


def _sample(package: str, seed: int) -> list[Mutant]:
    every = [mutant for path in _files_of(package) for mutant in mutants_of(ROOT, path)]
    return list(sampled(every, SAMPLES[package], seed))


def _verdicts(out: Path) -> list[dict[str, Any]]:
    """Return the last verdict on every mutant that has one."""
    if not out.exists():
        return []
    entries = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    return list({(entry["path"], entry["number"]): entry for entry in entries}.values())


def _tests_of(
    mutant: Mutant, measured: Iterable[MeasuredTest], kills: Counter[str]
) -> list[MeasuredTest]:
    """Return the tests that run the statement; those first that killed most in this file.

    What is run by imports alone, no test seems to run: then all that run anything of the file.
    """
    fault = set(range(mutant.first, mutant.last + 1))
    of_file = [test for test in measured if mutant.path in test.lines]
    tests = [test for test in of_file if fault & test.lines[mutant.path]]
    if mutant.at_import or not tests:
        tests = of_file
    return sorted(tests, key=lambda test: (-kills[test.name], test.seconds))


@contextmanager
def _copy_of_the_checkout(preloaded: Iterable[str]) -> Iterator[Path]:
    """Make the present folder a copy that may be changed, and import what is not."""
    with tempfile.TemporaryDirectory(prefix="mutation") as name:
        copy = Path(name)
        for folder in _COPIED:
            shutil.copytree(ROOT / folder, copy / folder)
        for file in _FILES:
            shutil.copy(ROOT / file, copy)
        os.chdir(copy)
        sys.path[:] = [name, *(path for path in sys.path if path not in ("", str(ROOT)))]
        os.environ["PYTHONPATH"] = name
        # Byte code of modules and tests is kept in the copy, for all mutants that follow.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        sys.dont_write_bytecode = False
        compileall.compile_dir(name, quiet=2)
        settings.load_profile("mutation")
        for module in preloaded:
            importlib.import_module(module)
        gc.freeze()  # or every child would look through all that is imported
        yield copy
        os.chdir(ROOT)


if __name__ == "__main__":
    main()
