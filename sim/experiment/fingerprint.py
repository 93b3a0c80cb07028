"""The version of the model: what of the program decides how a run comes out."""

import hashlib
from pathlib import Path

_FOLDERS = ("scenario", "world")
_FILES = (
    "experiment/campaign.py",
    "experiment/class_identity.py",
    "experiment/kept_run.py",
    "experiment/parameters.py",
    "experiment/replicates.py",
)
"""What a run goes through outside the model: its parameters are set, its results are packed."""

_SUFFIXES = {".py", ".yaml"}


def model_fingerprint() -> str:
    """Return 16 hexadecimal digits of the source of the model, as it was when it was loaded.

    Two runs under one seed can be compared if this and the digests of their scenarios are equal.
    It is the same in a checkout and in a wheel, and changes with any line of ``sim.scenario``,
    ``sim.world`` and what else a run goes through, comments too.
    """
    return _FINGERPRINT


def fingerprint_of(sim: Path) -> str:
    """Return the fingerprint of the model in the folder ``sim``."""
    paths = [sim / name for name in _FILES]
    paths += [path for folder in _FOLDERS for path in (sim / folder).rglob("*")]
    sources = {
        path.relative_to(sim).as_posix(): path.read_bytes().replace(b"\r\n", b"\n")
        for path in paths
        if path.suffix in _SUFFIXES
    }
    digest = hashlib.sha256()
    for name, text in sorted(sources.items()):
        # The length says where a file ends, so that none can pass for two.
        digest.update(f"{name}\n{len(text)}\n".encode() + text)
    return digest.hexdigest()[:16]


_FINGERPRINT = fingerprint_of(Path(__file__).parents[1])
# Now, not when it is asked for: a file that is edited meanwhile is not the one that is run.
