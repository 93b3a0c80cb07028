"""How many random worlds a test draws: a few that are always the same, or as many as asked for."""

import os

from hypothesis import HealthCheck, settings

_ASKED = int(os.environ.get("WORLDS", "0"))


def worlds_drawn(usually: int) -> settings:
    """Return the settings of a test that draws worlds: ``WORLDS`` new ones, if that is set."""
    return settings(
        max_examples=_ASKED or usually,
        derandomize=not _ASKED,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        print_blob=True,
    )
