"""What the manifests of a run, a comparison and a sweep say."""

from pathlib import Path

from pydantic import BaseModel, ValidationError

from sim.scenario.quantities import Name
from sim.view.report.reading import FolderError, damaged, read_object


class PolicyEntry(BaseModel):
    """A policy that was run."""

    name: Name
    digest: str
    runs: str


class FailureEntry(BaseModel):
    """A run that failed."""

    variant: str = ""
    seed: int
    reason: str


class Manifest(BaseModel):
    """What all manifests say."""

    command: list[str]
    started: str
    finished: str
    seconds: float
    versions: dict[str, str]
    machine: dict[str, str]
    failures: list[FailureEntry]
    model: str = ""


class CompareManifest(Manifest):
    """The manifest of ``bordersim compare``."""

    baseline: Name
    policies: list[PolicyEntry]
    pairs: int
    pairs_asked_for: int
    until_precision: dict[str, float]


class SweepManifest(Manifest):
    """The manifest of ``bordersim sweep``."""

    sweep: Name
    question: str = ""
    points: int
    policies: list[PolicyEntry]


class RunManifest(Manifest):
    """The manifest of ``bordersim run`` for one scenario."""

    scenario: Name
    scenario_digest: str
    runs: str
    seeds_requested: list[int]
    seeds_finished: list[int]
    interrupted: bool


_KINDS: dict[str, type[CompareManifest | SweepManifest | RunManifest]] = {
    "baseline": CompareManifest,
    "sweep": SweepManifest,
    "scenario": RunManifest,
}
"""Which manifest it is, by the entry that it alone has."""


def read_manifest(folder: Path) -> CompareManifest | SweepManifest | RunManifest:
    """Return the manifest of a folder of results.

    Raises:
        FolderError: there is none, or it is damaged, or one of something else.
    """
    path = folder / "manifest.json"
    if not path.is_file():
        raise _nothing_to_report(folder)
    data = read_object(path)
    for entry, kind in _KINDS.items():
        if entry in data:
            try:
                return kind.model_validate(data)
            except ValidationError as error:
                (problem, *_) = error.errors()
                field = ".".join(map(str, problem["loc"]))
                raise damaged(path, f"{field}: {problem['msg']}") from error
    raise damaged(path, "it is that of no run, comparison or sweep")


def _nothing_to_report(folder: Path) -> FolderError:
    if not folder.is_dir():
        return FolderError(f"{folder}: there is no such folder")
    within = sorted(path.parent for path in folder.glob("*/manifest.json"))
    hint = f"; perhaps {' or '.join(map(str, within[:3]))}" if within else ""
    return FolderError(
        f"{folder}: no results of bordersim run, compare or sweep: manifest.json is missing{hint}"
    )
