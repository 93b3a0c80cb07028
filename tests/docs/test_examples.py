"""The examples of the pages run as they stand there."""

import re
import shlex
import shutil
import sys
from types import ModuleType

import pytest
from command import bordersim
from shipped import ROOT

from sim.cli import discover
from sim.experiment import discovery, members
from sim.view.sweep import discovery as discovery_view

COMMANDS = ["compare.md", "sweep.md", pytest.param("reward.md", marks=pytest.mark.thorough)]
"""Pages whose commands are run, in their order."""

PAIRS = 2
FEWER = {"compare": ["--workers", "1"]}
"""By command: what makes it small."""


def blocks(page, language):
    text = (ROOT / "docs" / page).read_text("utf-8")
    found = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found
    return found


def run_python(page):
    scope = {"__name__": "__main__"}
    for example in blocks(page, "python"):
        exec(compile(example, page, "exec"), scope)
    return scope


@pytest.mark.slow
def test_python_examples_run(monkeypatch):
    monkeypatch.chdir(ROOT)
    scope = run_python("python.md")
    assert len(scope["replicates"].results) == 5
    assert len(scope["comparison"].differences_table())
    assert len(scope["results"].summary())


@pytest.mark.thorough
def test_the_slurm_example_runs_where_workers_are_local(tmp_path, monkeypatch):
    """There is no Slurm here: the example asks its cluster class, which stands for Dask's own."""
    from distributed import LocalCluster

    class SLURMCluster(LocalCluster):
        def __init__(self, cores, processes, memory, walltime, queue):
            assert (cores, processes) == (1, 1)
            super().__init__(n_workers=0, threads_per_worker=1, dashboard_address=None)

        def scale(self, jobs):
            super().scale(min(jobs, 2))

    module = ModuleType("dask_jobqueue")
    module.SLURMCluster = SLURMCluster
    monkeypatch.setitem(sys.modules, "dask_jobqueue", module)
    work_in(tmp_path, monkeypatch)
    scope = run_python("cluster.md")
    assert len(scope["results"].summary())
    assert (tmp_path / "results" / "on_slurm" / "summary.csv").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("page", COMMANDS)
def test_commands_run(page, tmp_path, monkeypatch):
    """As they stand there, but each with a few pairs."""
    work_in(tmp_path, monkeypatch)
    all_of = members.members_of

    def few_of(scenario, choice):
        runs = all_of(scenario, choice)
        return members.Members(runs.members[:PAIRS], runs.note)

    monkeypatch.setattr(members, "members_of", few_of)
    for module in (discovery, discover, discovery_view):
        monkeypatch.setattr(module, "SEARCHES", 2)
    lines = "".join(blocks(page, "sh")).replace("\\\n", " ").splitlines()
    commands = [shlex.split(line, comments=True) for line in lines]
    for name, *arguments in filter(None, commands):
        assert name == "bordersim"
        assert bordersim(*arguments, *FEWER.get(arguments[0], ())) == 0, arguments


def work_in(folder, monkeypatch):
    """Make the folder look like a checkout with no results yet, whose sweeps are small."""
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    for path in (folder / "scenarios" / "sweeps").iterdir():
        text = re.sub(r"replicates: \d+", f"replicates: {PAIRS}", path.read_text("utf-8"))
        text = re.sub(r"steps: \d+", "steps: 2", text)
        path.write_text(re.sub(r"points: \d+", "points: 12", text), "utf-8")
    monkeypatch.chdir(folder)
