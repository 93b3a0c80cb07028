"""What every figure must be: drawn without a warning, labelled, whole, its texts apart."""

from collections.abc import Iterator
from itertools import combinations
from unittest.mock import patch

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox


def panels(fig: Figure) -> Iterator[Axes]:
    """Yield the axes that show something; those for columns of numbers are switched off."""
    return (ax for ax in fig.axes if ax.axison)


def check_drawn(fig: Figure) -> None:
    """Check that every panel has a title and a height, and the lowest a label below it."""
    fig.draw_without_rendering()
    for ax in panels(fig):
        low, high = ax.get_ylim()
        assert low != high
        assert ax.get_title(loc="left")
    # Of panels that share an x axis, the lowest has the label.
    assert list(panels(fig))[-1].get_xlabel()


def check_whole(fig: Figure) -> None:
    """Check that nothing is cut off at the edge of the page."""
    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    box = fig.get_tightbbox(canvas.get_renderer())
    width, height = fig.get_size_inches()
    assert min(box.x0, box.y0) >= -0.01
    assert box.x1 <= width + 0.01
    assert box.y1 <= height + 0.01


def texts(fig: Figure) -> str:
    """Return everything that is written in a figure, one line per text."""
    return "\n".join(text.get_text() for text in fig.findobj(Text))


def said(fig: Figure) -> str:
    """Return everything that is written in a figure, in one line."""
    return " ".join(texts(fig).split())


def written(fig: Figure) -> list[tuple[str, Bbox]]:
    """Return every text that can be seen, and its box in pixels."""
    drawn: list[Text] = []
    draw = Text.draw

    def draw_and_note(text: Text, *args: object, **kwargs: object) -> None:
        drawn.append(text)
        draw(text, *args, **kwargs)

    # Ticks out of view, and those of axes that are switched off, are not drawn.
    with patch.object(Text, "draw", draw_and_note):
        FigureCanvasAgg(fig).draw()
    return [
        (text.get_text(), Text.get_window_extent(text))
        for text in dict.fromkeys(drawn)
        if text.get_visible() and text.get_text().strip()
    ]


def overlaps(fig: Figure) -> list[tuple[str, str]]:
    """Return the pairs of texts that share more than a pixel both across and down."""
    return [
        (one, other)
        for (one, box), (other, another) in combinations(written(fig), 2)
        if (both := Bbox.intersection(box, another)) and min(both.width, both.height) > 1
    ]


def check_apart(fig: Figure) -> None:
    """Check that no two texts lie upon each other."""
    assert overlaps(fig) == []
