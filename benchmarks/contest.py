"""Who is timed against whom, and what the goals are."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.covasim_run import covasim_version, run_covasim, warm_up_covasim
from benchmarks.plain_mesa import run_plain_mesa
from benchmarks.starsim_run import starsim_version
from benchmarks.starsim_scale import run_starsim_sir
from benchmarks.timing import Contestant, cpu_seconds, time_by_turns
from sim.experiment.ensemble import Member
from sim.experiment.replicates import simulate
from sim.scenario.loader import load_scenario
from sim.scenario.schema import Scenario
from sim.world.travellers import Traveller

SCENARIOS = Path(__file__).parents[1] / "scenarios"
BASELINE = SCENARIOS / "baseline.yaml"
TEN_MILLION = ["residents.harbin.people=10000000"]


@dataclass(frozen=True)
class Repetitions:
    """How often each kind of run is timed."""

    ours: int
    others: int


FULL = Repetitions(ours=45, others=3)
QUICK = Repetitions(ours=10, others=1)


class Asked(Traveller):
    """Decides as everybody does, but is asked one by one."""


@dataclass
class Contest:
    """All contestants, timed.

    Attributes:
        cold: CPU seconds of the first run in this process.
        baseline: warm runs of the shipped baseline, the whole world.
        corridor: the same without residents, illegal crossing and hospital outbreak.
        no_closure: the whole world with the port open throughout.
        pool_tenfold: ten times as many who might set out, as many who do.
        travellers_doubled: twice as many who set out.
        exposure_doubled: about twice as many infected travellers.
        residents_tenfold: ten times as many residents in every town.
        ten_million: ten million residents in the largest town.
        asked: the baseline with a class of travellers of one's own, asked one by one.
        plain: the plain Mesa model.
        covasim: Covasim, None where it is not installed.
        starsim: Starsim, None where it is not installed.
    """

    cold: float
    baseline: Contestant
    corridor: Contestant
    no_closure: Contestant
    pool_tenfold: Contestant
    travellers_doubled: Contestant
    exposure_doubled: Contestant
    residents_tenfold: Contestant
    ten_million: Contestant
    asked: Contestant
    plain: Contestant
    covasim: Contestant | None
    starsim: Contestant | None

    @property
    def contestants(self) -> list[Contestant]:
        """All that are timed, in the order of the table."""
        everybody = [
            self.baseline,
            self.corridor,
            self.no_closure,
            self.pool_tenfold,
            self.travellers_doubled,
            self.exposure_doubled,
            self.residents_tenfold,
            self.ten_million,
            self.asked,
            self.plain,
            self.covasim,
            self.starsim,
        ]
        return [contestant for contestant in everybody if contestant is not None]


@dataclass(frozen=True)
class Check:
    """A ratio or time with its goal, if it has one.

    Attributes:
        name: what is measured.
        value: the measurement.
        unit: what follows the number.
        goal: the bound; none: only reported.
        at_most: whether the goal is an upper bound.
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    at_most: bool = True

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal."""
        if self.goal is None:
            return None
        return self.value <= self.goal if self.at_most else self.value >= self.goal


def load_baseline() -> Scenario:
    """Return the shipped baseline."""
    return load_scenario(BASELINE)


def corridor_of(scenario: Scenario) -> Scenario:
    """Return ``scenario`` without what lies away from the corridor: what the plain model has."""
    return scenario.without(("towns", "hospital_outbreak", "border"))


def run_contest(repetitions: Repetitions) -> Contest:
    """Time everything, as often as ``repetitions`` says."""
    baseline = load_baseline()
    demand = baseline.travellers.demand.model_dump()
    tenfold = [f"travellers.pool={10 * baseline.travellers.pool}"]
    crowded = [
        f"residents.{town}.people={10 * residents.people}"
        for town, residents in baseline.residents.items()
    ]
    source = baseline.source.model_dump()
    exposed = [f"source.exposure={2 * source['exposure']}"]
    doubled = [f"travellers.demand.ceiling={2 * demand['ceiling']}"]

    def ours(name: str, scenario: Scenario) -> Contestant:
        return Contestant(name, lambda seed: simulate(scenario, Member(seed)), repetitions.ours)

    contest = Contest(
        cold=cpu_seconds(lambda: simulate(baseline, Member(1))),
        baseline=ours("bordersim, baseline", baseline),
        corridor=ours("bordersim, corridor alone", corridor_of(baseline)),
        no_closure=ours("bordersim, no closure", load_scenario(SCENARIOS / "no_closure.yaml")),
        pool_tenfold=ours("bordersim, pool x 10", load_scenario(BASELINE, tenfold)),
        travellers_doubled=ours("bordersim, travellers x 2", load_scenario(BASELINE, doubled)),
        exposure_doubled=ours("bordersim, exposure x 2", load_scenario(BASELINE, exposed)),
        residents_tenfold=ours("bordersim, residents x 10", load_scenario(BASELINE, crowded)),
        ten_million=ours("bordersim, ten million residents", load_scenario(BASELINE, TEN_MILLION)),
        asked=Contestant(
            "bordersim, decide() in Python",
            lambda seed: simulate(baseline, Member(seed), traveller_class=Asked),
            repetitions.ours,
        ),
        plain=Contestant("plain Mesa", partial(run_plain_mesa, baseline), repetitions.others),
        covasim=(
            Contestant("Covasim", partial(run_covasim, baseline), repetitions.others)
            if covasim_version()
            else None
        ),
        starsim=(
            Contestant("Starsim", partial(run_starsim_sir, baseline), repetitions.others)
            if starsim_version()
            else None
        ),
    )
    if contest.covasim is not None:
        warm_up_covasim()
    time_by_turns(contest.contestants)
    return contest


def checks_of(contest: Contest) -> list[Check]:
    """Return the goals beside what was measured, by medians."""
    ours, corridor = contest.baseline.median, contest.corridor.median
    plain = contest.plain.median / corridor
    checks = [
        Check("warm run, whole world", ours, "CPU s", 0.01),
        Check("warm run, corridor alone", corridor, "CPU s", 0.004),
        Check("plain Mesa / corridor alone", plain, "x", 500, at_most=False),
    ]
    if contest.covasim is not None:
        ratio = contest.covasim.median / ours
        checks.append(Check("Covasim / whole world", ratio, "x", 200, at_most=False))
    if contest.starsim is not None:
        ratio = contest.starsim.median / ours
        checks.append(Check("Starsim / whole world", ratio, "x"))
    return [
        *checks,
        Check("ten million residents", contest.ten_million.median, "CPU s", 5),
        Check("residents x 10 / baseline", contest.residents_tenfold.median / ours, "x"),
        Check("exposure x 2 / baseline", contest.exposure_doubled.median / ours, "x"),
        Check("pool x 10 / baseline", contest.pool_tenfold.median / ours, "x", 1.5),
        Check("travellers x 2 / baseline", contest.travellers_doubled.median / ours, "x"),
        Check("no closure / baseline", contest.no_closure.median / ours, "x"),
        Check("decide() in Python / baseline", contest.asked.median / ours, "x"),
    ]
