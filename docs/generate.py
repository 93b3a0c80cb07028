"""``python -m docs.generate``: write the generated blocks of the documentation.

A page holds ``<!-- generated: NAME -->`` and ``<!-- end -->``; what is between them is replaced
by what the block of that name says. With ``--check`` nothing is written: the exit code is 1 if a
page is out of date.
"""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from docs.blocks.commands import commands_block, exits_block
from docs.blocks.outputs import (
    fates_block,
    line_list_block,
    outcomes_block,
    series_block,
    transmissions_block,
)
from docs.blocks.parameters import parameters_block
from docs.blocks.scenario import presets_block, quantities_block, sections_block

ROOT = Path(__file__).parents[1]

BLOCKS: dict[str, Callable[[], str]] = {
    "quantities": quantities_block,
    "sections": sections_block,
    "presets": presets_block,
    "commands": commands_block,
    "exit codes": exits_block,
    "series": series_block,
    "outcomes": outcomes_block,
    "fates": fates_block,
    "line list": line_list_block,
    "transmissions": transmissions_block,
    "parameters": parameters_block,
}

_MARKED = re.compile(r"<!-- generated: ([a-z ]+) -->\n.*?<!-- end -->", re.DOTALL)


def pages() -> Iterator[tuple[Path, str]]:
    """Yield every page that has a generated block, with the text that it should have."""
    for path in sorted((ROOT / "docs").rglob("*.md")):
        text = path.read_text("utf-8")
        if _MARKED.search(text):
            yield path, _MARKED.sub(_filled, text)


def out_of_date() -> list[Path]:
    """Return the pages whose generated blocks are not what they should be."""
    return [path for path, text in pages() if path.read_text("utf-8") != text]


def _filled(match: re.Match[str]) -> str:
    name = match[1]
    return f"<!-- generated: {name} -->\n\n{BLOCKS[name]()}\n\n<!-- end -->"


def main(arguments: list[str]) -> int:
    """Write or check the pages and return the exit code."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m docs.generate [--check]", file=sys.stderr)
        return 2
    if arguments == ["--check"]:
        stale = out_of_date()
        for path in stale:
            print(
                f"{path.relative_to(ROOT)} is out of date: run python -m docs.generate",
                file=sys.stderr,
            )
        return 1 if stale else 0
    for path, text in list(pages()):
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
