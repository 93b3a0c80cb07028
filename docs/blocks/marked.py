"""Pages with blocks that a program fills: ``<!-- KIND: NAME -->`` to ``<!-- end -->``."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.image import imread
from PIL import Image

from sim.view.style import save

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"


def pages() -> list[Path]:
    """Return every page of the documentation."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def filled_pages(kind: str, blocks: Mapping[str, Callable[[], str]]) -> Iterator[tuple[Path, str]]:
    """Yield every page that has a block of this kind, with the text that it should have.

    Raises:
        KeyError: a page asks for a block that there is not.
    """
    marked = re.compile(rf"<!-- {kind}: ([a-z ]+) -->\n.*?<!-- end -->", re.DOTALL)

    def fill(match: re.Match[str]) -> str:
        return f"<!-- {kind}: {match[1]} -->\n\n{blocks[match[1]]()}\n\n<!-- end -->"

    for path in pages():
        text = path.read_text("utf-8")
        if marked.search(text):
            yield path, marked.sub(fill, text)


def write_pages(kind: str, blocks: Mapping[str, Callable[[], str]]) -> None:
    """Fill the blocks of this kind in all pages; write nothing if one of them cannot be made."""
    for path, text in list(filled_pages(kind, blocks)):
        path.write_text(text, "utf-8")


def copy_figures(folder: Path) -> None:
    """Renew the images of the pages from figures of the same names in a folder of results."""
    shown = "".join(path.read_text("utf-8") for path in pages())
    for figure in sorted(folder.glob("*.png")):
        if f"images/{figure.name})" in shown:
            # Figures have few colours: a palette takes a third of the room.
            colours = (255 * imread(figure)[:, :, :3]).round().astype(np.uint8)
            Image.fromarray(colours).quantize(256).save(IMAGES / figure.name)
            print(f"docs/images/{figure.name}")


def save_image(fig: Figure, name: str) -> None:
    """Write a figure that the pages show."""
    for path in save(fig, IMAGES, name):
        if path.suffix != ".png":
            path.unlink()
