"""Many runs of several variants of a world, kept in a store: what is done is not done again."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice

from sim.experiment.class_identity import PLAIN_TRAVELLERS, Travellers
from sim.experiment.ensemble import Member
from sim.experiment.executors import IN_FLIGHT, Lost, run_tasks, worker_count
from sim.experiment.kept_run import OUTCOMES_ONLY, outcomes_in, packed, unpacked
from sim.experiment.parameters import world_digest
from sim.experiment.replicates import BATCH, Failure, Replicates, run_members
from sim.experiment.run_store import Arrays, FailedRun, RunKey, RunStore
from sim.experiment.sent_scenario import SentScenario
from sim.scenario.schema import Scenario
from sim.world.compilation import compile_once
from sim.world.outcomes import Result

STORE, PURPOSE = "runs.sqlite", "runs of variants"
"""The file in the folder of the results, and what it is for."""


@dataclass(frozen=True)
class Variant:
    """A policy, or a point of a sweep: a world, and the runs that it is to have.

    Attributes:
        name: what it is called.
        scenario: the world.
        members: parameters and random numbers of its runs. Runs of two variants are paired if
            they have the same place here.
    """

    name: str
    scenario: Scenario
    members: Sequence[Member]


@dataclass(frozen=True)
class Progress:
    """How far a campaign is.

    Attributes:
        finished: runs whose result is kept.
        failed: runs that failed when they were last tried.
        new: runs that nobody has tried.
        others: kept runs that the campaign does not ask for; of variants that have changed.
    """

    finished: int
    failed: int
    new: int
    others: int

    @property
    def to_do(self) -> int:
        """Runs that ``Campaign.run`` would do."""
        return self.failed + self.new


class Campaign:
    """Runs of variants, and the store that they are kept in.

    Args:
        variants: what is to be run.
        store: what is done; it is neither opened nor closed here.
        travellers: of every run.
    """

    def __init__(
        self,
        variants: Sequence[Variant],
        store: RunStore,
        travellers: Travellers = PLAIN_TRAVELLERS,
    ) -> None:
        self.variants = tuple(variants)
        self._store = store
        self._travellers = travellers
        self._keys = self.keys_of(self.variants, travellers)

    @staticmethod
    def keys_of(
        variants: Sequence[Variant],
        travellers: Travellers = PLAIN_TRAVELLERS,
    ) -> list[list[RunKey]]:
        """Return what identifies the runs of each variant, in the order of its members."""
        keys = []
        for variant in variants:
            world = f"{world_digest(variant.scenario)} {travellers.key}".strip()
            keys.append([RunKey(world, *member.identity) for member in variant.members])
        return keys

    def progress(self) -> Progress:
        """Return how far the campaign is."""
        kept, failures = set(self._store.keys()), self._store.failures()
        wanted = {key for keys in self._keys for key in keys}
        missing = wanted - kept
        failed = len(missing & set(failures))
        return Progress(
            len(wanted & kept), failed, len(missing) - failed, len((kept | set(failures)) - wanted)
        )

    def run(
        self,
        *,
        workers: int = 1,
        executor: Executor | None = None,
        in_flight: int = IN_FLIGHT,
        pairs_at_once: int | None = None,
        enough: Callable[[], bool] = lambda: False,
        on_progress: Callable[[int, int], None] = lambda runs, failed: None,
    ) -> None:
        """Do every run that is not in the store. Those that failed before are tried again.

        A run that raises is kept as a failure and touches no other. After an interruption
        everything that had ended is kept.

        Args:
            workers: processes; 1 runs here, 0 takes one per processor.
            executor: where to run instead, any ``concurrent.futures.Executor``.
            in_flight: tasks that it has at one time.
            pairs_at_once: runs of a variant before the next variant has its turn; None: all.
            enough: asked before a run of all variants begins the next ``pairs_at_once``; true
                ends the campaign.
            on_progress: called with the number of runs that have ended, and how many failed.

        Raises:
            OSError: the store could not be written.
            KeyboardInterrupt: by the user.
        """
        # Here, and not in every process.
        compile_once()
        if executor is None and self.progress().to_do <= BATCH:
            # One batch is not worth a process.
            workers = 1
        # What is written nowhere need not wait for the disk either, and can end after any run.
        alone = self._store.is_temporary and executor is None and worker_count(workers) == 1
        tasks = self._missing(1 if alone else BATCH, pairs_at_once, enough)
        for batch, outcomes in run_tasks(
            _run, tasks, workers=workers, executor=executor, in_flight=in_flight
        ):
            if isinstance(outcomes, Lost):
                outcomes = [FailedRun(outcomes.reason, "")] * len(batch.keys)
            done = list(zip(batch.keys, outcomes, strict=True))
            runs = {key: o for key, o in done if not isinstance(o, FailedRun)}
            failed = {key: o for key, o in done if isinstance(o, FailedRun)}
            self._store.put(runs, failed)
            on_progress(len(done), len(failed))

    def is_done(self, pairs: int) -> bool:
        """Tell whether the first ``pairs`` runs of every variant have finished or failed."""
        failed = self._store.failures()
        return all(
            key in self._store or key in failed for keys in self._keys for key in keys[:pairs]
        )

    def runs(self, variant: int) -> Iterator[Result | None]:
        """Yield the runs of a variant in the order of its members; None where there is none."""
        for place in range(len(self._keys[variant])):
            yield self.run_at(variant, place)

    def run_at(self, variant: int, place: int) -> Result | None:
        """Return the run of one member of a variant, or None if there is none."""
        arrays = self._store.get(self._keys[variant][place])
        seed = self.variants[variant].members[place].seed
        return None if arrays is None else unpacked(arrays, seed)

    def outcomes(self, variant: int) -> Iterator[dict[str, float] | None]:
        """Yield the outcomes alone of the runs of a variant, which is faster."""
        for key in self._keys[variant]:
            arrays = self._store.get(key, OUTCOMES_ONLY)
            yield None if arrays is None else outcomes_in(arrays)

    def replicates(self, variant: int, pairs: int | None = None) -> Replicates:
        """Return the runs of a variant, and those that failed when they were last tried.

        Args:
            variant: its number.
            pairs: of the first so many members only; None: of all.
        """
        of, failed = self.variants[variant], self._store.failures()
        members = of.members[:pairs]
        keys = zip(members, self._keys[variant], strict=False)
        return Replicates(
            of.scenario,
            {member.seed: member for member in members},
            sorted(
                (run for run in islice(self.runs(variant), pairs) if run is not None),
                key=lambda run: run.seed,
            ),
            sorted(
                (Failure(member.seed, *failed[key]) for member, key in keys if key in failed),
                key=lambda failure: failure.seed,
            ),
        )

    def failures(self) -> list[tuple[Variant, Member, FailedRun]]:
        """Return the runs of the campaign that failed when they were last tried."""
        failed = self._store.failures()
        return [
            (variant, member, failed[key])
            for variant, keys in zip(self.variants, self._keys, strict=True)
            for member, key in zip(variant.members, keys, strict=True)
            if key in failed
        ]

    def _missing(
        self, size: int, pairs_at_once: int | None, enough: Callable[[], bool]
    ) -> Iterator["_Batch"]:
        """Yield the runs that are not kept, at most ``size`` of a variant at a time."""
        most = max((len(keys) for keys in self._keys), default=0)
        step = pairs_at_once or max(most, 1)
        begun = set[RunKey]()
        for first in range(0, most, step):
            if enough():
                return
            for variant, keys in zip(self.variants, self._keys, strict=True):
                runs = list(zip(keys, variant.members, strict=True))[first : first + step]
                # Points of a sweep may be the same world; it is run once.
                missing = [
                    (key, member)
                    for key, member in runs
                    if key not in begun and key not in self._store
                ]
                begun.update(key for key, _ in missing)
                sent = SentScenario(variant.scenario)
                for i in range(0, len(missing), size):
                    part = missing[i : i + size]
                    yield _Batch(
                        [key for key, _ in part],
                        sent,
                        [member for _, member in part],
                        self._travellers,
                    )


@dataclass(frozen=True)
class _Batch:
    """What a process is given: a few runs of one variant, and their places in the store."""

    keys: Sequence[RunKey]
    sent: SentScenario
    members: Sequence[Member]
    travellers: Travellers


def _run(batch: _Batch) -> list[Arrays | FailedRun]:
    return [
        FailedRun(outcome.reason, outcome.details)
        if isinstance(outcome, Failure)
        else packed(outcome)
        for outcome in run_members(batch.sent.scenario, batch.members, travellers=batch.travellers)
    ]


def run_members_of(
    scenario: Scenario,
    members: Sequence[Member],
    *,
    workers: int = 1,
    travellers: Travellers = PLAIN_TRAVELLERS,
    executor: Executor | None = None,
    store: RunStore | None = None,
    on_progress: Callable[[int], None] = lambda runs: None,
) -> Replicates:
    """Run one scenario, and return its runs.

    Args:
        scenario: what to run.
        members: parameters and random numbers of every run.
        workers: processes; 1 runs here, 0 takes one per processor.
        travellers: of every run.
        executor: where to run instead, any ``concurrent.futures.Executor``.
        store: keeps the runs; None: they are kept in the result alone.
        on_progress: called with the number of runs that have just ended.

    Returns:
        The finished runs. A run that raises is kept as a failure; after Ctrl-C those that had
        ended are there, and ``interrupted`` is set.

    Raises:
        CannotBeSent: worker processes cannot load the class of the travellers.
        OtherClass: they load another version of it.
    """
    with ExitStack() as opened:
        if store is None:
            store = opened.enter_context(RunStore.temporary())
        campaign = Campaign([Variant(scenario.name, scenario, members)], store, travellers)
        interrupted = False
        try:
            campaign.run(
                workers=workers,
                executor=executor,
                on_progress=lambda runs, failed: on_progress(runs),
            )
        except KeyboardInterrupt:
            interrupted = True
        return replace(campaign.replicates(0), interrupted=interrupted)
