"""Files of text are read and written as UTF-8, whatever encoding the locale has."""

import ast

import pytest
from shipped import ROOT

NAMED = {"read_text": 0, "write_text": 1, "open": 3, "fdopen": 3}
"""Where each call takes its encoding if not by name."""


def without_encoding(source: str) -> list[int]:
    """Return the lines that read or write text in whatever encoding the locale has."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        if name == "to_csv":
            # Without a path it returns text; to a path it writes UTF-8, as its documentation says.
            continue
        if name not in NAMED or _is_bytes_or_no_file(node, function):
            continue
        named = any(keyword.arg == "encoding" for keyword in node.keywords)
        helper = isinstance(function, ast.Name) and name != "open"
        if not (named or helper or len(node.args) > NAMED[name]):
            lines.append(node.lineno)
    return lines


def _is_bytes_or_no_file(node: ast.Call, function: ast.expr) -> bool:
    texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    if any(isinstance(text, str) and "b" in text and len(text) <= 3 for text in texts):
        return True
    owner = ast.unparse(function.value) if isinstance(function, ast.Attribute) else ""
    return owner in ("RunStore", "browser", "webbrowser") or (
        owner == "os" and ast.unparse(function) == "os.open"
    )


def test_every_file_of_text_is_opened_with_its_encoding():
    for room in ("sim", "calibration", "docs", "benchmarks"):
        for path in sorted((ROOT / room).rglob("*.py")):
            assert without_encoding(path.read_text("utf-8")) == [], path


@pytest.mark.parametrize(
    "source",
    ["open(path)", "open(path, 'w')", "path.read_text()", "path.write_text('a')", "path.open('a')"],
)
def test_a_file_of_text_without_its_encoding_is_found(source):
    assert without_encoding(source) == [1]
