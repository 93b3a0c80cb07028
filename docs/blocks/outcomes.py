"""The reference of outcomes, from their registry."""

from docs.blocks.markdown import code
from sim.experiment.outcome_registry import OUTCOMES, Group, Outcome


def outcomes_block() -> str:
    """Return every outcome with its unit and meaning, by what it is about."""
    lines = []
    for group in Group:
        lines += ["", f"### {group.name.replace('_', ' ').capitalize()}", ""]
        lines += [_line(outcome) for outcome in OUTCOMES.values() if outcome.group is group]
    return "\n".join(lines[1:])


def _line(of: Outcome) -> str:
    name = f"**{code(of.name)}**" if of.first else code(of.name)
    empty = f" Empty in a run without {of.empty_without}." if of.empty_without else ""
    return f"- {name} ({of.unit}): {of.meaning}{empty}"
