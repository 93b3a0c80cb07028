"""``python -m docs.generate``: write the blocks of the documentation that are made from the source.

A page holds ``<!-- generated: NAME -->`` and ``<!-- end -->``; what is between them is replaced
by what the block of that name says. With ``--check`` nothing is written: the exit code is 1 if a
page is out of date.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from docs.blocks.commands import commands_block, exits_block
from docs.blocks.institution import institution_block
from docs.blocks.marked import ROOT, filled_pages, write_pages
from docs.blocks.outputs import (
    fates_block,
    line_list_block,
    outcomes_block,
    series_block,
    transmissions_block,
)
from docs.blocks.parameters import (
    parameters_block,
    preset_parameters_block,
    unit_costs_block,
)
from docs.blocks.policy_library import policy_library_block
from docs.blocks.scenario import presets_block, quantities_block, sections_block, sweep_block

BLOCKS: dict[str, Callable[[], str]] = {
    "quantities": quantities_block,
    "sections": sections_block,
    "presets": presets_block,
    "sweep": sweep_block,
    "commands": commands_block,
    "exit codes": exits_block,
    "series": series_block,
    "outcomes": outcomes_block,
    "fates": fates_block,
    "line list": line_list_block,
    "transmissions": transmissions_block,
    "parameters": parameters_block,
    "preset parameters": preset_parameters_block,
    "unit costs": unit_costs_block,
    "policy library": policy_library_block,
    "institution": institution_block,
}


def out_of_date() -> list[Path]:
    """Return the pages whose generated blocks are not what they should be."""
    return [
        path for path, text in filled_pages("generated", BLOCKS) if path.read_text("utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Write or check the pages and return the exit code."""
    if arguments == ["--check"]:
        stale = out_of_date()
        for path in stale:
            page = path.relative_to(ROOT)
            print(f"{page} is out of date: run python -m docs.generate", file=sys.stderr)
        return 1 if stale else 0
    if arguments:
        print("usage: python -m docs.generate [--check]", file=sys.stderr)
        return 2
    write_pages("generated", BLOCKS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
