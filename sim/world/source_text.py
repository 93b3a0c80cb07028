"""The text of a source file without what Python does not run: comments, docstrings, blank lines."""

import re
from functools import lru_cache

_PART = re.compile(
    r"(?P<string>(?:(?<!\w)[rR])?(?:\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''"
    r"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'))"
    r"|(?P<comment>\#[^\n]*)|(?P<open>[(\[{])|(?P<close>[)\]}])",
    re.DOTALL,
)
_LINE_ENDS = re.compile(r"[ \t]*(?:\#[^\n]*)?(?:\n|\Z)")
_BLANK = re.compile(r"[ \t]*(?:\n[ \t]*)*\n")


@lru_cache(maxsize=512)
def without_comments(source: str) -> str:
    """Return Python source without comments, docstrings, blank lines and blanks at ends of lines.

    A string that is a statement of its own has no effect wherever it stands, so it is left out as a
    docstring is. The result is for comparisons: it need not be a program.

    Args:
        source: valid Python up to 3.11 (no quotes of an f-string inside itself).
    """
    source = source.replace("\r\n", "\n")
    kept: list[str] = []
    code, depth, at = "", 0, 0
    for part in _PART.finditer(source):
        code += source[at : part.start()]
        at = part.end()
        if part["comment"]:
            continue
        depth += bool(part["open"]) - bool(part["close"])
        if not part["string"]:
            code += part[0]
        elif not (depth == 0 and _is_statement(source, part)):
            # What looks like a blank line inside a string is not one.
            kept += [_BLANK.sub("\n", code), part[0]]
            code = ""
    return "".join([*kept, _BLANK.sub("\n", code + source[at:] + "\n")]).lstrip("\n")


def _is_statement(source: str, string: re.Match[str]) -> bool:
    """Tell whether a string outside brackets has its lines to itself."""
    line = source.rfind("\n", 0, string.start()) + 1
    alone = not source[line : string.start()].strip() and _LINE_ENDS.match(source, string.end())
    return bool(alone) and not source.endswith("\\\n", 0, line)
