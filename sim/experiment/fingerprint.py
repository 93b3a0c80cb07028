"""The version of the model: what of the program decides how a run comes out."""

import hashlib
from functools import cache
from pathlib import Path

_PACKAGES = ("scenario", "world")
_SUFFIXES = {".py", ".yaml"}


@cache
def model_fingerprint() -> str:
    """Return 16 hexadecimal digits of the source of the model.

    Two runs under one seed can be compared if this and the digests of their scenarios are equal.
    It is the same in a checkout and in a wheel, and changes with any line of ``sim.scenario`` or
    ``sim.world``, comments too.
    """
    return fingerprint_of(Path(__file__).parents[1])


def fingerprint_of(sim: Path) -> str:
    """Return the fingerprint of the model in the folder ``sim``."""
    sources = {
        path.relative_to(sim).as_posix(): path.read_bytes().replace(b"\r\n", b"\n")
        for package in _PACKAGES
        for path in (sim / package).rglob("*")
        if path.suffix in _SUFFIXES
    }
    digest = hashlib.sha256()
    for name, text in sorted(sources.items()):
        # The length says where a file ends, so that none can pass for two.
        digest.update(f"{name}\n{len(text)}\n".encode() + text)
    return digest.hexdigest()[:16]
