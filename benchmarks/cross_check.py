"""``python -m benchmarks.cross_check``: towns of bordersim against Starsim and against theory.

    python -m pip install -e '.[bench]'      # Starsim, in an environment of its own
    python -m benchmarks.cross_check --runs 400

Finished runs are kept in the folder and not done again; empty it when the model has changed.
Without Starsim only the rest is compared, and nothing is written.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import click

from benchmarks.agreement import LARGE, Agreement, compare, compare_with_law
from benchmarks.cross_check_figure import draw_cross_check
from benchmarks.cross_check_page import Comparison, blocks_of, table_of
from benchmarks.exact_outbreak import final_share, run_reference, size_law
from benchmarks.kept_outbreaks import Engine, Outbreaks, kept_outbreaks
from benchmarks.starsim_run import CONTACTS, run_starsim, starsim_version
from benchmarks.timing import Contestant, time_by_turns
from benchmarks.town_outbreak import (
    TOWN,
    GenerationTime,
    Setting,
    run_bordersim,
    scenario_of,
)
from docs.blocks.marked import ROOT, write_pages
from sim.view.style import save

GRID = [Setting(r, seeds) for r in (1.3, 2.0, 3.0) for seeds in (1, 5, 20)]
SETTINGS = [*GRID, Setting(2.0, 5, dispersion=0.3)]
STEP = 0.5
"""Time step of Starsim in days."""
VARIANTS = {
    "step 1 d": (1.0, CONTACTS, False),
    "step 0.25 d": (0.25, CONTACTS, False),
    "16 contacts": (STEP, 16.0, False),
    "evener contacts": (STEP, CONTACTS, True),
    "evener, step 1 d": (1.0, CONTACTS, True),
}
"""Other time steps and mean numbers of contacts in a step, and contacts that vary less."""
VARIED_IN = Setting(3.0, 20)
"""Where these are tried: an outbreak that is fast, and hardly a matter of chance."""
TIMED_IN = Setting(2.0, 20)
_TURNS = 9

OURS, THEIRS, REFERENCE, LAW = "bordersim", "Starsim", "contact by contact", "exact law"


def engines_of(setting: Setting) -> dict[str, Engine]:
    """Return what simulates a setting, by name."""
    scenario = scenario_of(setting)
    generation, people = GenerationTime(scenario), scenario.residents[TOWN].people

    def starsim(step: float, contacts: float, evener: bool) -> Engine:
        return lambda seed: run_starsim(scenario, setting, seed, step, contacts, evener=evener)

    engines: dict[str, Engine] = {
        OURS: partial(run_bordersim, scenario),
        REFERENCE: partial(run_reference, generation, people, setting),
    }
    if starsim_version() is not None:
        engines[THEIRS] = starsim(STEP, CONTACTS, False)
        if setting == VARIED_IN:
            engines |= {f"{THEIRS}, {name}": starsim(*of) for name, of in VARIANTS.items()}
    return engines


def least_large(setting: Setting) -> float:
    """Return from which size on an outbreak is called large."""
    people = scenario_of(setting).residents[TOWN].people
    return LARGE * people * final_share(people, setting)


def compare_engines(setting: Setting, runs: Mapping[str, Outbreaks]) -> list[Comparison]:
    """Return how the engines that have run a setting compare."""
    least = least_large(setting)

    def of(first: str, second: str, agreement: Agreement) -> Comparison:
        counts = len(runs[first].sizes), len(runs[second].sizes) if second in runs else None
        return Comparison(setting, first, second, counts, agreement)

    first = [OURS, *(name for name in runs if name.startswith(THEIRS))]
    rows = [of(name, REFERENCE, compare(runs[name], runs[REFERENCE], least)) for name in first]
    if THEIRS in runs:
        rows.append(of(OURS, THEIRS, compare(runs[OURS], runs[THEIRS], least)))
    if setting.dispersion is None:
        law = size_law(scenario_of(setting).residents[TOWN].people, setting)
        rows += [of(name, LAW, compare_with_law(runs[name], law, least)) for name in runs]
    return rows


def cpu_seconds_a_run() -> dict[str, float]:
    """Return the median CPU seconds of a run of every engine, taking turns."""
    contestants = [Contestant(name, run, _TURNS) for name, run in engines_of(TIMED_IN).items()]
    for contestant in contestants:
        contestant.run(0)  # imports and compiles
    time_by_turns(contestants)
    return {contestant.name: contestant.median for contestant in contestants}


def run_setting(
    setting: Setting, runs: int, starsim_runs: int, folder: Path
) -> dict[str, Outbreaks]:
    """Return the runs of every engine in one setting."""
    return {
        name: kept_outbreaks(
            folder, name, setting, starsim_runs if name.startswith(THEIRS) else runs, run
        )
        for name, run in engines_of(setting).items()
    }


@click.command()
@click.option("--runs", default=400, show_default=True, help="Runs in every setting.")
@click.option("--starsim-runs", default=400, show_default=True, help="Runs of Starsim in each.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "results" / "cross_check",
    help="Where finished runs are kept.",
)
def main(runs: int, starsim_runs: int, folder: Path) -> None:
    """Compare outbreaks in a town, and write the table, the figure and the page."""
    outbreaks: dict[Setting, dict[str, Outbreaks]] = {}
    for setting in SETTINGS:
        outbreaks[setting] = run_setting(setting, runs, starsim_runs, folder)
        click.echo(f"{setting}: done")
    rows = [row for of, by_engine in outbreaks.items() for row in compare_engines(of, by_engine)]
    table = table_of(rows)
    if starsim_version() is None:
        click.echo(table.to_string())
        click.echo("Starsim is not installed: nothing is written (pip install 'bordersim[bench]').")
        return
    table.to_csv(Path(__file__).with_suffix(".csv"), index=False, lineterminator="\n")
    save(draw_cross_check(outbreaks), folder, "cross_check")
    (ROOT / "docs" / "images" / "cross_check.png").write_bytes(
        (folder / "cross_check.png").read_bytes()
    )
    write_pages("cross check", blocks_of(rows, cpu_seconds_a_run()))


if __name__ == "__main__":
    main()
