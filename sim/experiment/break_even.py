"""Whether rewards for informants pay: a grid of reward sizes and of how residents respond."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sim.experiment.cost_effectiveness import CostEffectiveness, cost_effectiveness
from sim.experiment.ensemble import Member
from sim.experiment.pairs import half_width, paired_differences
from sim.experiment.replicates import Failure, Replicates, run_all
from sim.scenario.schema import Scenario
from sim.world.draws import FloatArray

_RESPONSE = "border.informants.b1"


@dataclass(frozen=True)
class Cell:
    """One size of reward and one response against the same world without a reward.

    Attributes:
        reward: multiple of the scenario's rewards.
        response: ``border.informants.b1``.
        against: costs and infections against no reward, a number a pair of runs.
        deterred: attempts to cross fewer than without a reward, shape (pairs,).
        found: crossers whom residents report or capture, shape (runs,).
        found_more: of these, how many more than without a reward, shape (pairs,).
    """

    reward: float
    response: float
    against: CostEffectiveness
    deterred: FloatArray
    found: FloatArray
    found_more: FloatArray


@dataclass
class BreakEven:
    """The grid of cells; nan in an array means that no pair of runs has finished.

    Attributes:
        scenario: what was varied.
        rewards: multiples of the scenario's rewards, ascending.
        responses: values of ``border.informants.b1``, ascending.
        cells: those that have finished, by (response, reward) as places in the two lists.
        failures: runs that failed, with what was run.
        interrupted: the user stopped before all runs were done.
    """

    scenario: Scenario
    rewards: list[float]
    responses: list[float]
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    failures: list[tuple[str, Failure]] = field(default_factory=list)
    interrupted: bool = False

    def grid(self, value: Callable[[Cell], float]) -> FloatArray:
        """Return ``value`` of every cell, shape (responses, rewards)."""
        table = np.full((len(self.responses), len(self.rewards)), np.nan)
        for place, cell in self.cells.items():
            table[place] = value(cell)
        return table

    @property
    def extra_cost(self) -> FloatArray:
        """Mean CNY a run more than without a reward, shape (responses, rewards)."""
        return self.grid(lambda cell: float(cell.against.extra_cost.mean()))

    @property
    def averted(self) -> FloatArray:
        """Mean infections at large fewer than without a reward, shape (responses, rewards)."""
        return self.grid(lambda cell: float(cell.against.averted.mean()))

    @property
    def cost_per_averted(self) -> FloatArray:
        """CNY per infection averted; nan where none is averted, shape (responses, rewards)."""
        return self.grid(lambda cell: cell.against.cost_per_averted)

    @property
    def certain(self) -> FloatArray:
        """1 where the infections averted can be told from nought, shape (responses, rewards)."""
        return self.grid(lambda cell: float(cell.against.certain))

    @property
    def deterred(self) -> FloatArray:
        """Mean attempts fewer than without a reward, shape (responses, rewards)."""
        return self.grid(lambda cell: float(cell.deterred.mean()))

    @property
    def found(self) -> FloatArray:
        """Mean crossers found through residents, shape (responses, rewards)."""
        return self.grid(lambda cell: float(cell.found.mean()))

    @property
    def found_more(self) -> FloatArray:
        """The same, more than without a reward, shape (responses, rewards)."""
        return self.grid(lambda cell: float(cell.found_more.mean()))

    def net_benefit(self, worth: float) -> FloatArray:
        """Return mean CNY a run that remain, with ``worth`` CNY for an averted infection."""
        return self.grid(lambda cell: cell.against.net_benefit(worth))

    def table(self, worth: float) -> pd.DataFrame:
        """Return a row a cell that has finished, with means, half-widths and the net benefit."""
        return pd.DataFrame([_row(cell, worth) for _, cell in sorted(self.cells.items())])


def _row(cell: Cell, worth: float) -> dict[str, float]:
    against = cell.against
    return {
        "reward_multiple": cell.reward,
        "response_b1": cell.response,
        "pairs": len(against.averted),
        "extra_cost_cny": float(against.extra_cost.mean()),
        "infections_averted": float(against.averted.mean()),
        "infections_averted_half_width_95": half_width(against.averted),
        "cost_per_infection_averted_cny": against.cost_per_averted,
        "net_benefit_cny": against.net_benefit(worth),
        "worth_of_an_averted_infection_cny": worth,
        "attempts_deterred": float(cell.deterred.mean()),
        "crossers_found_through_residents": float(cell.found.mean()),
        "crossers_found_more_than_without_reward": float(cell.found_more.mean()),
    }


def why_not(scenario: Scenario) -> str:
    """Return why a break-even cannot be computed for ``scenario``, or nothing."""
    if scenario.border is None:
        return "the scenario has no border away from its ports (border)"
    if not any(reward.report or reward.capture for reward in scenario.policies.rewards):
        return "the scenario offers no rewards (policies.rewards)"
    return ""


def without_reward(scenario: Scenario) -> Scenario:
    """Return ``scenario`` without rewards; what is unknown of the response plays no part then."""
    return _with_policies(scenario, rewards=())


def with_reward(scenario: Scenario, reward: float, response: float) -> Scenario:
    """Return ``scenario`` with ``reward`` times its rewards and ``response`` for b1."""
    rewards = tuple(
        offer.model_copy(
            update={"report": reward * offer.report, "capture": reward * offer.capture}
        )
        for offer in scenario.policies.rewards
    )
    assert scenario.border is not None
    informants = scenario.border.informants.model_copy(update={"b1": response})
    border = scenario.border.model_copy(update={"informants": informants})
    return _with_policies(scenario, rewards=rewards).model_copy(update={"border": border})


def _with_policies(scenario: Scenario, **changes: object) -> Scenario:
    policies = scenario.policies.model_copy(update=changes)
    return scenario.model_copy(update={"policies": policies})


def break_even(
    scenario: Scenario,
    rewards: Sequence[float],
    responses: Sequence[float],
    *,
    members: Sequence[Member],
    workers: int = 1,
    on_progress: Callable[[int], None] = lambda runs: None,
) -> BreakEven:
    """Run every reward with every response, and no reward, all under the same seeds.

    Args:
        scenario: has a border and rewards.
        rewards: multiples of the scenario's rewards.
        responses: values of ``border.informants.b1``, which nobody has measured.
        members: parameters and random numbers of the runs of each combination; values of b1
            in them are not used.
        workers: processes; 1 runs here, 0 takes one a processor.
        on_progress: called with the number of runs that have just ended.

    Returns:
        The grid. Without a reward b1 has no effect, so that case is run once.

    Raises:
        ValueError: the scenario has no border or no rewards.
    """
    if reason := why_not(scenario):
        raise ValueError(reason)
    result = BreakEven(scenario, sorted(set(rewards)), sorted(set(responses)))
    members = [member.leaving([_RESPONSE]) for member in members]
    places = [(i, j) for i in range(len(result.responses)) for j in range(len(result.rewards))]
    variants = [
        without_reward(scenario),
        *(with_reward(scenario, result.rewards[j], result.responses[i]) for i, j in places),
    ]
    reference, *grid = run_all(variants, members=members, workers=workers, on_progress=on_progress)
    result.interrupted = reference.interrupted
    result.failures += [("no reward", failure) for failure in reference.failures]
    for (i, j), done in zip(places, grid, strict=True):
        reward, response = result.rewards[j], result.responses[i]
        name = f"{reward:g} x reward, b1 = {response:g}"
        result.failures += [(name, failure) for failure in done.failures]
        cell = _cell(reward, response, done, reference)
        if len(cell.deterred):
            result.cells[i, j] = cell
    return result


def _cell(reward: float, response: float, done: Replicates, reference: Replicates) -> Cell:
    of_residents = ("caught_on_report", "captured_by_residents")
    more = [paired_differences(done, reference, outcome) for outcome in of_residents]
    return Cell(
        reward,
        response,
        cost_effectiveness(done, reference),
        -paired_differences(done, reference, "illegal_attempts"),
        done.outcome(of_residents[0]) + done.outcome(of_residents[1]),
        more[0] + more[1],
    )
