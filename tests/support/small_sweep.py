"""A sweep of a small corridor: its runs take a fiftieth of a second each."""

from pathlib import Path

from random_scenarios import a_world, scenario_of

from sim.scenario.loader import write_scenario

SWEEP = """
name: small_sweep
question: What do stay and laboratory do?
scenario: small_world.yaml
factors:
  stay: {label: Quarantine, path: policies.quarantine_stay, values: [5 d, 10 d, 14 d]}
  laboratory:
    path: policies.laboratory_capacity
    range: {low: 10, high: 1000, steps: 2, scale: log}
outcomes: [imported_confirmed, tests]
replicates: 4
"""


def write_sweep(folder: Path, text: str = SWEEP) -> Path:
    """Write a sweep file and the scenario that it names, and return the path of the former."""
    world = write_scenario(scenario_of(a_world()))
    (folder / "small_world.yaml").write_text(world, "utf-8")
    path = folder / "sweep.yaml"
    path.write_text(text, "utf-8")
    return path


def tables_in(folder: Path) -> dict[str, str]:
    """Return the tables that a sweep has written, by name."""
    names = ("outcomes.csv", "summary.csv", "failures.csv")
    return {name: (folder / name).read_text("utf-8") for name in names}
