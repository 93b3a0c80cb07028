"""Travellers of one's own in many runs: in worker processes, and in runs that are kept."""

import gc
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import own_travellers
import pytest
from own_travellers import Hasty, Stubborn
from random_scenarios import a_world, scenario_of
from shipped import ROOT
from small_sweep import write_sweep

import sim
from sim import Decision, Traveller
from sim.experiment.campaign import STORE
from sim.experiment.run_store import RunStore

SHUT = {"east_port": [{"from": "2020-03-10"}], "west_port": [{"from": "2020-03-10"}]}
WORLD = scenario_of(a_world(policies__port_closures=SHUT))
OTHER = scenario_of(a_world(name="other", source__exposure=20, policies__port_closures=SHUT))


def local_class():
    class Local(Traveller):
        def decide(self):
            return Decision.WAIT

    return Local


def outcomes(comparison):
    return comparison.outcomes_table().to_csv()


def test_their_decisions_are_those_of_the_runs():
    plain = sim.run(WORLD, replicates=2)
    stubborn = sim.run(WORLD, replicates=2, traveller_class=Stubborn)
    assert (plain.outcome("stranded_person_days") < stubborn.outcome("stranded_person_days")).all()
    compared = sim.compare([WORLD, OTHER], replicates=2, traveller_class=Stubborn)
    assert compared.outcome(0, "stranded_person_days").tolist() == (
        stubborn.outcome("stranded_person_days").tolist()
    )


@pytest.mark.slow
def test_worker_processes_run_them():
    few = {"replicates": 6, "traveller_class": Stubborn}
    here, there = (sim.run(WORLD, **few, workers=workers) for workers in (1, 2))
    np.testing.assert_equal(
        [one.outcomes for one in here.results], [one.outcomes for one in there.results]
    )
    here, there = (sim.compare([WORLD, OTHER], **few, workers=workers) for workers in (1, 2))
    np.testing.assert_equal(outcomes(here), outcomes(there))


@pytest.mark.slow
def test_what_worker_processes_cannot_load_is_refused():
    for many in (
        lambda **few: sim.run(WORLD, **few),
        lambda **few: sim.compare([WORLD, OTHER], **few),
    ):
        with pytest.raises(TypeError, match=r"cannot load local_class.*top level.*workers=1"):
            many(replicates=12, workers=2, traveller_class=local_class())
    threads = ThreadPoolExecutor(2)
    assert sim.run(WORLD, replicates=2, executor=threads, traveller_class=local_class()).results


MADE = "class Own({}):\n    def decide(self):\n        return sim.Decision.WAIT\n"

RUN = (
    "done = sim.run(sim.load_scenario('scenarios/two_ports.yaml'), replicates=6, workers=2, "
    "traveller_class=Own)\nprint(len(done.results))\n"
)


@pytest.mark.slow
@pytest.mark.parametrize("interactive", [True, False], ids=["interactive", "script"])
def test_a_class_of_the_main_module_is_sent_if_it_can_be(interactive, tmp_path):
    script = f"import sim\n{MADE.format('sim.Traveller')}\nif __name__ == '__main__':\n    {RUN}"
    script = script.replace("\nprint", "\n    print")
    file = tmp_path / "study.py"
    file.write_text(script)
    command = [sys.executable, *(["-c", script] if interactive else [str(file)])]
    shown = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if interactive:
        assert "TypeError: traveller_class: worker processes cannot load Own" in shown.stderr
        assert shown.returncode == 1
    else:
        assert (shown.stdout.strip(), shown.stderr) == ("6", "")


@pytest.mark.slow
def test_a_process_that_has_another_version_of_the_class_is_refused(monkeypatch):
    monkeypatch.setattr(own_travellers, "PATIENCE", 9.0)
    with pytest.raises(RuntimeError, match=r"another Hasty.*workers=1"):
        sim.run(WORLD, replicates=12, workers=2, traveller_class=Hasty)


def test_the_check_is_made_anew_after_a_change(monkeypatch):
    before = sim.run(WORLD, replicates=1, traveller_class=Hasty)
    monkeypatch.setattr(own_travellers, "PATIENCE", 9.0)
    after = sim.run(WORLD, replicates=1, traveller_class=Hasty)
    assert before.results[0].outcomes != after.results[0].outcomes


CLASSES = [Traveller, Stubborn, Hasty, local_class()]


def in_folder(folder, traveller_class, ended):
    comparison = sim.compare(
        [WORLD, OTHER],
        replicates=2,
        folder=folder,
        traveller_class=traveller_class,
        on_progress=lambda runs, failed: ended.append(runs),
    )
    text = outcomes(comparison)
    del comparison
    gc.collect()
    return text


def test_kept_runs_of_one_class_are_never_those_of_another(tmp_path, monkeypatch):
    fresh = {}
    for number, kind in enumerate(CLASSES):
        fresh[kind] = in_folder(tmp_path / str(number), kind, [])
    assert len(set(fresh.values())) > 2
    for _ in range(2):
        for kind in CLASSES:
            assert in_folder(tmp_path / "used", kind, []) == fresh[kind]
    ended = []
    in_folder(tmp_path / "used", Hasty, ended)
    assert sum(ended) == 0
    monkeypatch.setattr(own_travellers, "PATIENCE", 9.0)
    changed = in_folder(tmp_path / "used", Hasty, ended)
    assert sum(ended) == 4
    assert changed == in_folder(tmp_path / "changed", Hasty, []) != fresh[Hasty]


def test_a_store_names_the_class(tmp_path):
    in_folder(tmp_path, Stubborn, [])
    with RunStore.open(tmp_path / STORE, purpose=None) as store:
        keys = store.keys()
    assert {key.scenario.split(":")[0].split(" ")[1] for key in keys} == {"Stubborn"}


def test_a_sweep_takes_a_class(tmp_path):
    path = write_sweep(tmp_path)
    closed = "policies.port_closures={east_port: [{from: 2020-03-10}], west_port: []}"
    few = {"settings": [closed], "replicates": 1}
    plain = sim.sweep(path, **few).summary()
    stubborn = sim.sweep(path, **few, traveller_class=Stubborn)
    assert not plain.equals(stubborn.summary())


def with_something_without_a_value(stream):
    class Loud(Traveller):
        def decide(self):
            stream.write("")
            return super().decide()

    return Loud


def test_a_class_that_cannot_be_told_from_others_is_not_kept(tmp_path):
    loud = with_something_without_a_value(sys.stdout)
    with pytest.raises(TypeError, match=r"runs of .*Loud cannot be kept in a folder, because it"):
        in_folder(tmp_path / "kept", loud, [])
    assert not (tmp_path / "kept").exists()
    by_loud = sim.compare([WORLD, OTHER], replicates=2, traveller_class=loud)
    assert outcomes(by_loud) == outcomes(sim.compare([WORLD, OTHER], replicates=2))
