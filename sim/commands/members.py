"""Wishes for runs that cannot be had, refused in the words of the command line."""

from collections.abc import Iterator
from contextlib import contextmanager

from sim.exits import Refused
from sim.experiment.members import MembersRefused


@contextmanager
def options_refused() -> Iterator[None]:
    """Refuse the option whose wish cannot be had.

    Raises:
        Refused: the context raises ``MembersRefused``.
    """
    try:
        yield
    except MembersRefused as error:
        option = f"--{error.argument}: " if error.argument else ""
        raise Refused(f"{option}{error.reason}") from error
