"""``--set`` of the commands about sweeps: in every scenario, and part of what identifies a run."""

import gc

import pytest
from command import bordersim
from random_scenarios import a_world, scenario_of
from small_sweep import SWEEP, tables_in, write_sweep

import sim
from sim.scenario.loader import write_scenario

SETTING = "laboratory.turnaround=3 d"

FEW = SWEEP.replace("replicates: 4", "replicates: 2")


def swept(path, out, *settings):
    changes = [text for setting in settings for text in ("--set", setting)]
    return bordersim("sweep", path, "--workers", 1, *changes, "--out", out)


def test_a_setting_does_what_the_file_would(tmp_path):
    path = write_sweep(tmp_path, FEW)
    assert swept(path, tmp_path / "set", SETTING) == 0
    assert swept(path, tmp_path / "as_it_is") == 0
    written = write_scenario(scenario_of(a_world(laboratory__turnaround="3 d")))
    (tmp_path / "small_world.yaml").write_text(written, "utf-8")
    assert swept(path, tmp_path / "written") == 0
    assert tables_in(tmp_path / "set") == tables_in(tmp_path / "written")
    assert tables_in(tmp_path / "set") != tables_in(tmp_path / "as_it_is")


def test_kept_runs_of_one_setting_are_never_those_of_another(tmp_path):
    path, used = write_sweep(tmp_path, FEW), tmp_path / "used"
    fresh = {}
    for number, settings in enumerate([(), (SETTING,), ("travellers.patience=1 d",)]):
        assert swept(path, tmp_path / str(number), *settings) == 0
        fresh[settings] = tables_in(tmp_path / str(number))
        assert swept(path, used, *settings) == 0
        assert tables_in(used) == fresh[settings]
    for settings, tables in fresh.items():
        assert swept(path, used, *settings) == 0
        assert tables_in(used) == tables


@pytest.mark.parametrize(
    ("setting", "factor"),
    [
        ("policies.quarantine_stay=7 d", "stay (policies.quarantine_stay)"),
        ("policies.quarantine_stay[0].value=7 d", "stay (policies.quarantine_stay)"),
        (" policies.laboratory_capacity = 7", "laboratory (policies.laboratory_capacity)"),
    ],
)
def test_a_setting_that_a_factor_would_undo_is_refused(setting, factor, tmp_path, capsys):
    path = write_sweep(tmp_path)
    if "[0]" in setting:
        written = write_scenario(scenario_of(a_world(policies__quarantine_stay=[{"value": "9 d"}])))
        (tmp_path / "small_world.yaml").write_text(written, "utf-8")
    assert swept(path, tmp_path / "out", setting) == 2
    assert f"the sweep varies {factor}" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    with pytest.raises(sim.ScenarioError, match="the sweep varies"):
        sim.sweep(path, settings=[setting])


def test_a_setting_that_the_ensemble_of_the_file_would_undo_is_refused(tmp_path, capsys):
    path = write_sweep(tmp_path, FEW + "ensemble: none\n")
    assert swept(path, tmp_path / "out", "ensemble=articles_2020") == 2
    said = capsys.readouterr().err
    assert said.startswith("--set ensemble: the sweep file says ensemble: none, which would")
    assert not (tmp_path / "out").exists()
    with pytest.raises(sim.ScenarioError, match="the sweep file says ensemble: none"):
        sim.sweep(path, settings=["ensemble=articles_2020"])


@pytest.mark.parametrize("command", ["run", "compare", "sweep"])
def test_two_ensembles_at_once_are_refused(command, tmp_path, capsys):
    """The option would undo the setting, whichever of them is meant."""
    path, world = write_sweep(tmp_path, FEW), tmp_path / "small_world.yaml"
    files = {"sweep": [path], "compare": [world, tmp_path / "other.yaml"]}.get(command, [world])
    (tmp_path / "other.yaml").write_text("extends: small_world.yaml\nname: other\n", "utf-8")
    both = ["--ensemble", "none", "--set", "ensemble=articles_2020"]
    assert bordersim(command, *files, *both, "--out", tmp_path / "out") == 2
    assert "--ensemble: " in (said := capsys.readouterr().err)
    assert "is set already, by --set ensemble=..." in said


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("laboratory.turnaround", "a setting needs a '='"),
        ("laboratory.turnaround=-3 d", "laboratory.turnaround"),
        ("laboratory.turnarounds=3 d", "turnarounds"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_once(setting, said, tmp_path, capsys):
    assert swept(write_sweep(tmp_path), tmp_path / "out", setting) == 2
    (line, last) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("--set")
    assert said in line
    assert last == "1 problem found; nothing was run"


@pytest.mark.slow
def test_what_looks_at_a_finished_sweep_takes_the_same_settings(tmp_path, capsys):
    text = FEW.replace("log}", "log, whole: true}")
    text += "design: {kind: latin_hypercube, points: 6}\n"
    path, out = write_sweep(tmp_path, text), tmp_path / "out"
    assert swept(path, out, SETTING) == 0
    capsys.readouterr()
    assert bordersim("sensitivity", path, "--set", SETTING, "--out", out) == 0
    assert "missing" not in capsys.readouterr().err
    assert bordersim("sensitivity", path, "--out", out) == 2
    other = ["--set", "laboratory.turnaround=4 d"]
    assert bordersim("sensitivity", path, *other, "--out", out) == 2
    said = capsys.readouterr().err
    assert f"bordersim sweep {path} --set 'laboratory.turnaround=4 d'" in said


def test_python_takes_settings_too(tmp_path):
    path = write_sweep(tmp_path, FEW)
    results = sim.sweep(path, settings=[SETTING], folder=tmp_path / "out")
    plain = sim.sweep(path)
    assert not results.summary().equals(plain.summary())
    del results
    gc.collect()
    assert swept(path, tmp_path / "out", SETTING) == 0
