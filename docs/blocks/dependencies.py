"""What bordersim needs, directly or not: versions as pinned, licences as packages declare them."""

from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution, requires
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from docs.blocks.markdown import code, table
from docs.blocks.marked import ROOT

BASE, DEVELOPMENT = "base", "dev"

GROUPS = (BASE, "parquet", "cluster", DEVELOPMENT, "bench")
"""Every extra, after what is always needed. A package belongs to the first that needs it."""

_ONE_LINE = 60
"""Licence fields that are longer, or of several lines, are the text of the licence."""


class Dependency(NamedTuple):
    """A package that bordersim needs.

    Attributes:
        name: its name in the index of packages.
        group: the first of ``GROUPS`` that needs it.
        licence: what its metadata says.
    """

    name: str
    group: str
    licence: str


def dependencies(groups: Iterable[str] = GROUPS) -> list[Dependency]:
    """Return what bordersim with these extras needs, on this Python and system.

    Raises:
        importlib.metadata.PackageNotFoundError: an extra is not installed.
    """
    found: dict[str, str] = {}
    for group in groups:
        for name in _closure("bordersim", frozenset() if group == BASE else frozenset({group})):
            found.setdefault(name, group)
    del found["bordersim"]
    return [Dependency(n, group, licence_of(distribution(n))) for n, group in sorted(found.items())]


def licence_of(package: Distribution) -> str:
    """Return the licence as an expression, or else in the words of the metadata."""
    metadata = package.metadata
    expression, text = metadata.get("License-Expression"), metadata.get("License", "").strip()
    if expression:
        return expression
    if text and "\n" not in text and len(text) < _ONE_LINE and text != "UNKNOWN":
        return text
    classifiers = [c for c in metadata.get_all("Classifier", []) if c.startswith("License ::")]
    named = [classifier.rpartition(" :: ")[2] for classifier in classifiers]
    return " AND ".join(named) or text.partition("\n")[0] or "none declared"


def pins() -> dict[str, list[Requirement]]:
    """Return the pinned versions by name; several where they depend on the version of Python."""
    pinned: dict[str, list[Requirement]] = {}
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            pin = Requirement(line)
            pinned.setdefault(canonicalize_name(pin.name), []).append(pin)
    return pinned


def rows(needed: Iterable[Dependency]) -> Iterator[list[str]]:
    """Yield a row for each package: name, versions, group, licence.

    Raises:
        KeyError: a package is not pinned.
    """
    pinned = pins()
    for package in needed:
        versions = ", ".join(map(_version, pinned[package.name]))
        yield [code(package.name), versions, package.group, package.licence]


def run_time_block() -> str:
    """Return what the program and its extras need."""
    needed = [package for package in dependencies() if package.group != DEVELOPMENT]
    needed.sort(key=lambda package: GROUPS.index(package.group))
    return table(["package", "version", "for", "licence"], rows(needed))


def development_block() -> str:
    """Return what else the checks and the documentation need."""
    needed = [package for package in dependencies() if package.group == DEVELOPMENT]
    return table(["package", "version", "for", "licence"], rows(needed))


def _closure(name: str, extras: frozenset[str]) -> set[str]:
    done: set[tuple[str, frozenset[str]]] = set()
    waiting = {(name, extras)}
    while waiting:
        package = waiting.pop()
        if package not in done:
            done.add(package)
            waiting |= set(_requirements(*package))
    return {name for name, _ in done}


def _requirements(name: str, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for text in requires(name) or []:
        needed = Requirement(text)
        marker = needed.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras | {""}):
            yield canonicalize_name(needed.name), frozenset(needed.extras)


def _version(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    return specifier.version if pin.marker is None else f"{specifier.version} ({_when(pin)})"


def _when(pin: Requirement) -> str:
    return str(pin.marker).replace("python_version", "Python").replace('"', "")
