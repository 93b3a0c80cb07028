"""The fixture of the tests of reports: a plug-in, so that all of them share its folders."""

import pytest
from command import bordersim
from report_folders import ATTACK, SAMPLED, write_comparison, write_runs, write_sweep_results


@pytest.fixture(scope="session")
def folders(tmp_path_factory):
    """Folders of results by kind, with their reports in them."""
    made = {
        "comparison": write_comparison(tmp_path_factory.mktemp("comparison"), ATTACK),
        "sweep": write_sweep_results(tmp_path_factory.mktemp("sweep")),
        "sampled": write_sweep_results(tmp_path_factory.mktemp("sampled"), SAMPLED),
        "run": write_runs(tmp_path_factory.mktemp("run")),
    }
    for folder in made.values():
        assert bordersim("report", folder) == 0
    return made
