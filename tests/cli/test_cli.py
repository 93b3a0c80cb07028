"""The command as a user calls it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml
from command import bordersim
from driven import driven, wait_for_a_run
from faulty_runs import interrupt_after, let_runs_fail
from random_scenarios import a_world, scenario_of
from shipped import BASELINE, ROOT, SCENARIOS, SHIPPED
from small_sweep import write_sweep

import sim
from calibration.priors import SHIPPED_PRIORS
from calibration.targets_file import SHIPPED_TARGETS
from sim.cli.command import cli, loaded
from sim.experiment import replicates
from sim.experiment.ensemble import read_ensemble
from sim.scenario.loader import write_scenario
from sim.shipped import shipped_ensembles


def small_world(folder, name="small_world", **changes):
    path = folder / f"{name}.yaml"
    path.write_text(write_scenario(scenario_of(a_world(name=name, **changes))), "utf-8")
    return path


def seeds_begun(monkeypatch):
    """Return a list that fills with the seeds of the runs that are begun."""
    seeds, run_once = [], replicates.simulate

    def counted(scenario, member, **arguments):
        seeds.append(member.seed)
        return run_once(scenario, member, **arguments)

    monkeypatch.setattr(replicates, "simulate", counted)
    return seeds


SEEDS = ["--ensemble", "none", "--replicates", "2", "--workers", "1"]
SHORT = ["--set", "calendar.end=2020-04-20", *SEEDS]


@pytest.mark.slow
@pytest.mark.real_figures
def test_run_writes_everything_it_promises(tmp_path, capsys):
    assert bordersim("run", BASELINE, *SHORT, "--out", tmp_path, "--linelist", "--seed", 7) == 0
    written = {path.name for path in tmp_path.iterdir()}
    tables = {
        "outcomes",
        "outcomes_summary",
        "series_quantiles",
        "fates_by_entry_day",
        "cases_by_onset",
    }
    assert {f"{name}.csv" for name in (*tables, "linelist", "transmissions")} <= written
    for figure in ("corridor", "imported", "capacity", "fates"):
        assert {f"{figure}.png", f"{figure}.svg"} <= written
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["seeds_finished"] == [7, 8]
    assert manifest["failures"] == []
    assert {"mesa", "numpy", "python", "bordersim"} <= set(manifest["versions"])
    assert len(pd.read_csv(tmp_path / "outcomes.csv")) == 2
    resolved = yaml.safe_load((tmp_path / "scenario.yaml").read_text())
    assert resolved["calendar"]["end"].isoformat() == "2020-04-20"
    printed = capsys.readouterr()
    assert "Community infections" in printed.out
    assert str(tmp_path) in printed.out


@pytest.mark.slow
def test_a_resolved_scenario_runs_to_the_same_results(tmp_path):
    assert bordersim("run", BASELINE, *SHORT, "--out", tmp_path / "a") == 0
    assert bordersim("run", tmp_path / "a" / "scenario.yaml", *SEEDS, "--out", tmp_path / "b") == 0
    for name in ("outcomes.csv", "series_quantiles.csv", "scenario.yaml"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.slow
def test_several_files_are_compared(tmp_path):
    other = SCENARIOS / "closure_week_earlier.yaml"
    assert bordersim("run", BASELINE, other, *SHORT, "--out", tmp_path) == 0
    assert (tmp_path / "forest.png").is_file()
    assert (tmp_path / "closure_week_earlier" / "outcomes.csv").is_file()


def test_two_files_of_one_name_are_refused(tmp_path, capsys):
    assert bordersim("run", BASELINE, BASELINE, "--out", tmp_path) == 2
    assert "2 scenarios have the name 'baseline'" in capsys.readouterr().err


def test_all_problems_of_all_files_are_reported_at_once(tmp_path, capsys):
    (tmp_path / "baseline.yaml").write_text(BASELINE.read_text())
    (tmp_path / "one.yaml").write_text(
        "extends: baseline.yaml\n"
        "name: one\n"
        "policies:\n"
        "  quarantine_stey: 14 d\n"
        "  test_before_release: 14\n"
        "  port_capacity: {suifenhe_port: -5}\n"
    )
    (tmp_path / "two.yaml").write_text(
        "extends: baseline.yaml\n"
        "name: two\n"
        "policies:\n"
        "  quarantine_stay:\n"
        "    - {until: 2020-04-12, value: 14 d}\n"
        "    - {from: 2020-04-10, value: 28 d}\n"
        "    - {from: 2020-07-10, value: 28 d}\n"
    )
    # Names are looked up once the fields are right.
    (tmp_path / "three.yaml").write_text(
        "extends: baseline.yaml\n"
        "name: three\n"
        "policies:\n"
        "  exit_screening: {moscow_vladivostk: 0.7}\n"
        "  entry_screening: {suifenhe_prt: 0.7}\n"
    )
    files = [tmp_path / f"{name}.yaml" for name in ("one", "two", "three")]
    assert bordersim("validate", *files) == 2
    lines = capsys.readouterr().err.splitlines()
    one, two, three = files

    def problem(place):
        return next(line for line in lines if line.startswith(f"{place}: "))

    misspelt = problem(f"{one}:4:3")
    assert "policies.quarantine_stey: unknown field" in misspelt
    assert "did you mean 'quarantine_stay'?" in misspelt
    assert "needs a number and a unit" in problem(f"{one}:5:3")
    assert ">= 0" in problem(f"{one}:6:19")
    assert "did you mean 'moscow_vladivostok'?" in problem(f"{three}:4:20")
    assert "did you mean 'suifenhe_port'?" in problem(f"{three}:5:21")
    assert "overlaps" in problem(f"{two}:6:7")
    assert "begins after the calendar ends" in problem(f"{two}:7:8")


def test_validate_says_what_is_valid(capsys):
    assert bordersim("validate", *SHIPPED) == 0
    assert "valid: scenario baseline, 2020-03-15 to 2020-05-31 (78 days)" in capsys.readouterr().out


def test_a_missing_file_is_refused_without_a_traceback(capsys):
    assert bordersim("run", "nowhere.yaml") == 2
    message = capsys.readouterr().err
    assert message.startswith("nowhere.yaml:1:1: ")
    assert "Traceback" not in message


def test_a_folder_that_cannot_be_written_is_refused_before_the_runs(tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert bordersim("run", BASELINE, *SHORT, "--out", blocked / "results") == 2
    assert "cannot write to" in capsys.readouterr().err


def test_failed_runs_are_reported_and_the_others_kept(tmp_path, monkeypatch, capsys):
    let_runs_fail(monkeypatch, when=lambda scenario, seed: seed == 2)
    assert bordersim("run", BASELINE, *SHORT, "--out", tmp_path) == 3
    assert "seed 2: ArithmeticError: nothing adds up" in capsys.readouterr().err
    assert list(pd.read_csv(tmp_path / "outcomes.csv")["seed"]) == [1]


def test_when_every_run_fails_the_manifest_still_says_why(tmp_path, monkeypatch):
    let_runs_fail(monkeypatch)
    assert bordersim("run", BASELINE, *SHORT, "--out", tmp_path) == 3
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert [failure["seed"] for failure in manifest["failures"]] == [1, 2]


def test_an_internal_error_is_one_line_and_code_1(monkeypatch, capsys):
    def broken():
        raise RuntimeError("a bug")

    monkeypatch.setattr("sim.scenario.json_schema.scenario_schema", broken)
    assert bordersim("schema") == 1
    assert capsys.readouterr().err.startswith("internal error: RuntimeError: a bug")


def test_schema_is_what_an_editor_needs(capsys):
    assert bordersim("schema") == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["$id"] == f"urn:bordersim:scenario:{sim.__version__}"
    quarantine_stay = schema["$defs"]["Policies"]["properties"]["quarantine_stay"]
    assert quarantine_stay["description"] == "Length of stay by the day of entry."
    assert "extends" in schema["then"]["properties"]
    assert schema["else"]["additionalProperties"] is False


def test_init_copies_the_shipped_scenarios_and_replaces_nothing(tmp_path, capsys):
    folder = tmp_path / "my work"
    assert bordersim("init", folder) == 0
    assert (folder / "studies" / "quilty_2020.yaml").is_file()
    (folder / "baseline.yaml").write_text("mine")
    assert bordersim("init", folder) == 2
    assert "baseline.yaml" in capsys.readouterr().err
    assert (folder / "baseline.yaml").read_text() == "mine"
    assert bordersim("init", folder, "--force") == 0
    assert bordersim("validate", folder / "baseline.yaml") == 0


@pytest.mark.parametrize("option", [["--replicates", "0"], ["--seed", "-1"], ["--workers", "x"]])
def test_options_out_of_range_are_refused(option, capsys):
    assert bordersim("run", BASELINE, *option) == 2
    assert option[0] in capsys.readouterr().err


def test_a_setting_that_cannot_be_is_refused(capsys):
    assert bordersim("run", BASELINE, "--set", "policies.quarantine_stay") == 2
    assert "--set: a setting needs a '='" in capsys.readouterr().err


@pytest.mark.slow
def test_ctrl_c_keeps_the_runs_that_had_ended(tmp_path):
    world = tmp_path / "small_world.yaml"
    world.write_text(write_scenario(scenario_of(a_world())), "utf-8")
    options = ("--replicates", 100_000, "--workers", 2, "--out", tmp_path)
    with driven("run", world, *options, FORCE_COLOR="1") as process:
        wait_for_a_run(process, 100_000)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert len(pd.read_csv(Path(tmp_path) / "outcomes.csv")) > 0
    assert json.loads((tmp_path / "manifest.json").read_text())["interrupted"]


def test_help_is_instant_because_nothing_heavy_is_imported():
    heavy = {"numpy", "numba", "mesa", "scipy", "pandas", "matplotlib", "pydantic"}
    code = (
        f"import sys, sim.cli; sim.cli.main(['--help']); print(sorted({heavy} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "[]"


def test_the_summaries_of_the_help_are_those_of_the_commands():
    for name, summary in cli.commands.items():
        assert name == "compare" or summary.help == loaded(name).help.partition("\n")[0]


def test_runs_are_kept_and_more_of_them_cost_only_the_new_ones(tmp_path, monkeypatch):
    path = small_world(tmp_path)
    seeds = seeds_begun(monkeypatch)
    command = ("run", path, "--workers", 1, "--out", tmp_path / "out", "--replicates")
    assert bordersim(*command, 2) == 0
    assert bordersim(*command, 4, "--linelist") == 0
    # Line lists are made by running once more.
    assert seeds == [1, 2, 3, 4, 1, 2, 3, 4]
    assert bordersim(*command[:-2], tmp_path / "new", "--replicates", 4, "--linelist") == 0
    for name in ("outcomes.csv", "series_quantiles.csv", "cases_by_onset.csv", "linelist.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "new" / name).read_bytes()


def test_an_interrupted_run_is_written_and_goes_on(tmp_path, monkeypatch, capsys):
    path = small_world(tmp_path)
    command = ("run", path, "--workers", 1, "--out", tmp_path / "out", "--replicates", 12)
    with monkeypatch.context() as patched:
        interrupt_after(patched, 7)
        assert bordersim(*command) == 130
    assert "the same command resumes" in capsys.readouterr().err
    assert len(pd.read_csv(tmp_path / "out" / "outcomes.csv")) == 5
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["interrupted"]
    seeds = seeds_begun(monkeypatch)
    assert bordersim(*command) == 0
    assert seeds == [6, 7, 8, 9, 10, 11, 12]


def test_several_files_are_compared_by_run_as_by_compare(tmp_path, capsys):
    paths = [small_world(tmp_path), small_world(tmp_path, "other", source__exposure=20)]
    few = ["--replicates", 5, "--workers", 1]
    for command in ("run", "compare"):
        assert bordersim(command, *paths, *few, "--out", tmp_path / command) == 0
        printed = capsys.readouterr().out
        assert "What does other change against small world?" in printed
        assert "Community infections" in printed and "P(lower)" in printed
    for name in ("differences.csv", "outcomes.csv", "other/outcomes.csv"):
        ours = (tmp_path / "run" / name).read_bytes()
        assert ours == (tmp_path / "compare" / name).read_bytes()
    assert bordersim("run", *paths, *few, "--json", "--out", tmp_path / "run") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["policy"] for row in rows} == {"other"}


def test_json_of_one_scenario_has_a_line_per_outcome(tmp_path, capsys):
    command = ("run", small_world(tmp_path), "--replicates", 2, "--workers", 1, "--json")
    assert bordersim(*command, "--out", tmp_path / "out") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"outcome", "q05", "q50", "q95"} <= set(rows[0])


def test_validate_knows_files_of_every_kind(tmp_path, capsys):
    sweep = write_sweep(tmp_path)
    files = [sweep, SHIPPED_TARGETS, SHIPPED_PRIORS, shipped_ensembles()["articles_2020"], BASELINE]
    assert bordersim("validate", *files, "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["kind"] for row in rows] == ["sweep", "targets", "priors", "ensemble", "scenario"]
    assert all(row["valid"] for row in rows)
    sweep.write_text(sweep.read_text().replace("factors:", "factors:\n  x: 3"), "utf-8")
    targets = tmp_path / "targets.yaml"
    targets.write_text(
        SHIPPED_TARGETS.read_text().replace("kind: count", "kind: cuont", 1), "utf-8"
    )
    table = tmp_path / "counts.csv"
    table.write_text("a,b\n", "utf-8")
    assert bordersim("validate", sweep, targets, table) == 2
    said = capsys.readouterr().err
    assert f"{sweep}:" in said and "was taken for a file of the kind 'sweep'" in said
    assert f"{targets} was taken for targets of a fit" in said
    assert f"{table}:1: not the head of an ensemble" in said


def test_the_baseline_runs_the_pairs_of_its_ensemble(tmp_path, capsys):
    few = ["--replicates", "3", "--workers", "1"]
    assert bordersim("run", BASELINE, *few, "--out", tmp_path) == 0
    ensemble = read_ensemble(shipped_ensembles()["articles_2020"])
    seeds = sorted(member.seed for member in ensemble.members[:3])
    assert pd.read_csv(tmp_path / "outcomes.csv")["seed"].tolist() == seeds
    parameters = pd.read_csv(tmp_path / "parameters.csv").set_index("seed")
    assert parameters["source.exposure"].nunique() == 3
    assert "3 fitted pairs of parameters and seeds" in capsys.readouterr().out


def test_what_a_setting_says_is_not_overridden_by_the_ensemble(tmp_path, capsys):
    few = ["--replicates", "2", "--workers", "1", "--set", "quarantine.symptoms_noticed=0.5"]
    assert bordersim("run", BASELINE, *few, "--out", tmp_path) == 0
    assert "quarantine.symptoms_noticed" not in pd.read_csv(tmp_path / "parameters.csv").columns
    said = " ".join(capsys.readouterr().out.split())
    assert "not from the fit but from the scenario: quarantine.symptoms_noticed" in said
    assert "? (changed by hand: quarantine.symptoms_noticed)" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--seed", "3"], "choose the ensemble 'none' for seeds of your own"),
        (["--replicates", "1081"], "the ensemble has 1,080 pairs"),
        (["--ensemble", "nowhere.csv"], "nowhere.csv cannot be read"),
        (["--ensemble", str(BASELINE)], "baseline.yaml:1: not the head of an ensemble"),
        (["--set", "ensemble=articles_2021"], "no shipped ensemble is called 'articles_2021'"),
    ],
)
def test_an_ensemble_that_cannot_be_used_is_refused(tmp_path, capsys, options, said):
    assert bordersim("run", BASELINE, *options, "--out", tmp_path) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_an_ensemble_of_another_scenario_is_refused(tmp_path, capsys):
    file = shipped_ensembles()["articles_2020"]
    other = SCENARIOS / "studies" / "quilty_2020.yaml"
    assert bordersim("run", other, "--ensemble", file, "--out", tmp_path) == 2
    assert "it was fitted to another scenario" in capsys.readouterr().err


def test_what_a_command_does_fits_on_its_line_of_the_help(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert bordersim("--help") == 0
    _, commands = capsys.readouterr().out.split("Commands:\n")
    lines = commands.splitlines()
    assert {line.split()[0] for line in lines} >= {"run", "compare", "sweep", "calibrate"}
    assert all(line.endswith(".") and not line.endswith("...") for line in lines)


@pytest.mark.parametrize(
    ("command", "file", "kind", "rather"),
    [
        ("run", SCENARIOS / "sweeps" / "quarantine_and_tests.yaml", "sweep", "bordersim sweep "),
        ("sweep", BASELINE, "scenario", "bordersim run "),
        ("run", ROOT / "calibration" / "priors.yaml", "priors", "bordersim calibrate --priors "),
    ],
)
def test_a_file_of_another_kind_is_refused_in_one_line(command, file, kind, rather, capsys):
    assert bordersim(command, file) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"the kind '{kind}' stands where" in said and rather in said
