"""Chains of infection behind the border in one run: who infected whom, when, and who was found."""

from dataclasses import dataclass

import numpy as np

from sim.experiment.ensemble import Member
from sim.experiment.replicates import Replicates, finished_model
from sim.scenario.schema import Scenario
from sim.world.draws import BoolArray, FloatArray, IntArray
from sim.world.origins import heads_of, origins_of


@dataclass(frozen=True)
class Chains:
    """Infected residents and anyone who brought the infection into town, by time of infection.

    Attributes:
        seed: seed of the run.
        infected_at: days since the start of the calendar, shape (n,).
        infector: who infected each, as a place in these arrays; -1 for someone not among them.
        origin: ``Origin`` of each, shape (n,).
        found_by: code of ``FoundBy`` for each, shape (n,).
        resident: False for anyone who came over the border, shape (n,).
    """

    seed: int
    infected_at: FloatArray
    infector: IntArray
    origin: IntArray
    found_by: IntArray
    resident: BoolArray

    @property
    def roots(self) -> IntArray:
        """The place at which the chain of each begins, shape (n,)."""
        roots = np.arange(len(self.infector))
        # Anyone who infected someone stands before them.
        for place, above in enumerate(self.infector.tolist()):
            if above >= 0:
                roots[place] = roots[above]
        return roots


@dataclass(frozen=True)
class MedianRun:
    """The run with the number of infected residents that is nearest to the median.

    Attributes:
        member: its parameters and random numbers.
        infected: residents infected in it.
        median: of all finished runs.
        runs: how many these are.
    """

    member: Member
    infected: int
    median: float
    runs: int


def median_run(replicates: Replicates) -> MedianRun:
    """Return the run nearest to the median of the infected residents, the first of several.

    Raises:
        ValueError: no run has finished.
    """
    infected = replicates.outcome("local_infections")
    if not len(infected):
        raise ValueError("no run has finished")
    median = float(np.median(infected))
    nearest = int(np.abs(infected - median).argmin())
    seed = replicates.results[nearest].seed
    return MedianRun(replicates.members[seed], int(infected[nearest]), median, len(infected))


def chains_of(scenario: Scenario, member: Member) -> Chains:
    """Run ``scenario`` once and return its chains of infection behind the border."""
    model = finished_model(scenario, member)
    people = model.people
    residents = (people.infected & people.local).nonzero()[0]
    heads = heads_of(model.world, residents)
    rows = np.union1d(residents, heads)
    rows = rows[np.lexsort((rows, people.infected_at[rows]))]
    place = np.full(people.size, -1)
    place[rows] = np.arange(len(rows))
    above = people.infector[rows]
    return Chains(
        member.seed,
        people.infected_at[rows],
        np.where(above >= 0, place[above], -1),
        origins_of(model.world, rows),
        people.found_by[rows].astype(np.int64),
        people.local[rows],
    )
