"""What bordersim needs, directly or not, and licences as the packages declare them."""

from collections.abc import Iterable
from importlib.metadata import Distribution, distribution, requires
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from docs.blocks.markdown import table
from docs.blocks.marked import write_pages

BASE, DEVELOPMENT = "base", "dev"
GROUPS = (BASE, "parquet", "cluster", "app", DEVELOPMENT, "bench")
"""Every extra, after what is always needed. A package belongs to the first that needs it."""

_ONE_LINE = 60
"""Licence fields that are longer, or of several lines, are the text of the licence."""


class Dependency(NamedTuple):
    """A package that bordersim needs, the first of ``GROUPS`` that needs it, and its licence."""

    name: str
    group: str
    licence: str


def renew() -> None:
    """Put what is needed into its page. It needs Python 3.11 and every extra.

    Raises:
        importlib.metadata.PackageNotFoundError: an extra is not installed.
    """
    needed = dependencies()
    run_time = licences_table(of for of in needed if of.group != DEVELOPMENT)
    development = licences_table(of for of in needed if of.group == DEVELOPMENT)
    write_pages("licences", {"run time": run_time.strip, "development": development.strip})


def dependencies(groups: Iterable[str] = GROUPS) -> list[Dependency]:
    """Return what bordersim with these extras needs, on this Python and system.

    Raises:
        importlib.metadata.PackageNotFoundError: an extra is not installed.
    """
    found: dict[str, str] = {}
    for group in groups:
        needed: set[tuple[str, frozenset[str]]] = set()
        _add_needed("bordersim", frozenset({group}), needed)
        for name, _ in needed:
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


def licences_table(needed: Iterable[Dependency]) -> str:
    """Return the packages by what needs them and by licence."""
    names: dict[tuple[int, str], list[str]] = {}
    for of in needed:
        names.setdefault((GROUPS.index(of.group), of.licence), []).append(of.name)
    rows = (
        [GROUPS[group], licence, ", ".join(of)] for (group, licence), of in sorted(names.items())
    )
    return table(["for", "licence", "packages"], rows)


def _add_needed(name: str, extras: frozenset[str], done: set[tuple[str, frozenset[str]]]) -> None:
    """Add a package with some extras, and all that it needs, to those that are done."""
    if (name, extras) not in done:
        done.add((name, extras))
        for of in map(Requirement, requires(name) or []):
            if of.marker is None or any(of.marker.evaluate({"extra": e}) for e in {*extras, ""}):
                _add_needed(canonicalize_name(of.name), frozenset(of.extras), done)
