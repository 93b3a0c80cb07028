"""Names of scenario files as readers meet them."""

import textwrap

from sim.view.balanced_text import balanced

_LINE, _LABEL = 27, 48
"""Characters in a line of a policy's label, and in all of it."""


def words(name: str) -> str:
    """Return a name of a file, such as that of a policy or a series, as words."""
    return name.replace("_", " ")


def policy_label(name: str) -> str:
    """Return the name of a policy in short lines, for the left of a row."""
    return balanced(textwrap.shorten(words(name), _LABEL, placeholder=" …"), _LINE)
