"""What bordersim needs: pinned, listed, and under licences that ask for nothing."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from shipped import ROOT

from docs import generate
from docs.blocks.dependencies import BASE, DEVELOPMENT, GROUPS, Dependency, dependencies

PERMISSIVE = {
    "0BSD",
    "2-clause BSD",
    "Apache 2.0",
    "Apache Software License",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD",
    "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "MIT",
    "MIT License",
    "MIT-CMU",
    "PSF-2.0",
    "Python Software Foundation License",
    "Zlib",
}
"""As the packages write them."""

EXPLAINED = {"tqdm"}
"""Packages under other licences; the page says what that means."""

INSTALLED = (BASE, "cluster", "app", DEVELOPMENT)
"""What ``make setup`` installs."""


@cache
def page() -> str:
    return (ROOT / "docs" / "dependencies.md").read_text("utf-8")


@cache
def listed() -> list[Dependency]:
    """The packages of the page."""
    rows = re.findall(rf"^\| ({'|'.join(GROUPS)}) \| (.+) \| (.+) \|$", page(), re.MULTILINE)
    return [Dependency(name, *of) for *of, names in rows for name in names.split(", ")]


def pins() -> dict[str, list[Requirement]]:
    """The pinned versions by name; several where they depend on the version of Python."""
    pinned: dict[str, list[Requirement]] = {}
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            pin = Requirement(line)
            pinned.setdefault(canonicalize_name(pin.name), []).append(pin)
    return pinned


@cache
def needed() -> list[Dependency]:
    return dependencies(INSTALLED)


def is_permissive(licence: str) -> bool:
    return any(PERMISSIVE.issuperset(of.split(" AND ")) for of in licence.split(" OR "))


def test_every_licence_of_the_program_and_its_extras_is_permissive_or_explained():
    run_time = [of for of in [*listed(), *needed()] if of.group != DEVELOPMENT]
    others = {of.name for of in run_time if not is_permissive(of.licence)}
    assert others == EXPLAINED
    words = page().partition("<!-- licences: run time -->")[0]
    assert all(f"`{name}`" in words for name in others)


@pytest.mark.parametrize(
    ("licence", "permissive"),
    [("MIT", True), ("MPL-2.0 AND MIT", False), ("GPL-3.0 OR MIT", True), ("none declared", False)],
)
def test_one_of_two_licences_is_enough_where_one_may_choose(licence: str, permissive: bool):
    assert is_permissive(licence) is permissive


def test_everything_needed_is_on_the_page_with_its_licence():
    assert set(needed()) - set(listed()) == set(), "run python -m docs.generate licences"


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the page is that of Python 3.11")
def test_nothing_on_the_page_is_no_longer_needed():
    installed = {of.name for of in listed() if of.group in INSTALLED}
    assert installed == {package.name for package in needed()}, (
        "make setup, then python -m docs.generate licences"
    )


def test_every_pin_is_one_exact_version_of_a_package_that_is_needed():
    pinned = pins()
    assert set(pinned) == {of.name for of in listed()}
    for pin in (pin for several in pinned.values() for pin in several):
        assert pin.url is None and not pin.extras
        assert [specifier.operator for specifier in pin.specifier] == ["=="], pin


def test_constraints_name_no_host():
    text = (ROOT / "constraints.txt").read_text("utf-8")
    assert not re.search(r"://|^-|@", text, re.MULTILINE)


def imported() -> set[str]:
    """Return the packages of other people whose modules the program imports."""
    names = set()
    for path in (path for room in ("sim", "calibration") for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add(node.module or "")
    modules = {name.partition(".")[0] for name in names} - {"sim", "calibration"}
    homes = packages_distributions()
    return {canonicalize_name(homes[name][0]) for name in modules - sys.stdlib_module_names}


def test_what_the_program_imports_is_what_it_declares():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    texts = [
        *project["dependencies"],
        *(text for e in extras.keys() - {"dev"} for text in extras[e]),
    ]
    declared = {canonicalize_name(Requirement(text).name) for text in texts}
    assert imported() - declared == set()
    by_mesa, by_pandas, by_benchmarks = "networkx", "pyarrow", {"covasim", "starsim"}
    assert declared - imported() == {by_mesa, by_pandas} | by_benchmarks


def test_without_an_extra_the_page_is_not_written(monkeypatch, capsys):
    def without_pyarrow():
        raise PackageNotFoundError("pyarrow")

    monkeypatch.setattr("docs.blocks.dependencies.dependencies", without_pyarrow)
    assert generate.main(["licences"]) == 2
    assert "pyarrow is not installed" in capsys.readouterr().err
    assert (ROOT / "docs" / "dependencies.md").read_text("utf-8") == page()
