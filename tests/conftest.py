"""Which tests can run in this mode of the world."""

import numba
import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests that call single rules where rules are compiled: Python cannot call them there."""
    if numba.config.DISABLE_JIT:
        return
    reason = "single rules can be called in plain Python mode only: set NUMBA_DISABLE_JIT=1"
    for item in items:
        if item.get_closest_marker("rules") is not None:
            item.add_marker(pytest.mark.skip(reason=reason))
