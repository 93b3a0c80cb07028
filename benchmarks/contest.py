"""Who is timed against whom, and what the goals are."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.covasim_run import covasim_version, run_covasim, warm_up_covasim
from benchmarks.plain_mesa import run_plain_mesa
from benchmarks.timing import Contestant, cpu_seconds, time_by_turns
from sim.experiment.replicates import simulate
from sim.scenario.loader import load_scenario
from sim.scenario.schema import Scenario

SCENARIOS = Path(__file__).parents[1] / "scenarios"
BASELINE = SCENARIOS / "baseline.yaml"


@dataclass(frozen=True)
class Repetitions:
    """How often each kind of run is timed."""

    ours: int
    plain: int
    covasim: int


FULL = Repetitions(ours=15, plain=3, covasim=2)
QUICK = Repetitions(ours=5, plain=1, covasim=1)


@dataclass
class Contest:
    """All contestants, timed.

    Attributes:
        cold: CPU seconds of the first run in this process.
        baseline: warm runs of the shipped baseline.
        no_closure: the same world with the port open throughout.
        pool_tenfold: ten times as many who might set out, as many who do.
        travellers_doubled: twice as many who set out.
        plain: the plain Mesa model.
        covasim: Covasim, None where it is not installed.
    """

    cold: float
    baseline: Contestant
    no_closure: Contestant
    pool_tenfold: Contestant
    travellers_doubled: Contestant
    plain: Contestant
    covasim: Contestant | None

    @property
    def contestants(self) -> list[Contestant]:
        """All that are timed, in the order of the table."""
        ours = [self.baseline, self.no_closure, self.pool_tenfold, self.travellers_doubled]
        others = [self.plain, self.covasim]
        return ours + [contestant for contestant in others if contestant is not None]


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


def run_contest(repetitions: Repetitions) -> Contest:
    """Time everything, as often as ``repetitions`` says."""
    baseline = load_baseline()
    demand = baseline.travellers.demand.model_dump()
    tenfold = [f"travellers.pool={10 * baseline.travellers.pool}"]
    doubled = [f"travellers.demand.{key}={2 * demand[key]}" for key in ("per_day", "ceiling")]

    def ours(name: str, scenario: Scenario) -> Contestant:
        return Contestant(name, partial(simulate, scenario), repetitions.ours)

    contest = Contest(
        cold=cpu_seconds(lambda: simulate(baseline, 1)),
        baseline=ours("bordersim, baseline", baseline),
        no_closure=ours("bordersim, no closure", load_scenario(SCENARIOS / "no_closure.yaml")),
        pool_tenfold=ours("bordersim, pool x 10", load_scenario(BASELINE, tenfold)),
        travellers_doubled=ours("bordersim, travellers x 2", load_scenario(BASELINE, doubled)),
        plain=Contestant("plain Mesa", partial(run_plain_mesa, baseline), repetitions.plain),
        covasim=(
            Contestant("Covasim", partial(run_covasim, baseline), repetitions.covasim)
            if covasim_version()
            else None
        ),
    )
    if contest.covasim is not None:
        warm_up_covasim()
    time_by_turns(contest.contestants)
    return contest


def checks_of(contest: Contest) -> list[Check]:
    """Return the goals beside what was measured, by medians."""
    ours = contest.baseline.median
    checks = [
        Check("warm run", ours, "CPU s", 0.03),
        Check("plain Mesa / bordersim", contest.plain.median / ours, "x", 100, at_most=False),
    ]
    if contest.covasim is not None:
        ratio = contest.covasim.median / ours
        checks.append(Check("Covasim / bordersim", ratio, "x", 50, at_most=False))
    return [
        *checks,
        Check("pool x 10 / baseline", contest.pool_tenfold.median / ours, "x", 1.5),
        Check("travellers x 2 / baseline", contest.travellers_doubled.median / ours, "x"),
        Check("no closure / baseline", contest.no_closure.median / ours, "x"),
    ]
