"""The runs behind a page: baseline and policy on the same pairs, in stages, as sure as wanted."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock

import sim
from sim.app.answers import Answer, CurveStore, answer_of
from sim.app.fair_pool import FairPool, Turn
from sim.app.policy_file import Base, Policy
from sim.experiment.campaign import STORE, Campaign, Variant
from sim.experiment.comparison import Comparison
from sim.experiment.ensemble import Ensemble, Member, read_ensemble
from sim.experiment.executors import Cancelled
from sim.experiment.members import Choice, Members, named_ensemble, paired_members_of
from sim.experiment.replicates import Replicates
from sim.experiment.run_store import RunStore, StoreRefused
from sim.scenario.schema import Scenario
from sim.world.compilation import compile_once

STAGES = ((20,), (60, 150, 300))
"""Pairs after which an answer is given, and then all; a group has its keys worked out at once."""

MOST_STORED = 2_000_000_000
"""Bytes of the runs that are kept; when they are reached, no others begin."""

_AT_ONCE = 30
"""Runs of the baseline before the policy has its turn."""
_WORLDS = 4
"""Baselines whose members and curves are kept in memory."""
_UNHURRIED = 4_000_000
"""Rank of what nobody waits for."""


class NoRuns(RuntimeError):
    """Every run of a policy failed; the message is that of the first."""


class Engine:
    """Baseline, members, processes and store, shared by all users.

    Args:
        base: the baseline.
        store: what is done; it is neither opened nor closed here.
        pool: where runs are done.
        replicates: pairs at most; None: all of the ensemble.
    """

    def __init__(
        self, base: Base, store: RunStore, pool: FairPool, replicates: int | None = None
    ) -> None:
        self.base = base
        self.store = store
        self.pool = pool
        self._replicates = replicates
        self._ensemble: Ensemble | None = None
        self._members: OrderedDict[str, Sequence[Member]] = OrderedDict()
        self._curves: OrderedDict[str, CurveStore] = OrderedDict()
        self._lock = Lock()

    @property
    def digest(self) -> str:
        """Short fingerprint of what every answer depends on beside the text of a policy."""
        of = f"{self.base.scenario.digest} {self._replicates} {sim.__version__}"
        return hashlib.sha256(of.encode()).hexdigest()[:16]

    @property
    def options(self) -> Sequence[str]:
        """What ``bordersim compare`` needs beside the files, to print the same numbers."""
        return [] if self._replicates is None else ["--replicates", str(self._replicates)]

    def prepare(self) -> None:
        """Compile the model, start the processes, and run the first pairs of the baseline."""
        compile_once()
        path = named_ensemble(self.base.scenario)
        self._ensemble = None if path is None else read_ensemble(path)
        self.run_baseline(STAGES[0][-1], lambda: False)

    def run_baseline(self, pairs: int | None, stop: Callable[[], bool]) -> None:
        """Do the first ``pairs`` runs of the baseline; None: all, while nobody else waits."""
        scenario = self.base.scenario
        (runs,) = paired_members_of([scenario], self._choice(scenario))
        members = self._shared(scenario, runs)[:pairs]

        def ended(done: int, failed: int) -> None:
            if stop():
                raise Cancelled

        turn = Turn(self.pool, _UNHURRIED if pairs is None else 0)
        self._run(self._campaign([scenario], [members]), turn, ended)

    def calculate(
        self,
        policy: Policy,
        turn: Turn,
        tell: Callable[[Answer], None],
        stop: Callable[[], bool],
    ) -> None:
        """Run a policy and its baseline, and tell after each stage what they say so far.

        Args:
            policy: what is compared with its baseline.
            turn: door to the processes.
            tell: gets every answer, the last one from all pairs.
            stop: asked after every few runs; true ends the work.

        Raises:
            Cancelled: ``stop`` said so; what has ended is kept.
            MembersRefused: baseline and policy do not run the same pairs.
            NoRuns: there is no pair in which both runs have ended well.
            StoreRefused: as many runs are kept as may be, and some are missing.
        """
        scenarios, members = self._sides([policy])
        total = len(members[0])
        curves = [self._curves_of(policy.base), CurveStore()]
        groups = [tuple(n for n in group if n < total) for group in STAGES]
        for group in (*filter(None, groups), (total,)):
            campaign = self._campaign(scenarios, [of[: group[-1]] for of in members])
            pending = list(group)

            def ended(done: int, failed: int) -> None:
                if stop():
                    raise Cancelled
                while len(pending) > 1 and campaign.is_done(pending[0]):  # noqa: B023
                    tell(_answer(campaign, pending.pop(0), curves, total))  # noqa: B023

            self._run(campaign, turn, ended)
            if not campaign.is_done(group[-1]):
                raise StoreRefused(
                    f"this server begins no more runs: those in {STORE} take "
                    f"{MOST_STORED / 1e9:g} GB; they can still be shown, and the person who "
                    "runs the server can end it and delete the file"
                )
            for pairs in pending:
                if stop():
                    raise Cancelled
                tell(_answer(campaign, pairs, curves, total))

    def comparison(self, policies: Sequence[Policy]) -> Comparison:
        """Return the comparison of policies of one baseline, from what is in the store."""
        return Comparison(self._campaign(*self._sides(policies)))

    def notes(self, policies: Sequence[Policy]) -> list[str]:
        """Return where parameters and seeds come from, of the baseline and of each policy."""
        return [runs.note for runs in self._members_of(policies)]

    def replicates(self, policy: Policy) -> Replicates:
        """Return all runs of a policy that are in the store."""
        (runs,) = paired_members_of([policy.scenario], self._choice(policy.base))
        members = self._shared(policy.scenario, runs)
        return self._campaign([policy.scenario], [members]).replicates(0)

    def _is_full(self) -> bool:
        return self.store.size > MOST_STORED

    def _run(self, campaign: Campaign, turn: Turn, ended: Callable[[int, int], None]) -> None:
        campaign.run(
            executor=turn,
            in_flight=turn.in_flight,
            pairs_at_once=_AT_ONCE,
            enough=self._is_full,
            on_progress=ended,
        )

    def _members_of(self, policies: Sequence[Policy]) -> list[Members]:
        return paired_members_of(_scenarios_of(policies), self._choice(policies[0].base))

    def _sides(
        self, policies: Sequence[Policy]
    ) -> tuple[Sequence[Scenario], Sequence[Sequence[Member]]]:
        """Return the scenarios of the baseline and of each policy, and their members."""
        scenarios = _scenarios_of(policies)
        both = zip(scenarios, self._members_of(policies), strict=True)
        return scenarios, [self._shared(scenario, runs) for scenario, runs in both]

    def _campaign(
        self, scenarios: Sequence[Scenario], members: Sequence[Sequence[Member]]
    ) -> Campaign:
        variants = [
            Variant(scenario.name, scenario, some)
            for scenario, some in zip(scenarios, members, strict=True)
        ]
        return Campaign(variants, self.store)

    def ensemble_of(self, base: Scenario) -> Ensemble | None:
        """Return the ensemble of the baseline if ``base``, in another world, still names it."""
        same = base.ensemble == self.base.scenario.ensemble
        return self._ensemble if same else None

    def _choice(self, base: Scenario) -> Choice:
        return Choice(self._replicates, ensemble=self.ensemble_of(base))

    def _shared(self, scenario: Scenario, runs: Members) -> Sequence[Member]:
        """Return members that were here before, if they are the same ones: they know their keys."""
        key = f"{scenario.ensemble} {sorted(runs.members[0].parameters)} {len(runs.members)}"
        with self._lock:
            known = self._members.setdefault(key, runs.members)
            self._members.move_to_end(key)
            while len(self._members) > _WORLDS:
                self._members.popitem(last=False)
        return known if known[0] == runs.members[0] else runs.members

    def _curves_of(self, base: Scenario) -> CurveStore:
        with self._lock:
            curves = self._curves.setdefault(base.digest, CurveStore())
            self._curves.move_to_end(base.digest)
            while len(self._curves) > _WORLDS:
                self._curves.popitem(last=False)
        return curves


def _scenarios_of(policies: Sequence[Policy]) -> Sequence[Scenario]:
    return [policies[0].base, *(policy.scenario for policy in policies)]


def _answer(campaign: Campaign, pairs: int, curves: Sequence[CurveStore], total: int) -> Answer:
    comparison = Comparison(campaign, pairs)
    if not comparison.pairs:
        failures = campaign.failures()
        raise NoRuns(failures[0][2].reason if failures else "no run has ended")
    of_both = [of.of(campaign, number, comparison.places) for number, of in enumerate(curves)]
    return answer_of(comparison, of_both, pairs, total)
