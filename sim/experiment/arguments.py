"""Checks of the arguments of runs from Python: what is wrong is raised before anything is run."""

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.experiment.class_identity import NotIdentified, Travellers, class_identity
from sim.experiment.ensemble import Ensemble, EnsembleError, Member, check_range
from sim.experiment.members import Choice
from sim.experiment.worker_process import CannotBeSent
from sim.scenario.schema import Scenario
from sim.world.arguments import checked_class, checked_seed, checked_whole, described
from sim.world.travellers import Traveller

_MOST_REPLICATES, _MOST_WORKERS, _LAST_FIRST_SEED = 1_000_000, 1024, 2**62
"""As for the options of the commands."""


def checked_choice(replicates: Any, seed: Any, ensemble: Any, *, least: int = 1) -> Choice:
    """Return which runs are asked for.

    Args:
        replicates: number of runs, or None.
        seed: seed of the first run, or None.
        ensemble: an ensemble, the path of its file, ``none``, or None.
        least: the smallest number of runs.

    Raises:
        TypeError: one is of the wrong type.
        ValueError: one is out of range.
    """
    if replicates is not None:
        replicates = checked_whole("replicates", replicates, least, _MOST_REPLICATES)
    if seed is not None:
        seed = checked_whole("seed", seed, 0, _LAST_FIRST_SEED)
    if ensemble is not None and not isinstance(ensemble, Ensemble | str | Path):
        raise TypeError(
            'ensemble: an Ensemble, the path of its file, "none" for seeds alone, or None for the '
            f"one that the scenario names is needed (got {described(ensemble)})"
        )
    return Choice(replicates, seed, ensemble)


def checked_members(scenario: Scenario, members: Any) -> list[Member]:
    """Return the members of runs of ``scenario``.

    Raises:
        TypeError: they are no members.
        ValueError: there are none, two have one seed, or the scenario cannot have the parameters
            of one.
    """
    if isinstance(members, str | Ensemble | Member) or not hasattr(members, "__iter__"):
        raise TypeError(
            "members: a list of Member is needed, such as ensemble.for_scenario(scenario) returns "
            f"(got {described(members)})"
        )
    checked = list(members)
    for member in checked:
        if not isinstance(member, Member):
            raise TypeError(f"members: each has to be a Member (got {described(member)})")
        checked_seed(member.seed)
        for path, value in member.parameters.items():
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise TypeError(f"members: {path} has to be a number (got {described(value)})")
            if not math.isfinite(value):
                raise ValueError(f"members: {path} has to be finite (got {value})")
    if not checked:
        raise ValueError("members: there are none, so that nothing would be run")
    if len({member.seed for member in checked}) < len(checked):
        raise ValueError("members: two have the same seed, and results are told apart by it")
    try:
        check_range(scenario, checked)
    except EnsembleError as error:
        raise ValueError(f"members: {error}") from error
    return checked


def check_machines(workers: Any, executor: Any) -> None:
    """Make sure that runs can be done somewhere.

    Raises:
        TypeError: one is of the wrong type.
        ValueError: the number of processes is out of range.
    """
    checked_whole("workers", workers, 0, _MOST_WORKERS)
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise TypeError(
            "executor: a concurrent.futures.Executor is needed, such as client.get_executor() of "
            f"Dask returns (got {described(executor)})"
        )


def travellers_of(traveller_class: Any, folder: object) -> Travellers:
    """Return a class of travellers with its identity.

    Args:
        traveller_class: the class.
        folder: where runs are kept; None: nowhere.

    Raises:
        TypeError: it is no such class; or it has no identity, so that runs cannot be kept.
    """
    kind: type[Traveller] = checked_class(traveller_class)
    try:
        return Travellers(kind, class_identity(kind))
    except NotIdentified as error:
        if folder is None:
            return Travellers(kind)
        raise TypeError(
            f"traveller_class: runs of {kind.__qualname__} cannot be kept in a folder, because it "
            f"refers to {error}, which cannot be distinguished from another one"
        ) from error


@contextmanager
def loadable(travellers: Travellers) -> Iterator[None]:
    """Say what to do if worker processes cannot load a class of travellers.

    Raises:
        TypeError: they cannot.
    """
    try:
        yield
    except CannotBeSent as error:
        name = travellers.traveller_class.__qualname__
        raise TypeError(
            f"traveller_class: worker processes cannot load {name} ({error}); define it at the top "
            "level of a module or script, not in a function, in a notebook, or below "
            "'if __name__ == \"__main__\":'; or use workers=1"
        ) from error


def tell_failures(reasons: Sequence[str], finished: int, what: str = "run") -> None:
    """Warn of runs that failed, as the commands do on the error stream.

    Args:
        reasons: of each failed run, its seed and the exception in one line.
        finished: number of the other runs; 0: there is no result.
        what: what has not finished then.

    Raises:
        RuntimeError: there is no result.
    """
    if not reasons:
        return
    if not finished:
        raise RuntimeError(
            f"no {what} has finished; the first of {len(reasons)} failures: {reasons[0]}"
        )
    warnings.warn(
        f"{len(reasons)} of {len(reasons) + finished} runs failed and are left out; the first: "
        f"{reasons[0]}",
        RuntimeWarning,
        stacklevel=3,
    )
