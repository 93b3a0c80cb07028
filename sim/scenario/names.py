"""Names used in one part of a scenario and defined in another."""

from collections.abc import Iterable, Iterator

from sim.scenario.reading.errors import Loc, closest
from sim.scenario.reading.validation import Finding


def unknown_name(loc: Loc, name: str, known: Iterable[str], what: str) -> Iterator[Finding]:
    """Yield a finding if ``name`` is not among the ``known`` names of a ``what``."""
    names = list(known)
    if name not in names:
        yield Finding(
            loc,
            f"there is no {what} of that name",
            allowed=", ".join(names) or "none is defined",
            got=name,
            suggestion=closest(name, names),
        )
