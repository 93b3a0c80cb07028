"""Runs on a Dask cluster: one that is there, or one made for the occasion."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sim.experiment.executors import worker_count
from sim.experiment.fingerprint import model_fingerprint

_SCHEME = "dask"

_SECONDS = 20
"""How long to wait for the scheduler, and then for the first worker."""

_TASKS_A_THREAD = 2
"""Tasks that wait or run: one to do, and one that is on its way."""


class ClusterRefused(Exception):
    """The cluster cannot be used; the message says why."""


@dataclass(frozen=True)
class Cluster:
    """Somewhere to run.

    Attributes:
        executor: takes the tasks.
        in_flight: tasks that it should have at one time.
    """

    executor: Executor
    in_flight: int


@contextmanager
def opened_cluster(address: str, workers: int = 0) -> Iterator[Cluster]:
    """Yield the cluster at an address, and leave it when the context ends.

    Args:
        address: ``dask://HOST:PORT`` of a scheduler, or ``dask`` for workers on this machine that
            live as long as the context.
        workers: of a cluster of its own; 0 is one per processor.

    Raises:
        ClusterRefused: the address is no such thing, nobody answers there, it has no workers, they
            have another version of the model, or Dask is not installed.
    """
    scheme, _, place = address.partition("://")
    if scheme != _SCHEME or address.endswith("://"):
        raise ClusterRefused(f"not an executor [allowed: dask, dask://HOST:PORT] (got {address!r})")
    try:
        from distributed import Client, LocalCluster
    except ModuleNotFoundError as error:
        raise ClusterRefused(
            f"needs {error.name}; install it with: pip install 'bordersim[cluster]'"
        ) from error
    if place:
        try:
            client = Client(f"tcp://{place}", timeout=_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ClusterRefused(f"no Dask scheduler answers at {place} ({error})") from error
        with client:
            yield _checked(client, place)
        return
    with (
        LocalCluster(
            n_workers=worker_count(workers), threads_per_worker=1, dashboard_address=None
        ) as own,
        Client(own, set_as_default=False) as client,
    ):
        yield _checked(client, address)


def _checked(client: Any, place: str) -> Cluster:
    """Return the cluster of a client, if its workers run the same model as we do."""
    try:
        client.wait_for_workers(1, timeout=_SECONDS)
    except TimeoutError as error:
        raise ClusterRefused(f"the Dask cluster at {place} has no workers") from error
    here = model_fingerprint()
    try:
        there = client.run(model_fingerprint)
    except ModuleNotFoundError as error:
        raise ClusterRefused(f"workers at {place} do not have bordersim: {error}") from error
    others = sorted(worker for worker, fingerprint in there.items() if fingerprint != here)
    if others:
        raise ClusterRefused(
            f"workers at {place} have another version of the model than this one: "
            f"{', '.join(others[:3])}{' ...' if len(others) > 3 else ''}"
        )
    threads = sum(client.nthreads().values())
    return Cluster(client.get_executor(pure=False), _TASKS_A_THREAD * threads)
