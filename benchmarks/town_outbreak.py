"""The outbreak that every engine of the cross-check simulates, and bordersim's side of it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import stats

from sim.scenario.distributions import Gamma
from sim.scenario.loader import load_scenario
from sim.scenario.schema import Scenario
from sim.world.draws import FloatArray
from sim.world.model import BorderModel

SCENARIO = Path(__file__).with_name("cross_check.yaml")
TOWN = "town"


@dataclass(frozen=True)
class Setting:
    """What is varied.

    Attributes:
        reproduction: mean number of people whom one of the first infected infects.
        seeds: residents infected at the start.
        dispersion: dispersion k of a Gamma factor on infectiousness; none: all alike.
    """

    reproduction: float
    seeds: int
    dispersion: float | None = None


@dataclass(frozen=True)
class Outbreak:
    """What is compared of a run.

    Attributes:
        size: people ever infected, seeds included.
        peak: day on which most were infected, the first of them if there are several.
    """

    size: int
    peak: int

    @classmethod
    def at(cls, times: FloatArray) -> "Outbreak":
        """Return the outbreak of people infected at ``times`` in days, shape (size,)."""
        return cls(len(times), int(np.bincount(times.astype(np.int64)).argmax()))


class GenerationTime:
    """When an infected person infects others: the scenario's profile, cut to its window.

    From SciPy and not from ``sim.world.natural_history``, so that an error there would show.
    """

    def __init__(self, scenario: Scenario) -> None:
        infectiousness = scenario.disease.infectiousness
        profile = infectiousness.profile
        assert isinstance(profile, Gamma) and infectiousness.since == "infection"
        self.law = stats.gamma(profile.shape, loc=profile.shift, scale=1 / profile.rate)
        self._before, self._until = infectiousness.window
        self.longest = float(self.law.ppf(self._until))
        """Days after which nobody infects anybody."""
        self.days_at_peak = (self._until - self._before) / float(
            self.law.pdf((profile.shape - 1) / profile.rate + profile.shift)
        )
        """A person's infectiousness as days at its highest."""

    def cumulative(self, days: FloatArray) -> FloatArray:
        """Return the share of generation times of at most ``days``, shape as given."""
        shares: FloatArray = np.clip(self.law.cdf(days), self._before, self._until)
        return (shares - self._before) / (self._until - self._before)

    def drawn(self, rng: np.random.Generator, count: int) -> FloatArray:
        """Return ``count`` generation times in days, shape (count,)."""
        times: FloatArray = self.law.ppf(rng.uniform(self._before, self._until, count))
        return times


def scenario_of(setting: Setting, people: int | None = None) -> Scenario:
    """Return the scenario of a setting, in a town of another size if ``people`` are given."""
    days_at_peak = GenerationTime(load_scenario(SCENARIO)).days_at_peak
    changes = [
        f"residents.{TOWN}.community_hazard_per_day={setting.reproduction / days_at_peak!r}",
        f"residents.{TOWN}.infected_at_start={setting.seeds}",
    ]
    if people is not None:
        changes.append(f"residents.{TOWN}.people={people}")
    if setting.dispersion is not None:
        changes.append(f"disease.offspring_dispersion={setting.dispersion}")
    return load_scenario(SCENARIO, changes)


def run_bordersim(scenario: Scenario, seed: int) -> Outbreak:
    """Run bordersim until nobody spreads the disease any more."""
    model = BorderModel(scenario, seed)
    while model.running and model.residents[TOWN].record.spreading.length:
        model.step()
    times = model.people.infected_at
    return Outbreak.at(times[model.people.infected])
