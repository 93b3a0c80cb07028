"""The folder that a run, a comparison or a sweep writes: scenarios, manifest and tables."""

import datetime as dt
import json
import os
import platform
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

import sim
from sim.experiment.campaign import Campaign
from sim.experiment.comparison import Comparison
from sim.experiment.fingerprint import model_fingerprint
from sim.experiment.precision import Precision
from sim.experiment.replicates import Replicates
from sim.experiment.sweep.results import SweepResults
from sim.experiment.tables import (
    cases_table,
    fates_table,
    line_list_table,
    outcomes_table,
    parameters_table,
    series_quantiles,
    summary_table,
    transmissions_table,
)
from sim.scenario.loader import write_scenario
from sim.scenario.schema import Scenario

_UNFINISHED = ".unfinished"
"""How the name of a file ends that is being written."""

_PACKAGES = ("mesa", "numpy", "scipy", "pandas", "pydantic")


def write_run(
    replicates: Replicates,
    folder: Path,
    *,
    command: Sequence[str],
    started: dt.datetime,
    runs: str,
    with_line_list: bool = False,
) -> None:
    """Write everything but the figures into ``folder``.

    Every file is written whole or not at all, so that an interruption leaves none half done.

    Args:
        replicates: the finished runs; without any, only the scenario and the manifest are written.
        folder: is made if it does not exist.
        command: the command line, for the manifest.
        started: when the command started.
        runs: where the parameters and seeds come from, for the manifest.
        with_line_list: also write ``linelist.csv`` and ``transmissions.csv``.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / "scenario.yaml", write_scenario(replicates.scenario))
    tables: dict[str, Callable[[Replicates], pd.DataFrame]] = {
        "outcomes.csv": outcomes_table,
        "outcomes_summary.csv": summary_table,
        "series_quantiles.csv": series_quantiles,
        "fates_by_entry_day.csv": fates_table,
        "cases_by_onset.csv": cases_table,
    }
    if any(member.parameters for member in replicates.members.values()):
        tables["parameters.csv"] = parameters_table
    if with_line_list:
        tables |= {"linelist.csv": line_list_table, "transmissions.csv": transmissions_table}
    if replicates.results:
        for name, table in tables.items():
            write_text(folder / name, table(replicates).to_csv(index=False, lineterminator="\n"))
    manifest = _manifest(replicates, command, started, runs)
    write_text(folder / "manifest.json", json.dumps(manifest, indent=2) + "\n")


def write_comparison(
    comparison: Comparison,
    folder: Path,
    *,
    command: Sequence[str],
    started: dt.datetime,
    notes: Sequence[str],
    wanted: Sequence[Precision],
) -> None:
    """Write scenarios, manifest and tables of a comparison; without pairs there are no tables.

    Args:
        comparison: finished pairs of runs.
        folder: where to.
        command: the command line, for the manifest.
        started: when the command started.
        notes: where the parameters and seeds of each policy come from.
        wanted: precision at which runs were to end; empty: none.

    Raises:
        OSError: the folder cannot be written.
    """
    _write_scenarios([policy.scenario for policy in comparison.policies], folder)
    manifest = {
        "command": list(command),
        "baseline": comparison.baseline.name,
        "policies": [
            {"name": policy.name, "digest": policy.scenario.digest, "runs": note}
            for policy, note in zip(comparison.policies, notes, strict=True)
        ],
        "pairs": comparison.pairs,
        "pairs_asked_for": len(comparison.baseline.members),
        "until_precision": {of.outcome: of.half_width for of in wanted},
        "model": model_fingerprint(),
        "failures": _failures_of(comparison.campaign),
        **circumstances(started),
    }
    write_text(folder / "manifest.json", json.dumps(manifest, indent=2) + "\n")
    if comparison.pairs:
        write_csv(folder / "outcomes.csv", comparison.outcomes_tables())
        write_csv(folder / "differences.csv", [comparison.differences_table()])


def write_sweep(
    results: SweepResults,
    summary: pd.DataFrame,
    folder: Path,
    *,
    command: Sequence[str],
    started: dt.datetime,
    notes: Sequence[str],
    text: str,
) -> None:
    """Write scenarios, tables and manifest of a sweep.

    Args:
        results: finished runs.
        summary: of them.
        folder: where to.
        command: the command line, for the manifest.
        started: when the command started.
        notes: where the parameters and seeds of each policy come from.
        text: of the sweep file.

    Raises:
        OSError: the folder cannot be written.
    """
    plan = results.plan
    _write_scenarios(plan.policies, folder)
    write_text(folder / "sweep.yaml", text)
    write_csv(folder / "outcomes.csv", results.outcomes_tables())
    write_csv(folder / "summary.csv", [summary])
    write_csv(folder / "failures.csv", [results.failures_table()])
    manifest = {
        "command": list(command),
        "sweep": plan.sweep.name,
        "question": plan.sweep.question,
        "factors": {
            factor.name: {"label": factor.label, "paths": factor.paths} for factor in plan.factors
        },
        "points": len(plan.points),
        "policies": [
            {"name": policy.name, "digest": policy.digest, "runs": note}
            for policy, note in zip(plan.policies, notes, strict=True)
        ],
        "model": model_fingerprint(),
        "failures": _failures_of(results.campaign),
        **circumstances(started),
    }
    write_text(folder / "manifest.json", json.dumps(manifest, indent=2) + "\n")


def _write_scenarios(scenarios: Sequence[Scenario], folder: Path) -> None:
    (folder / "scenarios").mkdir(exist_ok=True)
    for scenario in scenarios:
        write_text(folder / "scenarios" / f"{scenario.name}.yaml", write_scenario(scenario))


def _failures_of(campaign: Campaign) -> list[dict[str, Any]]:
    return [
        {
            "variant": variant.name,
            "seed": member.seed,
            "reason": failure.reason,
            "details": failure.details,
            "parameters": dict(member.parameters),
        }
        for variant, member, failure in campaign.failures()
    ]


def check_writable(folder: Path) -> None:
    """Make ``folder`` and try to write a file in it, before hours of work depend on it.

    Raises:
        OSError: it cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


