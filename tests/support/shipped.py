"""Where the shipped files are."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
BASELINE = SCENARIOS / "baseline.yaml"
SWEEPS = sorted((SCENARIOS / "sweeps").glob("*.yaml"))
SHIPPED = sorted(path for path in SCENARIOS.rglob("*.yaml") if path not in SWEEPS)
"""All scenario files; sweeps are none."""
