"""Writes to terminals and files whose encoding lacks some letters, without an error."""

import codecs
import io
import sys

_HANDLER = "bordersim.plainer"

_PLAINER = str.maketrans(
    {
        "\N{MINUS SIGN}": "-",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{PLUS-MINUS SIGN}": "+/-",
        "\N{MULTIPLICATION SIGN}": "x",
        "\N{RIGHTWARDS ARROW}": "->",
        "\N{LEFTWARDS ARROW}": "<-",
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{NO-BREAK SPACE}": " ",
    }
)
"""Signs that a reader of numbers must not lose: "?5" would leave open whether it is -5."""


def accept_every_letter() -> None:
    r"""Make the output and error streams of this process replace what they cannot encode.

    Signs beside numbers get their ASCII form and other letters an escape such as ``\u043c``, so
    that two names stay different. A stream that encodes everything writes the same bytes as before.
    """
    codecs.register_error(_HANDLER, _plainer)
    for stream in (sys.stdout, sys.stderr):
        # None without a console; any other type was put there by a caller of this process.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def _plainer(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what to write instead of the letters that could not be encoded, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    plainer = text.translate(_PLAINER)
    return plainer.encode("ascii", "backslashreplace").decode("ascii"), error.end
