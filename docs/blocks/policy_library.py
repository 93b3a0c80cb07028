"""The table of shipped counterfactuals, from their files."""

from pathlib import Path

import yaml

from docs.blocks.markdown import code, table
from sim.scenario.loader import load_scenario
from sim.shipped import shipped_scenarios


def library() -> list[Path]:
    """Return the shipped files that extend another one, by name."""
    files = sorted(shipped_scenarios().glob("*.yaml"))
    return [path for path in files if "extends" in yaml.safe_load(path.read_text("utf-8"))]


def policy_library_block() -> str:
    """Return a row for every counterfactual: its file and its question."""
    rows = ([code(f"scenarios/{path.name}"), load_scenario(path).question] for path in library())
    return table(["file", "question"], rows)
