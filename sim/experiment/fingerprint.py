"""The version of the model: what of the program decides how a run comes out."""

import hashlib
from functools import cache
from pathlib import Path

from sim.world.source_text import without_comments

_FOLDERS = ("scenario", "world")
_FILES = (
    "experiment/campaign.py",
    "experiment/class_identity.py",
    "experiment/kept_run.py",
    "experiment/parameters.py",
    "experiment/replicates.py",
    "experiment/sent_scenario.py",
)
"""What a run goes through outside the model: its parameters are set, its results are packed."""

_SUFFIXES = {".py", ".yaml"}


@cache
def model_fingerprint() -> str:
    """Return 16 hexadecimal digits of the source of the model, as it was when it was loaded.

    Two runs under one seed can be compared if this and the digests of their scenarios are equal.
    It is the same in a checkout and in a wheel, and changes with any line of ``sim.scenario``,
    ``sim.world`` and what else a run goes through, but not with comments and docstrings.
    """
    return _digest(_LOADED)


def fingerprint_of(sim: Path) -> str:
    """Return the fingerprint of the model in the folder ``sim``."""
    return _digest(_sources(sim))


def _sources(sim: Path) -> dict[str, str]:
    """Return the files that decide how a run comes out, by their place in the folder ``sim``."""
    paths = [sim / name for name in _FILES]
    paths += [path for folder in _FOLDERS for path in (sim / folder).rglob("*")]
    return {
        path.relative_to(sim).as_posix(): path.read_bytes().decode().replace("\r\n", "\n")
        for path in paths
        if path.suffix in _SUFFIXES
    }


def _digest(sources: dict[str, str]) -> str:
    digest = hashlib.sha256()
    for name, text in sorted(sources.items()):
        counts = without_comments(text) if name.endswith(".py") else text
        # The length says where a file ends, so that none can pass for two.
        digest.update(f"{name}\n{len(counts)}\n{counts}".encode())
    return digest.hexdigest()[:16]


_LOADED = _sources(Path(__file__).parents[1])
# Now, not when it is asked for: a file that is edited meanwhile is not the one that is run.
