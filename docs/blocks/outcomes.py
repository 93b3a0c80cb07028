"""The reference of outcomes, from their registry."""

from collections.abc import Iterator

from docs.blocks.markdown import code
from sim.experiment.outcome_registry import OUTCOMES, Group, Outcome


def outcomes_block() -> str:
    """Return every outcome with its unit and meaning, by what it is about."""
    return "\n".join(line for group in Group for line in _group(group)).strip()


def _group(group: Group) -> Iterator[str]:
    yield f"\n### {group.name.replace('_', ' ').capitalize()}\n"
    for outcome in OUTCOMES.values():
        if outcome.group is group:
            name = f"**{code(outcome.name)}**" if outcome.first else code(outcome.name)
            yield f"- {name} ({outcome.unit}): {outcome.meaning}{_empty(outcome)}"


def _empty(outcome: Outcome) -> str:
    """Return when an outcome has no value; nothing if it always has one."""
    without = outcome.empty_without
    return f" Empty in a run without {without}." if without else ""
