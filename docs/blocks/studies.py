"""The published studies: their numbers, published and simulated."""

from errno import ENOENT

from docs.blocks.markdown import table
from docs.blocks.marked import save_image, write_pages
from sim.experiment.published import Reproduced, load_published, reproduce
from sim.scenario.loader import load_scenario
from sim.scenario.published import Published
from sim.shipped import shipped_scenarios
from sim.view.published import cells, draw_published


def renew(name: str = "*") -> int:
    """Run the study of this name, or all, and fill their blocks; return 1 if a number differs.

    Raises:
        FileNotFoundError: there is no such study.
    """
    folder = shipped_scenarios() / "studies"
    files = sorted(folder.glob(f"{name}.yaml"))
    if not files:
        raise FileNotFoundError(ENOENT, "no such study", folder / f"{name}.yaml")
    differs = False
    for path in files:
        published = load_scenario(path).published
        assert published is not None
        reproduced = reproduce(load_published(path), workers=0)
        text = study_block(published, reproduced, path.stem)
        write_pages(f"study_{path.stem}", {"numbers": text.strip})
        save_image(draw_published(published, reproduced), f"study_{path.stem}")
        agree = sum(row.agrees for row in reproduced)
        differs |= agree < len(reproduced)
        print(f"{path.stem}: {agree} of {len(reproduced)} numbers agree")
    return int(differs)


def study_block(published: Published, reproduced: list[Reproduced], name: str) -> str:
    """Return a study as the page shows it: setting, numbers, figure, and what it cannot say."""
    rows = []
    for row in reproduced:
        of_publication, simulated, difference = cells(row)
        scope = "" if row.value.tolerance is None else f"± {row.value.tolerance:g}"
        verdict = "agrees" if row.agrees else "**differs**"
        rows.append([row.value.what, of_publication, scope, simulated, difference, verdict])
    unit = f" ({published.unit})" if published.unit else ""
    head = [f"number{unit}", "published", "tolerance", "simulated", "difference", ""]
    notes = (f"- {row.value.what}: {row.value.note}" for row in reproduced if row.value.note)
    parts = [
        published.setting,
        table(head, rows),
        "\n".join(notes),
        f"![Published and simulated numbers](images/study_{name}.png)",
        f"**What this cannot say.** {published.cannot}" if published.cannot else "",
    ]
    return "\n\n".join(filter(None, parts))