def remove_unfinished(folder: Path) -> None:
    """Remove what a process that was killed had begun to write in ``folder``, and below it.

    To be called only while no other process writes there.
    """
    for path in folder.rglob(f".*{_UNFINISHED}"):
        path.unlink(missing_ok=True)


def _manifest(
    replicates: Replicates, command: Sequence[str], started: dt.datetime, runs: str
) -> dict[str, Any]:
    return {
        "command": list(command),
        "scenario": replicates.scenario.name,
        "scenario_digest": replicates.scenario.digest,
        "model": model_fingerprint(),
        "runs": runs,
        "seeds_requested": list(replicates.members),
        "seeds_finished": [result.seed for result in replicates.results],
        "failures": [
            {"seed": f.seed, "reason": f.reason, "details": f.details} for f in replicates.failures
        ],
        "interrupted": replicates.interrupted,
        **circumstances(started),
    }


def circumstances(started: dt.datetime) -> dict[str, Any]:
    """Return when, how long, with which versions and on what machine, for a manifest."""
    finished = dt.datetime.now(dt.UTC)
    return {
        "started": started.isoformat(timespec="seconds"),
        "finished": finished.isoformat(timespec="seconds"),
        "seconds": round((finished - started).total_seconds(), 1),
        "versions": {
            "bordersim": sim.__version__,
            "python": platform.python_version(),
            **{package: version(package) for package in _PACKAGES},
        },
        "machine": {"system": platform.system(), "processor": platform.machine()},
    }


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    write_bytes(path, text.encode("utf-8"))


def write_csv(path: Path, tables: Iterable[pd.DataFrame]) -> None:
    """Write tables of the same columns one below the other, the file whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    with _whole(path) as file:
        for number, table in enumerate(tables):
            rows = table.to_csv(index=False, header=number == 0, lineterminator="\n")
            file.write(rows.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    with _whole(path) as file:
        file.write(content)


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """Yield a file that takes the place of ``path`` if all goes well, and is gone otherwise.

    Raises:
        OSError: it cannot be written; it names ``path`` and not the file that is gone.
    """
    try:
        handle, temporary = tempfile.mkstemp(
            dir=path.parent, prefix=f".{path.name}.", suffix=_UNFINISHED
        )
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
            # mkstemp makes files that only their owner may read.
            Path(temporary).chmod(0o666 & ~_umask())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
