"""From a finished fit to the ensemble that runs use."""

from calibration.fit import Fit, distinct, stuck
from calibration.priors import Prior, Priors, values_at
from calibration.stages import Stage, generator
from sim.experiment.ensemble import Ensemble, Member
from sim.experiment.fingerprint import model_fingerprint
from sim.experiment.fitted_periods import periods_of
from sim.experiment.parameters import value_at
from sim.scenario.schema import Scenario


def ensemble_of(fit: Fit, scenario: Scenario, priors: Priors, root: int, runs: int) -> Ensemble:
    """Return the pairs of a fit as members, with draws of the parameters not fitted.

    Args:
        fit: the finished fit.
        scenario: the whole world that was fitted.
        priors: of all parameters, also of those that the fit left out.
        root: root seed of the fit.
        runs: reference runs.
    """
    kept = [prior for prior in priors.kept if value_at(scenario, prior.path) is not None]
    members = []
    for number, pair in enumerate(fit.pairs):
        rng = generator(root, Stage.KEPT_PRIORS, number)
        values = {
            **fit.simulator.values_of(pair.point),
            **values_at(kept, rng.standard_normal(len(kept))),
        }
        members.append(Member(pair.point.seed, values, pair.point.seed_overrides))
    return Ensemble(
        tuple(members),
        {prior.path: _base(scenario, prior) for prior in [*priors.fitted, *kept]},
        {
            "scenario": scenario.name,
            "fitted_digest": fit.simulator.digest,
            "model": model_fingerprint(),
            "root_seed": root,
            "reference_runs": runs,
            "ladders": fit.ladders,
            "starts_left": len({pair.start for pair in fit.pairs}),
            "pairs_stuck": len(stuck(fit)),
            "distinct_pairs": distinct(fit.pairs),
        },
        periods_of(scenario, (prior.path for prior in [*priors.fitted, *kept])),
    )


def _base(scenario: Scenario, prior: Prior) -> float:
    value = value_at(scenario, prior.path)
    if value is None:
        raise KeyError(f"the scenario {scenario.name} has no number at {prior.path}")
    return value
