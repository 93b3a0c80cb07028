"""A scenario and the counts that it is to be fitted to, and the fit of both in two stages."""

from dataclasses import dataclass

from calibration.fit import Budget, Fit, fit
from calibration.fitted import ensemble_of
from calibration.local_fit import LocalFit, fit_local, whole_histories
from calibration.observation import Observation
from calibration.priors import Priors
from calibration.simulator import Simulator
from calibration.targets import Targets
from calibration.task_runner import TaskRunner
from sim.experiment.ensemble import Ensemble
from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class Question:
    """What is fitted to what, as the same ensemble always comes from.

    Attributes:
        scenario: the world.
        targets: the counts.
        priors: what is known before.
        budget: what the fit may cost.
        seed: root seed of the fit.
    """

    scenario: Scenario
    targets: Targets
    priors: Priors
    budget: Budget
    seed: int

    @property
    def simulator(self) -> Simulator:
        """What is fitted."""
        observation = Observation(self.targets, self.scenario.calendar)
        return Simulator(self.scenario, self.priors.fitted, observation)


def fit_both_stages(question: Question, at: TaskRunner) -> tuple[Fit, Ensemble, LocalFit | None]:
    """Fit the travellers, and then the local side of every pair, if it has counts."""
    scenario, priors, seed = question.scenario, question.priors, question.seed
    done = fit(question.simulator, seed, question.budget, at)
    pairs = ensemble_of(done, scenario, priors, seed, question.budget.runs)
    local = fit_local(scenario, question.targets, priors, pairs, seed, at)
    return done, pairs if local is None else whole_histories(pairs, scenario, local), local
