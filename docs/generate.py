"""Renew what programs write in the pages of the documentation.

    python -m docs.generate [--check]              blocks made from the source
    python -m docs.generate results [FOLDER]       what `make run` has written
    python -m docs.generate comparison [FOLDER]    what `bordersim compare` has written
    python -m docs.generate calibration [FOLDER]   what `bordersim calibrate --check` has written
    python -m docs.generate policies               the policy library; runs it, some minutes
    python -m docs.generate studies [NAME]         the published studies; runs them, some minutes
    python -m docs.generate licences               dependencies; needs Python 3.11 and every extra

A page holds `<!-- KIND: NAME -->` and `<!-- end -->`; what is between them is replaced. With
`--check` nothing is written: the exit code is 1 if a block made from the source is out of date.
"""

import inspect
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

from docs.blocks import calibration, dependencies, policies, results, studies
from docs.blocks.commands import commands_block, exits_block
from docs.blocks.marked import ROOT, filled_pages, write_pages
from docs.blocks.outcomes import outcomes_block
from docs.blocks.parameters import parameters_block, preset_parameters_block, unit_costs_block
from docs.blocks.reference import reference_of
from sim.experiment.sweep.schema import Sweep
from sim.scenario.schema import Scenario
from sim.view.report.folder import FolderError
from sim.world.land_port import LandPort, step_port

BLOCKS: dict[str, Callable[[], str]] = {
    "scenario": lambda: reference_of(Scenario).text(),
    "sweep": lambda: reference_of(Sweep).text(),
    "commands": commands_block,
    "exit codes": exits_block,
    "outcomes": outcomes_block,
    "parameters": parameters_block,
    "preset parameters": preset_parameters_block,
    "unit costs": unit_costs_block,
    "policy library": policies.library_block,
    "institution": lambda: source_of(step_port, LandPort),
    "solara page": lambda: file_of("docs/examples/solara_page.py"),
}
"""Blocks made from the source."""


def source_of(*parts: Callable[..., object]) -> str:
    """Return functions and classes as they stand in the source."""
    return "```python\n" + "\n\n".join(map(inspect.getsource, parts)) + "```"


def file_of(path: str) -> str:
    """Return a Python file as it stands."""
    return f"```python\n{(ROOT / path).read_text('utf-8')}```"


def out_of_date() -> list[Path]:
    """Return the pages whose blocks made from the source are not what they should be."""
    return [
        path for path, text in filled_pages("generated", BLOCKS) if path.read_text("utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Write or check the pages and return the exit code."""
    try:
        match arguments:
            case []:
                write_pages("generated", BLOCKS)
            case ["--check"]:
                stale = [str(path.relative_to(ROOT)) for path in out_of_date()]
                for page in stale:
                    print(f"{page} is out of date: run python -m docs.generate", file=sys.stderr)
                return int(bool(stale))
            case ["results", *folder] if len(folder) < 2:
                results.renew(Path(*folder or ["results"]))
            case ["comparison", *folder] if len(folder) < 2:
                results.renew_comparison(Path(*folder or ["results/comparison"]))
            case ["calibration", *folder] if len(folder) < 2:
                calibration.renew(Path(*folder or ["results/baseline/calibration"]))
            case ["policies"]:
                policies.renew()
            case ["studies", *name] if len(name) < 2:
                return studies.renew(*name)
            case ["licences"]:
                dependencies.renew()
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except FileNotFoundError as missing:
        print(f"{missing.filename} is missing: see python -m docs.generate --help", file=sys.stderr)
        return 2
    except FolderError as error:
        print(error, file=sys.stderr)
        return 2
    except PackageNotFoundError as missing:
        print(f"{missing.name} is not installed: every extra is needed", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
