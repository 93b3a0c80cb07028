"""Commands warn of what has no effect, and refuse it with ``--strict``."""

import json

import pytest
from command import bordersim
from random_scenarios import a_world
from small_sweep import SWEEP, write_sweep

from sim import ScenarioWarning, sweep
from sim.experiment.sweep.loader import load_sweep
from sim.scenario.reading.yaml_text import yaml_text

FIELD = "travellers.aware_share"


@pytest.fixture
def path(tmp_path):
    """A file with a field that has no effect."""
    data = a_world(travellers__aware_share=0.4)
    data["legs"]["west_bus"]["on_board"] = {"hazard_per_hour": 0.01}
    file = tmp_path / "world.yaml"
    file.write_text(yaml_text(data), "utf-8")
    return file


def test_validate_warns_and_accepts(path, capsys):
    assert bordersim("validate", path) == 0
    printed = capsys.readouterr()
    assert f"{path}: valid" in printed.out
    (line,) = printed.err.splitlines()
    assert line.startswith(f"{path}:") and f": warning: {FIELD}: has no effect: " in line


@pytest.mark.parametrize(
    "command",
    [
        ("validate",),
        ("run", "--replicates", 2),
        ("compare", "--replicates", 2),
        ("calibrate", "--runs", 300),
    ],
)
def test_strict_refuses_what_has_no_effect(path, capsys, command, tmp_path):
    assert bordersim(*command, path, "--strict") == 2
    printed = capsys.readouterr().err
    assert f"{FIELD}: has no effect: " in printed and "nothing was run" in printed
    assert "warning" not in printed
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_run_warns_once_a_file_and_goes_on(path, capsys, tmp_path):
    files, out = [path, path.with_name("other.yaml")], tmp_path / "out"
    files[1].write_text(f"extends: {path.name}\nname: other\nquestion: What else?\n", "utf-8")
    asked = ["--replicates", 2, "--workers", 1, "--out", out, "--json"]
    assert bordersim("compare", *files, *asked) == 0
    printed = capsys.readouterr()
    assert printed.err.count(FIELD) == 1
    assert all(json.loads(line) for line in printed.out.splitlines())


def write_varied(folder, factor, policies=""):
    """Write a sweep of the small world with one factor more, and return its path."""
    text = SWEEP.replace("factors:\n", f"{policies}factors:\n  more: {factor}\n")
    return write_sweep(folder, text)


@pytest.mark.parametrize(
    ("factor", "field", "reason"),
    [
        (f"{{path: {FIELD}, values: [0, 0.5]}}", "factors.more.values[1]", "nobody is asked"),
        (
            f"{{path: {FIELD}, range: {{low: 0.1, high: 0.5, steps: 2}}}}",
            "factors.more.range",
            "nobody is asked",
        ),
        (
            "{levels: [{label: one, set: {policies.fine: 5 CNY}}, "
            "{label: two, set: {policies.monitoring: 0.5, travellers.pool: 900}}]}",
            "factors.more.levels[0]",
            "there is no border",
        ),
        (
            "{path: quarantine.symptoms_noticed, values: [0.5, 5.0e-1]}",
            "factors.more",
            "the same at all of its levels",
        ),
    ],
)
def test_a_sweep_warns_of_what_it_varies_without_effect(tmp_path, capsys, factor, field, reason):
    path = write_varied(tmp_path, factor)
    first = load_sweep(path).warnings[0]
    assert (first.file, first.field) == (str(path), field)
    assert reason in first.message
    assert path.read_text("utf-8").splitlines()[first.line - 1].strip().startswith("more:")
    assert bordersim("sweep", path, "--dry-run", "--out", tmp_path / "out") == 0
    assert f": warning: {field}: " in capsys.readouterr().err
    assert bordersim("sweep", path, "--dry-run", "--strict", "--out", tmp_path / "out") == 2
    assert "warning" not in capsys.readouterr().err


def test_a_level_with_an_effect_in_one_policy_has_one(tmp_path):
    factor = f"{{path: {FIELD}, values: [0.2, 0.5]}}"
    asked = "extends: small_world.yaml\nname: asked\npolicies: {exit_questionnaire: {plane: 0.5}}\n"
    (tmp_path / "asked.yaml").write_text(asked, "utf-8")
    path = write_varied(tmp_path, factor, "policies: [asked.yaml]\n")
    assert load_sweep(path).warnings == []


def test_a_sweep_from_python_warns(tmp_path):
    path = write_varied(tmp_path, f"{{path: {FIELD}, values: [0.5]}}")
    with pytest.warns(ScenarioWarning, match="nobody is asked"):
        sweep(path, replicates=2)
