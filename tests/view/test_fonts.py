"""Letters of every alphabet are drawn with an installed font, or one line says what is missing."""

import logging
import string
import warnings
from types import SimpleNamespace

import matplotlib as mpl
import pytest
from matplotlib import font_manager
from matplotlib.figure import Figure

from sim.view import fonts
from sim.view.style import PIXELS_PER_INCH, in_house_style, save

CHINESE, ARABIC, CYRILLIC = "边境口岸", "الحدود", "Москва"


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """No font is remembered from one test to the next, and no advice."""
    monkeypatch.setattr(fonts, "_advised", set())
    fonts.families.cache_clear()
    fonts._letters_of.cache_clear()
    yield
    fonts.families.cache_clear()
    fonts._letters_of.cache_clear()


@pytest.fixture
def only_dejavu(monkeypatch):
    """A machine with no other font than those of Matplotlib."""
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    own = [
        entry for entry in font_manager.fontManager.ttflist
        if str(entry.fname).startswith(mpl.get_data_path())
    ]  # fmt: skip
    monkeypatch.setattr(font_manager.fontManager, "ttflist", own)


@pytest.fixture
def a_machine(monkeypatch):
    """A machine whose families have these letters."""

    def with_families(letters: dict[str, str]) -> None:
        entries = [SimpleNamespace(name=name, fname=name) for name in letters]
        monkeypatch.setattr(font_manager, "fontManager", SimpleNamespace(ttflist=entries))
        monkeypatch.setattr(font_manager, "findSystemFonts", list)
        of = {name: frozenset(map(ord, has + string.printable)) for name, has in letters.items()}
        monkeypatch.setattr(fonts, "_letters_of", lambda name, _: of.get(name, frozenset()))
        monkeypatch.setattr(fonts._letters_of, "cache_clear", lambda: None, raising=False)

    return with_families


@in_house_style
def figure_of(title: str) -> Figure:
    fig = Figure()
    ax = fig.subplots()
    ax.set_xlabel(title)
    ax.set_yticks([0, 1], ["a", title])
    return fig


def families_of(fig: Figure) -> list[str]:
    return fig.axes[0].xaxis.label.get_fontfamily()


def test_the_first_known_font_that_has_the_letters_is_taken(a_machine):
    a_machine(
        {
            "An odd font": CHINESE,
            "SimHei": CHINESE,
            "WenQuanYi Micro Hei": CHINESE,
            "DejaVu Sans": "",
            "Last Resort High-Efficiency": CHINESE + ARABIC,
        }
    )
    fig = figure_of("abc" + CHINESE)
    assert families_of(fig)[-3:] == ["DejaVu Sans", "WenQuanYi Micro Hei", "SimHei"]


def test_any_font_that_has_them_is_taken_if_no_known_one_has(a_machine, caplog):
    a_machine({"DejaVu Sans": "", "An odd font": ARABIC, "A plain font": ""})
    fig = figure_of("abc" + ARABIC)
    fonts.find_fonts(fig)
    assert families_of(fig)[-1] == "An odd font"
    assert "A plain font" not in families_of(fig)
    assert fig.axes[0].get_yticklabels()[1].get_fontfamily()[-1] == "An odd font"
    assert not caplog.records


def test_one_line_of_advice_and_no_warning_of_matplotlib(only_dejavu, tmp_path, caplog):
    with warnings.catch_warnings(), caplog.at_level(logging.WARNING):
        warnings.simplefilter("error")
        save(figure_of(CHINESE), tmp_path, "one")
        save(figure_of(CHINESE + "한"), tmp_path, "other")
    [said] = caplog.records
    assert "install a font, e.g. Noto Sans CJK" in said.getMessage()
    assert "\n" not in said.getMessage()
    assert "境" in said.getMessage()


def test_a_font_without_bold_type_is_no_reason_for_a_warning(tmp_path, caplog):
    with mpl.rc_context({"font.family": ["STIXSizeOneSym"]}):
        fig = figure_of("a")
        fig.axes[0].xaxis.label.set_fontweight(1000)
        save(fig, tmp_path, "figure")
    assert not caplog.records


@pytest.mark.parametrize(
    ("letters", "font"), [("ไทย", "Noto Sans Thai"), ("हि", "Noto Sans Devanagari")]
)
def test_the_advice_names_a_font_of_the_alphabet(only_dejavu, caplog, letters, font):
    fonts.find_fonts(figure_of(letters))
    assert caplog.records[0].getMessage().endswith(font)


@pytest.mark.parametrize("letters", [CYRILLIC, ARABIC, "Ελλάδα", "a\u00a0b → ±\n"])
def test_what_the_font_of_matplotlib_has_needs_no_advice(only_dejavu, tmp_path, caplog, letters):
    save(figure_of(letters), tmp_path, "figure")
    assert not caplog.records


def test_a_font_installed_after_matplotlib_made_its_list_is_found(monkeypatch):
    new = font_manager.findfont("DejaVu Serif")
    rest = [entry for entry in font_manager.fontManager.ttflist if entry.name != "DejaVu Serif"]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", rest)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(new)])
    assert "DejaVu Serif" in fonts.families()


def test_a_file_that_is_no_font_is_no_error(tmp_path, monkeypatch):
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(tmp_path / "broken.ttf")])
    assert "DejaVu Sans" in fonts.families()


def test_the_settings_of_the_reader_are_the_same_afterwards(tmp_path):
    with mpl.rc_context({"savefig.dpi": 50, "font.family": ["DejaVu Serif"], "font.size": 20}):
        before = dict(mpl.rcParams)
        save(figure_of("a"), tmp_path, "figure")
        assert dict(mpl.rcParams) == before


def width_in_pixels(path) -> int:
    return int.from_bytes(path.read_bytes()[16:20], "big")


def test_the_settings_of_the_reader_have_their_effect(tmp_path):
    with mpl.rc_context({"savefig.dpi": 50, "font.family": ["DejaVu Serif"], "font.size": 20}):
        fig = figure_of("a")
        png, _ = save(fig, tmp_path, "figure")
    assert width_in_pixels(png) == 50 * fig.get_figwidth()
    assert families_of(fig)[0] == "DejaVu Serif"
    assert fig.axes[0].xaxis.label.get_fontsize() == 8
    png, _ = save(figure_of("a"), tmp_path, "other")
    assert width_in_pixels(png) == PIXELS_PER_INCH * fig.get_figwidth()


def test_a_dark_style_hides_nothing():
    with mpl.rc_context():
        mpl.style.use("dark_background")
        fig = figure_of("a")
    assert fig.get_facecolor()[:3] == (1, 1, 1)
    assert fig.axes[0].xaxis.label.get_color() == "black"
