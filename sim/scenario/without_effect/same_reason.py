"""Fields that have no effect for the same reason."""

from collections.abc import Iterable, Iterator

from sim.scenario.reading.errors import Loc
from sim.scenario.reading.validation import Finding


def same_reason(loc: Loc, fields: Iterable[str], reason: str) -> Iterator[Finding]:
    """Yield a finding for each of the ``fields`` of the section at ``loc``."""
    return (Finding((*loc, field), reason) for field in fields)
