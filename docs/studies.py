"""``python -m docs.studies``: run the published studies and put what comes out into their page.

Without names all of them are run, which takes some minutes; the tests hold the same numbers with
fewer runs. The exit code is 1 if a number does not agree.
"""

import sys
from functools import partial
from pathlib import Path

from docs.blocks.markdown import table
from docs.blocks.marked import ROOT, write_pages
from sim.experiment.published import Reproduced, load_published, reproduce
from sim.scenario.loader import load_scenario
from sim.scenario.published import Published
from sim.shipped import shipped_scenarios
from sim.view.figures import save_all
from sim.view.published import cells, draw_published


def study_files() -> dict[str, Path]:
    """Return the files of the published studies by name."""
    return {path.stem: path for path in sorted((shipped_scenarios() / "studies").glob("*.yaml"))}


def study_block(published: Published, reproduced: list[Reproduced], name: str) -> str:
    """Return a study as the page shows it: setting, numbers, figure, and what it cannot say."""
    rows = []
    for row in reproduced:
        published_text, simulated, difference = cells(row)
        verdict = "agrees" if row.agrees else "**differs**"
        scope = "" if row.value.tolerance is None else f"± {row.value.tolerance:g}"
        rows.append([row.value.what, published_text, scope, simulated, difference, verdict])
    unit = f" ({published.unit})" if published.unit else ""
    parts = [
        published.setting,
        table([f"number{unit}", "published", "tolerance", "simulated", "difference", ""], rows),
        f"![Published and simulated numbers](images/study_{name}.png)",
    ]
    notes = [f"- {row.value.what}: {row.value.note}" for row in reproduced if row.value.note]
    if notes:
        parts.insert(2, "\n".join(notes))
    if published.cannot:
        parts.append(f"**What this cannot say.** {published.cannot}")
    return "\n\n".join(parts)


def main(names: list[str]) -> int:
    """Run the studies of these names, fill their blocks of the page, and return the exit code."""
    files = study_files()
    if unknown := [name for name in names if name not in files]:
        print(f"no study is called {', '.join(unknown)}; there are {', '.join(files)}")
        return 2
    differs = False
    for name in names or files:
        published = load_scenario(files[name]).published
        assert published is not None
        reproduced = reproduce(load_published(files[name]), workers=0)
        figure = draw_published(published, reproduced)
        save_all({f"study_{name}": figure}, ROOT / "docs" / "images")
        (ROOT / "docs" / "images" / f"study_{name}.svg").unlink()
        write_pages(f"study_{name}", {"numbers": partial(study_block, published, reproduced, name)})
        agree = sum(row.agrees for row in reproduced)
        differs |= agree < len(reproduced)
        print(f"{name}: {agree} of {len(reproduced)} numbers agree")
    return int(differs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
