"""Folders of results, one of each kind, and the reports in them."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest
from command import bordersim
from matplotlib.figure import Figure
from random_scenarios import a_world, scenario_of
from small_sweep import SWEEP, write_sweep

from sim.api import run
from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.paired_statistics import PairedStatistics
from sim.experiment.run_folder import circumstances, write_run
from sim.scenario.loader import write_scenario
from sim.view.style import save

ATTACK = "<script>alert(1)</script><!-- \"'& --> {{ 7 * 7 }}"
STARTED = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
SAMPLED = """
name: sampled
scenario: small_world.yaml
factors:
  stay: {path: policies.quarantine_stay, range: {low: 5 d, high: 14 d}}
  laboratory: {label: Tests a day, path: policies.laboratory_capacity,
               range: {low: 10, high: 1000, scale: log, whole: true}}
  swabs:
    levels:
      - {label: none </script><!-- <b>&, set: {policies.quarantine_tests: []}}
      - {label: at entry, set: {policies.quarantine_tests: [0 d]}}
design: {kind: latin_hypercube, points: 6}
outcomes: [imported_confirmed]
replicates: 2
"""
KINDS = pytest.mark.parametrize("kind", ["comparison", "sweep", "sampled", "run"])


def write_figure(folder, name):
    fig = Figure(figsize=(3, 2))
    ax = fig.add_subplot()
    ax.plot([0, 1], [3, 4], "o-", clip_on=True)
    save(fig, folder, name)


def write_comparison(folder, question="What if?", failures=()):
    """Write the folder of a comparison of made-up runs."""
    rng = np.random.default_rng(4)
    names, pairs = ("as_it_was", "earlier", "later"), 12
    tables = []
    for name in names:
        table = pd.DataFrame(rng.poisson(50, (pairs, len(OUTCOMES))) * 1.0)
        table.columns = list(OUTCOMES)
        factor = {"as_it_was": 1.0, "earlier": 0.2, "later": 1.01}[name]
        table["cost_cny"] = 2e8 * factor + 1e6 * rng.random(pairs)
        table["community_infections"] = np.round(table["community_infections"] * factor)
        tables.append(table)
    rows = [
        {
            "policy": name,
            "baseline": names[0],
            "outcome": outcome,
            "unit": OUTCOMES[outcome].unit,
            "median_of_baseline": tables[0][outcome].median(),
            "median_of_policy": table[outcome].median(),
            **PairedStatistics.of(
                table[outcome].to_numpy(), tables[0][outcome].to_numpy()
            ).as_row(),
        }
        for name, table in zip(names[1:], tables[1:], strict=True)
        for outcome in OUTCOMES
    ]
    pd.DataFrame(rows).to_csv(folder / "differences.csv", index=False)
    for name, table in zip(names, tables, strict=True):
        table.insert(0, "policy", name)
        table.insert(1, "pair", range(pairs))
    pd.concat(tables).to_csv(folder / "outcomes.csv", index=False)
    (folder / "scenarios").mkdir()
    entries = []
    for name in names:
        scenario = scenario_of(a_world(name=name, question=question, costs="china_2020"))
        (folder / "scenarios" / f"{name}.yaml").write_text(write_scenario(scenario), "utf-8")
        entries.append({"name": name, "digest": scenario.digest, "runs": "12 seeds from 1 on"})
    manifest = {
        "command": ["bordersim", "compare", f"{ATTACK}.yaml"],
        "baseline": names[0],
        "policies": entries,
        "pairs": pairs,
        "pairs_asked_for": pairs + len(failures),
        "until_precision": {"imported_confirmed": 5.0},
        "model": "0123456789abcdef",
        "failures": list(failures),
        **circumstances(STARTED),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    for name in ("forest", "expected_loss", "fan_chart"):
        write_figure(folder, name)
    return folder


def write_sweep_results(folder, text=SWEEP):
    """Run a tiny sweep and return the folder of its results."""
    path = write_sweep(folder, text)
    assert bordersim("sweep", path, "--workers", 1, "--out", folder / "out") == 0
    write_figure(folder / "out", "heat_map")
    return folder / "out"


def write_runs(folder):
    scenario = scenario_of(a_world(question=ATTACK))
    replicates = run(scenario, replicates=3)
    command = ["bordersim", "run", "x.yaml"]
    write_run(replicates, folder, command=command, started=STARTED, runs="3 seeds from 1 on")
    write_figure(folder, "imported")
    write_figure(folder, "something_new")
    (folder / "calibration").mkdir()
    verdicts = {
        "meaning": ["known well", "hardly known"],
        "verdict": ["informed", "hardly informed"],
    }
    pd.DataFrame(verdicts).to_csv(folder / "calibration" / "parameters.csv", index=False)
    return folder


def page_in(folder):
    return (folder / "report.html").read_text("utf-8")
