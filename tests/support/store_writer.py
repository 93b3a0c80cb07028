"""A process that puts runs into a store until it is killed: ``python -m store_writer PATH``."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiment.run_store import RunKey, RunStore

BATCH = 3


def batch_of(number: int) -> dict[RunKey, dict[str, NDArray[Any]]]:
    """Return the runs of a batch: from the number follows all that is in them."""
    keys = [RunKey("scenario", str(number), str(seed)) for seed in range(BATCH)]
    rng = np.random.default_rng(number)
    return {
        key: {"series": rng.poisson(3, size=(60, 3)), "outcomes": rng.random(12)} for key in keys
    }


def write_for_ever(path: Path) -> None:
    """Put one batch after the other, and print the number of each once it is kept."""
    with RunStore.open(path, purpose="test") as store:
        number = len(store) // BATCH
        while True:
            store.put(batch_of(number))
            print(number, flush=True)
            number += 1


if __name__ == "__main__":
    write_for_ever(Path(sys.argv[1]))
