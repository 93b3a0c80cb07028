"""What of a source file counts: the program, not what is said about it."""

import ast
import io
import tokenize

import pytest
from shipped import ROOT

from sim.world.source_text import without_comments

SOURCES = sorted((ROOT / "sim").rglob("*.py")) + sorted((ROOT / "calibration").rglob("*.py"))

NO_EFFECT = {
    "a comment": ("x = 1\n", "x = 1  # one\n"),
    "a line of comment": ("x = 1\n", "# one\nx = 1\n"),
    "a docstring": ("def f():\n    return 1\n", 'def f():\n    """One."""\n    return 1\n'),
    "its words": (
        'class A:\n    """A."""\n    a = 1\n',
        'class A:\n    """B.\n\n    C."""\n    a = 1\n',
    ),
    "the docstring of a field": ("x: int = 1\n", 'x: int = 1\n"""How many."""\n'),
    "a docstring and a comment": ("x = 1\n", '"""One."""  # two\nx = 1\n'),
    "a raw docstring": ("x = 1\n", 'r"""\\d."""\nx = 1\n'),
    "single quotes": ("x = 1\n", "'''One.'''\nx = 1\n"),
    "blank lines": ("x = 1\ny = 2\n", "x = 1\n\n   \n\ny = 2\n"),
    "blanks at the end": ("x = 1\ny = 2\n", "x = 1   \ny = 2\n\n\n"),
    "line endings": ("x = 1\ny = 2\n", "x = 1\r\ny = 2\r\n"),
    "no newline at the end": ("x = 1\n", "x = 1"),
    "a comment with quotes": ("x = 1\ny = 2\n", 'x = 1  # don\'t """\ny = 2\n'),
}

EFFECT = {
    "a number": ("x = 1\n", "x = 2\n"),
    "a string": ("x = 'a'\n", "x = 'b'\n"),
    "a hash in a string": ("x = 'a # b'\n", "x = 'a # c'\n"),
    "a hash behind an escaped quote": (r"x = 'a\' # b'" + "\n", r"x = 'a\' # c'" + "\n"),
    "a blank line in a string": ('x = """a\n\nb"""\n', 'x = """a\n\n\nb"""\n'),
    "blanks in a string": ('x = """a  \nb"""\n', 'x = """a\nb"""\n'),
    "a string in brackets": ('x = (\n    "a"\n    "b"\n)\n', 'x = (\n    "a"\n)\n'),
    "a long string in brackets": ('f(\n    """a"""\n)\n', 'f(\n    """b"""\n)\n'),
    "a string on a continued line": ('x = \\\n"a"\n', 'x = \\\n"b"\n'),
    "an operation on a string": ('x = [\n"a"\n][0]\n"b".f()\n', 'x = [\n"a"\n][0]\n"c".f()\n'),
    "where a line is": ("if x:\n    y()\n    z()\n", "if x:\n    y()\nz()\n"),
}


@pytest.mark.parametrize("edit", NO_EFFECT.values(), ids=NO_EFFECT)
def test_what_is_said_about_a_program_does_not_count(edit):
    before, after = edit
    assert without_comments(before) == without_comments(after)


@pytest.mark.parametrize("edit", EFFECT.values(), ids=EFFECT)
def test_what_a_program_does_counts(edit):
    before, after = edit
    assert without_comments(before) != without_comments(after)


def program(source, parsed=True):
    """Return the parts of a program that Python runs, by Python's own reading.

    Without docstrings some functions are empty, and the source cannot be parsed.
    """
    strings = {
        (of.lineno, of.col_offset)
        for of in (ast.walk(ast.parse(source)) if parsed else ())
        if isinstance(of, ast.Expr)
        and isinstance(of.value, ast.Constant)
        and isinstance(of.value.value, str)
    }
    left_out = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    return [
        part.string
        for part in tokenize.generate_tokens(io.StringIO(source).readline)
        if part.type not in left_out and part.start not in strings
    ]


def test_of_every_file_of_ours_the_program_is_left():
    for path in SOURCES:
        source = path.read_text("utf-8")
        assert program(without_comments(source), parsed=False) == program(source), path
