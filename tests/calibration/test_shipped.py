"""The shipped ensemble: its pairs still have the histories that the fit accepted."""

import numpy as np
from scipy.special import chdtri

from calibration.fit import Budget
from calibration.observation import Observation, log_kernel_of
from calibration.priors import read_priors
from calibration.simulator import Simulator
from calibration.targets_file import read_targets
from sim import load_scenario
from sim.api import run
from sim.experiment.ensemble import read_ensemble
from sim.shipped import shipped_ensembles, shipped_scenarios

SCENARIO = load_scenario(shipped_scenarios() / "baseline.yaml")
ENSEMBLE = read_ensemble(shipped_ensembles()["articles_2020"])
SIMULATOR = Simulator(
    SCENARIO, read_priors().fitted, Observation(read_targets(), SCENARIO.calendar)
)


def test_it_was_fitted_to_the_shipped_scenario_and_priors():
    assert ENSEMBLE.provenance["fitted_digest"] == SIMULATOR.digest


def test_it_is_a_fit_of_the_usual_length():
    assert ENSEMBLE.provenance["reference_runs"] == Budget().runs
    assert len(ENSEMBLE.members) == Budget().members
    assert ENSEMBLE.provenance["ladders"] == Budget().ladders
    assert ENSEMBLE.provenance["distinct_pairs"] >= 1_000
    assert ENSEMBLE.provenance["pairs_stuck"] <= 0.05 * len(ENSEMBLE.members)


def test_members_run_again_agree_with_the_articles():
    """A change of the model that moves histories makes the ensemble stale: fit it again."""
    left_out = [prior.path for prior in read_priors().kept]
    places = {path: [] if path in left_out else [path] for path in ENSEMBLE.base}
    # Of every time at which pairs are kept: the first ones are the farthest from the counts.
    members = [m.at(places) for m in ENSEMBLE.members[::52]][:20]
    done = run(SIMULATOR.scenario, members=members)
    counts = np.stack([done.series(series, place) for place, series in SIMULATOR.columns], axis=1)
    misses = SIMULATOR.misses(counts[:, :, : SIMULATOR.observation.days])
    worst = chdtri(len(SIMULATOR.observation.statistics), 0.001)
    assert (-2 * log_kernel_of(misses) <= worst).sum() >= 19
    assert np.median(-2 * log_kernel_of(misses)) < 12
