"""What all tests share: single rules of the world can be called in plain Python mode only."""

from collections.abc import Iterator

import numba
import numpy as np
import pytest


def pytest_report_header() -> str:
    return "rules of the world: " + (
        "plain Python"
        if numba.config.DISABLE_JIT
        else "compiled (tests of single ones: make plain)"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if numba.config.DISABLE_JIT:
        return
    single = [item for item in items if "rules" in item.keywords]
    config.hook.pytest_deselected(items=single)
    items[:] = [item for item in items if item not in single]


@pytest.fixture(autouse=True)
def _whole_numbers_wrap() -> Iterator[None]:
    """Keys are mixed in 64 bits, in single rules as in entries."""
    with np.errstate(over="ignore"):
        yield
