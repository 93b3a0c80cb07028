"""Fonts for letters that the first font of a figure lacks.

Matplotlib draws a letter with the first of the families of a text that has it.
"""

import logging
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import matplotlib
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text

_KNOWN = (
    "DejaVu Sans",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "SimHei",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "Arial Unicode MS",
    "Noto Sans Arabic",
    "Noto Naskh Arabic",
    "Geeza Pro",
    "Segoe UI",
)
"""Families for many alphabets without serifs, of all systems, in the order of preference."""

_NOT_A_FONT_FOR_READING = ("Last Resort",)
"""Beginnings of the names of families that have a sign for every letter, but not the letter."""

_WITH_CHINESE = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO")
"""How the Unicode names of letters begin that are in the fonts for Chinese."""

_LOG = logging.getLogger(__name__)
_advised: set[str] = set()
"""Families that this process has advised to install."""


@cache
def families() -> tuple[str, ...]:
    """Return all installed families, those for many alphabets first.

    Matplotlib keeps a list of fonts from the day it was first used; newer ones are added to it.
    """
    known = {str(entry.fname) for entry in font_manager.fontManager.ttflist}
    for path in font_manager.findSystemFonts():
        if path not in known:
            # A file that is no font after all is of no interest here.
            try:
                font_manager.fontManager.addfont(path)
            except (OSError, RuntimeError) as error:
                _LOG.debug("%s: %s", path, error)
    found = {entry.name for entry in font_manager.fontManager.ttflist}
    first = [family for family in _KNOWN if family in found]
    others = sorted(
        family for family in found - {*first} if not family.startswith(_NOT_A_FONT_FOR_READING)
    )
    return (*first, *others)


def with_known_families(wanted: Sequence[str]) -> list[str]:
    """Return the families in ``wanted`` and after them the installed ones for many alphabets."""
    return [*dict.fromkeys([*wanted, *(family for family in families() if family in _KNOWN)])]


@contextmanager
def without_warnings_of_letters() -> Iterator[None]:
    """Spare the reader a line for each letter that no font has and each font without bold type."""
    log = logging.getLogger(font_manager.__name__)
    log.addFilter(_is_not_of_weight)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", r"Glyph \d+ .*missing from", UserWarning)
            yield
    finally:
        log.removeFilter(_is_not_of_weight)


def _is_not_of_weight(record: logging.LogRecord) -> bool:
    return "find font weight" not in record.getMessage()


def find_fonts(fig: Figure) -> None:
    """Give each text of ``fig`` fonts that have its letters; advise what to install if none has."""
    for ax in fig.axes:
        # The labels of the ticks are made when they are asked for.
        ax.get_xticklabels()
        ax.get_yticklabels()
    missing: set[str] = set()
    for text in fig.findobj(Text):
        assert isinstance(text, Text)
        lacking = _lacking(text.get_text(), text.get_fontfamily())
        if lacking:
            more = _families_with(lacking)
            text.set_fontfamily([*text.get_fontfamily(), *more])
            missing |= {
                letter for letter in lacking if not any(_has(family, letter) for family in more)
            }
    _advise(missing)


def _lacking(text: str, names: Sequence[str]) -> set[str]:
    letters = {
        letter
        for letter in text
        if not letter.isspace() and unicodedata.category(letter) not in ("Cc", "Cf", "Mn")
    }
    return {letter for letter in letters if not any(_has(family, letter) for family in names)}


def _families_with(letters: set[str]) -> list[str]:
    """Return the first families that have as many of ``letters`` as any installed font has."""
    left, found = set(letters), []
    for family in families():
        if has := {letter for letter in left if _has(family, letter)}:
            found.append(family)
            left -= has
        if not left:
            break
    return found


def _has(family: str, letter: str) -> bool:
    return ord(letter) in _letters_of(family, tuple(matplotlib.rcParams["font.sans-serif"]))


@cache
def _letters_of(family: str, _: tuple[str, ...]) -> frozenset[int]:
    """Return the codes of the letters that a family has; of a generic one, under these settings."""
    path = font_manager.findfont(font_manager.FontProperties(family=[family]))
    return frozenset(font_manager.get_font(path).get_charmap())


def _advise(missing: set[str]) -> None:
    """Say in one line what to install, once in a process."""
    fonts = {_font_for(letter) for letter in missing}
    if fonts <= _advised:
        return
    _advised.update(fonts)
    letters = "".join(sorted(missing)[:10]) + ("..." if len(missing) > 10 else "")
    _LOG.warning(
        "figures show boxes for letters that no installed font has (%s); install a font, e.g. %s",
        letters,
        ", ".join(sorted(fonts)),
    )


def _font_for(letter: str) -> str:
    script = unicodedata.name(letter, "SYMBOL").split()[0]
    if script in _WITH_CHINESE:
        return "Noto Sans CJK"
    is_letter = unicodedata.category(letter)[0] in "LM"
    return f"Noto Sans {script.title()}" if is_letter else "Noto Sans Symbols"
