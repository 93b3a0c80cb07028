"""Policies of different names that cannot differ are said to be the same, and still compared."""

import pandas as pd
import pytest
from command import bordersim
from random_scenarios import a_world, scenario_of
from small_sweep import SWEEP, write_sweep

import sim
from sim.experiment.campaign import Variant
from sim.experiment.ensemble import Member
from sim.experiment.same_runs import same_policies

TWIN = "extends: small_world.yaml\nname: twin\n"
LINE = "describes the same world as small_world: all differences between them are 0"


def variant(name, *members, **changes):
    return Variant(name, scenario_of(a_world(name=name, **changes)), members)


def test_what_decides_the_runs_is_compared_and_no_name():
    one, other = Member(1), Member(2)
    policies = [
        variant("a", one, other),
        variant("b", one, other, policies__quarantine_stay="8 d"),
        variant("c", one, other, question="Why?"),
        variant("d", one, Member(2, {"source.exposure": 3.0})),
        variant("e", one, other, policies__quarantine_stay="8 d"),
        variant("f", one, other),
    ]
    said = [sentence.partition(":")[0] for sentence in same_policies(policies)]
    assert said == [f"{x} describes the same world as {y}" for x, y in ("ca", "eb", "fa")]


@pytest.mark.parametrize("text", [TWIN, TWIN + "question: The same?\n"])
def test_a_comparison_says_so_in_one_line(tmp_path, capsys, text):
    write_sweep(tmp_path)
    (tmp_path / "twin.yaml").write_text(text, "utf-8")
    files = [tmp_path / "small_world.yaml", tmp_path / "twin.yaml"]
    options = ["--replicates", 2, "--workers", 1, "--out", tmp_path / "out"]
    assert bordersim("compare", *files, *options) == 0
    assert f"\nwarning: twin {LINE}\n" in "\n" + capsys.readouterr().err
    differences = pd.read_csv(tmp_path / "out" / "differences.csv")
    assert (differences["median"].dropna() == 0).all()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (TWIN, True),
        # What differs is what the sweep varies.
        (TWIN + "policies: {quarantine_stay: 9 d}\n", True),
        (TWIN + "travellers: {patience: 2 d}\n", False),
    ],
)
def test_a_sweep_says_so_in_one_line(tmp_path, capsys, text, same):
    path = write_sweep(tmp_path, SWEEP.replace("replicates: 4", "policies: [twin.yaml]"))
    (tmp_path / "twin.yaml").write_text(text, "utf-8")
    assert bordersim("sweep", path, "--dry-run", "--out", tmp_path / "out") == 0
    line = LINE.replace("small_world", "small_world at every point")
    assert (f"warning: twin {line}" in capsys.readouterr().err) == same


def test_python_warns(tmp_path):
    path = write_sweep(tmp_path, SWEEP.replace("replicates: 4", "policies: [twin.yaml]"))
    (tmp_path / "twin.yaml").write_text(TWIN, "utf-8")
    with pytest.warns(UserWarning, match="twin describes the same world as small_world at every"):
        sim.sweep(path, replicates=1)
