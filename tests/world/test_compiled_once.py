"""The rules of the world: all of them are compiled at one time, each for one kind of arguments."""

import ast
import os
import subprocess
import sys

import numba
import pytest
from random_scenarios import a_world, finished, scenario_of
from shipped import ROOT

from sim.world.compilation import load_rules, signature_of
from sim.world.compiled import ENTRIES

compiled_only = pytest.mark.skipif(
    numba.config.DISABLE_JIT, reason="nothing is compiled in this process"
)


def entries_in_sources():
    return [
        f"sim.world.{path.stem}.{node.name}"
        for path in (ROOT / "sim").rglob("*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and any(getattr(of, "id", "") == "entry" for of in node.decorator_list)
    ]


@compiled_only
def test_every_rule_that_python_calls_is_compiled_beforehand():
    load_rules()
    loaded = [f"{rule.py_func.__module__}.{rule.py_func.__name__}" for rule in ENTRIES]
    ours = sorted(name for name in loaded if name.startswith("sim."))
    assert ours == sorted(entries_in_sources())
    assert all(rule.signatures for rule in ENTRIES)


@compiled_only
def test_a_rule_is_run_with_the_arguments_it_was_compiled_for():
    finished(scenario_of(a_world()), 1)
    for rule in ENTRIES:
        assert rule.signatures == [signature_of(rule)], rule


def python(code, **variables):
    shown = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | variables,
    )
    assert shown.stderr == ""
    return shown.stdout.split()


@compiled_only
def test_a_fresh_process_compiles_nothing():
    """Not for a run with all that there is, and not for what is asked of it afterwards."""
    load_rules()
    code = """
from sim.experiment.ensemble import Member
from sim.experiment.replicates import simulate
from sim.scenario.loader import load_scenario
from sim.world.compiled import ENTRIES
for name in ("baseline", "two_ports"):
    simulate(load_scenario(f"scenarios/{name}.yaml"), Member(1), with_line_list=True)
print(sum(sum(rule.stats.cache_misses.values()) for rule in ENTRIES))
print(sum(sum(rule.stats.cache_hits.values()) for rule in ENTRIES) - len(ENTRIES))
print(sum(len(rule.signatures) for rule in ENTRIES) - len(ENTRIES))
"""
    assert python(code) == ["0", "0", "0"]


def test_help_does_not_wait_for_the_compiler():
    code = """
import contextlib, os, sys
from sim.cli import main
with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
    with contextlib.suppress(SystemExit):
        main(["--help"])
print(*sorted({"numba", "llvmlite", "mesa", "numpy"} & set(sys.modules)))
"""
    assert python(code) == []
