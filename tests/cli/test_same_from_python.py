"""One question, one answer: the functions of Python give the runs of the commands."""

import inspect
import io

import click
import pandas as pd
import pytest
from command import bordersim
from shipped import BASELINE, SCENARIOS
from small_sweep import write_sweep

import sim
from sim.cli.command import loaded
from sim.experiment.tables import outcomes_table

FITTED = "quarantine.symptoms_noticed"
"""A value that the shipped ensemble was fitted with."""

CHOICES = {
    "as shipped": ((), {}),
    "another seed": (("--ensemble", "none", "--seed", "7"), {"ensemble": "none", "seed": 7}),
}


def value_of(path):
    """Return the value at a path of the baseline, as a setting."""
    part, name = path.split(".")
    return getattr(getattr(sim.load_scenario(BASELINE), part), name)


SETTINGS = {
    "none": (),
    "another value": (f"{FITTED}=0.5",),
    "the value of the file": (f"{FITTED}={value_of(FITTED)}",),
}


def assert_written(table, path):
    """Make sure that a table is what a command has written."""
    ours = pd.read_csv(io.StringIO(table.to_csv(index=False)))
    pd.testing.assert_frame_equal(ours, pd.read_csv(path), rtol=1e-9)


@pytest.mark.parametrize(
    ("choice", "setting"),
    [
        ("as shipped", "none"),
        ("as shipped", "the value of the file"),
        ("another seed", "another value"),
    ],
)
def test_runs(choice, setting, tmp_path):
    (options, arguments), settings = CHOICES[choice], SETTINGS[setting]
    changes = [text for setting in settings for text in ("--set", setting)]
    few = ["--replicates", "2", "--workers", "1"]
    assert bordersim("run", BASELINE, *few, *options, *changes, "--out", tmp_path / "out") == 0
    done = sim.run(sim.load_scenario(BASELINE, settings), replicates=2, **arguments)
    assert_written(outcomes_table(done), tmp_path / "out" / "outcomes.csv")


def test_what_is_set_to_the_value_of_the_file_stays_so():
    runs = [
        sim.run(sim.load_scenario(BASELINE, settings), replicates=2)
        for settings in SETTINGS.values()
    ]
    with_values = [FITTED in member.parameters for of in runs for member in of.members.values()]
    assert with_values == [True] * 2 + [False] * 4


@pytest.mark.parametrize("choice", ["as shipped", "another seed"])
def test_comparisons(choice, tmp_path):
    options, arguments = CHOICES[choice]
    files = [BASELINE, SCENARIOS / "quarantine_7_days.yaml"]
    few = ["--replicates", "2", "--workers", "1"]
    assert bordersim("compare", *files, *few, *options, "--out", tmp_path / "out") == 0
    policies = [sim.load_scenario(file) for file in files]
    comparison = sim.compare(policies, replicates=2, **arguments)
    assert_written(comparison.outcomes_table(), tmp_path / "out" / "outcomes.csv")
    assert_written(comparison.differences_table(), tmp_path / "out" / "differences.csv")


@pytest.mark.parametrize(
    "settings", [(), ("disease.asymptomatic_share=0.9",)], ids=["as it is", "set"]
)
def test_sweeps(settings, tmp_path):
    path = write_sweep(tmp_path)
    changes = [text for setting in settings for text in ("--set", setting)]
    assert bordersim("sweep", path, "--workers", "1", *changes, "--out", tmp_path / "out") == 0
    results = sim.sweep(path, settings=settings)
    assert_written(results.summary(), tmp_path / "out" / "summary.csv")


def test_a_sweep_too_large_for_its_file_is_refused(tmp_path, capsys):
    path = write_sweep(tmp_path)
    path.write_text(path.read_text("utf-8") + "max_runs: 5\n", "utf-8")
    assert bordersim("sweep", path, "--out", tmp_path / "out") == 2
    said = capsys.readouterr().err.strip()
    with pytest.raises(ValueError, match="more than max_runs") as refused:
        sim.sweep(path)
    assert str(refused.value) == said


def test_scenarios_that_do_not_run_the_same_pairs_are_refused():
    sides = [sim.load_scenario(SCENARIOS / f"{name}.yaml") for name in ("baseline", "two_ports")]
    with pytest.raises(ValueError, match="do not run the same pairs"):
        sim.compare(sides)


def test_an_ensemble_that_is_not_shipped_is_refused():
    scenario = sim.load_scenario(BASELINE, ["ensemble=articles_2021"])
    with pytest.raises(ValueError, match="no shipped ensemble is called 'articles_2021'"):
        sim.run(scenario)


@pytest.mark.parametrize(
    ("command", "function"), [("run", sim.run), ("compare", sim.compare), ("sweep", sim.sweep)]
)
def test_defaults_are_the_same(command, function):
    """But for processes, which a script has to be written for; results do not depend on them."""
    options = {
        option.name: option.default
        for option in loaded(command).params
        if isinstance(option, click.Option) and not option.is_flag
    }
    parameters = inspect.signature(function).parameters
    both = set(options) & set(parameters) - {"workers", "settings"}
    assert both >= {"ensemble", "executor"} if command != "run" else both
    unset = {name for name in both if not isinstance(options[name], str | int | float)}
    assert {parameters[name].default for name in unset} == {None}
    assert both == unset
