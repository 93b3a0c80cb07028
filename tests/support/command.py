"""The command ``bordersim``, called as a user calls it."""

import sys

import pytest

from sim.cli import main


def bordersim(*arguments: object) -> int:
    """Run the command in this process and return its exit code."""
    with pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
        sys.exit(0)
    return 0 if end.value.code is None else int(end.value.code)
