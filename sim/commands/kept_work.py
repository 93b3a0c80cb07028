"""Long work whose results are kept in a store: whatever ends it, what is done stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.commands.output import refuse_unwritable, why_stopped
from sim.exits import Incomplete, Interrupted, Refused
from sim.experiment.executors import NoWorkers
from sim.experiment.run_folder import remove_unfinished
from sim.experiment.run_store import RunStore, StoreRefused


@contextmanager
def opened_store(path: Path, purpose: str, kept: str) -> Iterator[RunStore]:
    """Yield the store at a path, and close it when the context ends.

    Args:
        path: the file, in the folder of the results.
        purpose: as for ``RunStore.open``.
        kept: what there is to say of what was done, if the work is brought to no end.

    Raises:
        Refused: the folder or the store in it cannot be used.
        Interrupted: by the user; what has ended is kept.
        Incomplete: the disk is full, for instance; what has ended is kept.
    """
    refuse_unwritable(path.parent)
    try:
        with RunStore.open(path, purpose=purpose) as store:
            # The open store keeps other drivers away.
            remove_unfinished(path.parent)
            yield store
    except StoreRefused as error:
        raise Refused(str(error)) from error
    except KeyboardInterrupt as error:
        raise Interrupted(f"interrupted: {kept}") from error
    except BrokenPipeError:
        # Of the terminal or anyone who reads our output, not of the folder.
        raise
    except (OSError, NoWorkers) as error:
        raise Incomplete(f"stopped: {why_stopped(error, path.parent)}; {kept}") from error
