"""What all tests share: single rules of the world can be called in plain Python mode only."""

from collections.abc import Iterator

import numba
import numpy as np
import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if numba.config.DISABLE_JIT:
        return
    skip = pytest.mark.skip(reason="calls single rules: set NUMBA_DISABLE_JIT=1")
    for item in items:
        if "rules" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(autouse=True)
def _whole_numbers_wrap() -> Iterator[None]:
    """Keys are mixed in 64 bits, in single rules as in entries."""
    with np.errstate(over="ignore"):
        yield
