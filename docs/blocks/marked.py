"""Pages with blocks that a program fills: ``<!-- KIND: NAME -->`` to ``<!-- end -->``."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


def filled_pages(kind: str, blocks: Mapping[str, Callable[[], str]]) -> Iterator[tuple[Path, str]]:
    """Yield every page that has a block of this kind, with the text that it should have.

    Raises:
        KeyError: a page asks for a block that there is not.
    """
    marked = re.compile(rf"<!-- {kind}: ([a-z ]+) -->\n.*?<!-- end -->", re.DOTALL)

    def fill(match: re.Match[str]) -> str:
        return f"<!-- {kind}: {match[1]} -->\n\n{blocks[match[1]]()}\n\n<!-- end -->"

    for path in [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]:
        text = path.read_text("utf-8")
        if marked.search(text):
            yield path, marked.sub(fill, text)


def write_pages(kind: str, blocks: Mapping[str, Callable[[], str]]) -> None:
    """Fill the blocks of this kind in all pages."""
    for path, text in list(filled_pages(kind, blocks)):
        path.write_text(text, "utf-8")
