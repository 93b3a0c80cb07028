"""``bordersim run``: simulate scenarios, and compare several of them on paired runs."""

import datetime as dt
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import click
import pandas as pd
from rich.console import RenderableType

from calibration.targets_file import read_targets
from sim.cli import options
from sim.cli.kept_runs import opened_runs, refuse_unwritable, run_campaign, warn_of_same_policies
from sim.cli.output import command_line, print_as_json, print_tables, report_failed_runs
from sim.cli.reading import load_all
from sim.exits import Refused
from sim.experiment.campaign import Campaign, Variant
from sim.experiment.comparison import Comparison
from sim.experiment.members import Choice, paired_members_of
from sim.experiment.outcome_registry import COMPARED
from sim.experiment.precision import PAIRS_AT_ONCE, Precision, StoppingRule
from sim.experiment.published import (
    Reproduced,
    RunFailed,
    Worlds,
    load_published,
    reproduce,
    reproduced_table,
    worlds_as_variants,
)  # fmt: skip
from sim.experiment.replicates import Replicates, with_line_lists
from sim.experiment.run_folder import write_comparison, write_csv, write_run
from sim.experiment.same_runs import same_policies
from sim.experiment.tables import summary_table
from sim.scenario.schema import Scenario
from sim.view.answers.closing_text import comparison_table, summary
from sim.view.figures import write_figures, write_policy_figures
from sim.view.published import draw_published, published_table
from sim.view.style import save_all

Answer = tuple[pd.DataFrame, RenderableType] | None
"""The rows that scripts get, and the last screen; None: no run or no pair has finished."""


def _precision(text: str) -> Precision:
    """Return the precision in a text such as ``imported_confirmed=5``."""
    outcome, _, value = text.partition("=")
    try:
        half_width = float(value)
    except ValueError:
        half_width = 0.0
    if outcome not in COMPARED or not half_width > 0:
        allowed = f"OUTCOME=HALF_WIDTH with one of {', '.join(COMPARED)}"
        raise Refused(f"--until-precision: cannot be used [allowed: {allowed}] (got {text!r})")
    return Precision(outcome, half_width)


@click.command()
@options.files
@click.option(
    "--baseline",
    type=options.PATH,
    help="File to compare the others with; may be one of FILES.  [default: the first]",
)
@click.option(
    "--replicates",
    type=click.IntRange(1, 1_000_000),
    help="Runs of each scenario.  [default: all pairs of the ensemble; 50 without one]",
)
@options.seed
@options.ensemble
@options.workers
@options.executor
@options.settings
@options.strict
@click.option(
    "--until-precision",
    "wanted",
    multiple=True,
    type=_precision,
    metavar="OUTCOME=HALF_WIDTH",
    help="End as soon as the 95 % interval of the mean difference of OUTCOME is so narrow for "
    "every scenario, e.g. imported_confirmed=5. Repeatable.",
)
@options.out(options.RESULTS, "results/NAME; results/comparison for several files")
@click.option("--linelist", is_flag=True, help="Also write linelist.csv and transmissions.csv.")
@click.option("--all", "everything", is_flag=True, help="Print all outcomes.")
@options.as_json
def run(
    files: tuple[Path, ...],
    baseline: Path | None,
    replicates: int | None,
    seed: int | None,
    ensemble: str | None,
    workers: int,
    executor: str | None,
    settings: tuple[str, ...],
    strict: bool,
    wanted: tuple[Precision, ...],
    out: Path | None,
    linelist: bool,
    everything: bool,
    as_json: bool,
) -> None:
    """Simulate scenarios, and compare several on paired runs.

    Every scenario runs with the same parameters and the same random numbers, so that two runs of
    a pair differ only by what the scenarios change. The results of one file are written to the
    folder itself, those of several to a folder each, beside what differs from the first or from
    --baseline. Interrupted runs resume with the same command, and only what is added to it is
    simulated. What a publication prints of a scenario is shown beside what the scenario gives,
    unless --set makes it another one.
    """
    started = dt.datetime.now(dt.UTC)
    if baseline is not None:
        files = (baseline, *(file for file in files if file.resolve() != baseline.resolve()))
    scenarios = load_all(files, settings, strict=strict)
    several = len(scenarios) > 1
    if not several and (wanted or click.get_current_context().info_name == "compare"):
        raise Refused("a comparison needs two scenarios; for one, use bordersim run")
    members = paired_members_of(scenarios, Choice(replicates, seed, ensemble))
    notes = [runs.note for runs in members]
    policies = [
        Variant(scenario.name, scenario, runs.members)
        for scenario, runs in zip(scenarios, members, strict=True)
    ]
    # With other settings it is another study.
    studies = {} if settings else _studies(files, scenarios)
    out = out or Path("results", "comparison" if several else scenarios[0].name)
    folders = [out / scenario.name for scenario in scenarios] if several else [out]
    for folder in folders:
        refuse_unwritable(folder)
    with opened_runs(out) as store:
        warn_of_same_policies(same_policies(policies))
        campaign = Campaign(policies, store)
        rule = StoppingRule(campaign, wanted)
        worlds = worlds_as_variants(chain(*studies.values()))
        interrupted = False
        try:
            asked = Campaign([*policies, *worlds], store)
            run_campaign(asked, store, workers, executor, PAIRS_AT_ONCE, rule.enough)
        except KeyboardInterrupt:
            if several:
                raise
            interrupted = True
        rule.enough()
        published, targets = list[RenderableType](), read_targets().targets
        command = command_line()
        for number, (folder, note) in enumerate(zip(folders, notes, strict=True)):
            done = replace(campaign.replicates(number, rule.pairs), interrupted=interrupted)
            if linelist and not interrupted:
                done = _with_line_lists(done, workers)
            write_run(
                done, folder, command=command, started=started, runs=note, with_line_list=linelist
            )
            write_figures(done, targets, folder)
            if done.scenario.name in studies and not interrupted:
                rows = reproduce(studies[done.scenario.name], store, workers=workers)
                published.append(_write_published(done.scenario, rows, folder))
        answer: Answer = None
        if several:
            comparison = Comparison(campaign, rule.pairs)
            write_comparison(
                comparison, out, command=command, started=started, notes=notes, wanted=wanted
            )
            answer = _compared(comparison, everything, out)
        elif done.results:
            answer = summary_table(done), summary([done], everything, out)
        _print(answer, published, notes, as_json=as_json)
        code = report_failed_runs(campaign)
        if interrupted:
            raise KeyboardInterrupt
    sys.exit(code)


def _studies(files: Sequence[Path], scenarios: Sequence[Scenario]) -> dict[str, list[Worlds]]:
    """Return the worlds of what publications print of scenarios, by the names of these."""
    return {
        scenario.name: load_published(file)
        for file, scenario in zip(files, scenarios, strict=True)
        if scenario.published is not None
    }


def _with_line_lists(done: Replicates, workers: int) -> Replicates:
    try:
        return with_line_lists(done, workers=workers)
    except RuntimeError as error:
        raise RunFailed(f"{done.scenario.name}: {error}") from error


def _write_published(
    scenario: Scenario, rows: Sequence[Reproduced], folder: Path
) -> RenderableType:
    """Write what a publication prints beside what its scenario gives, and return it as a table."""
    assert scenario.published is not None
    write_csv(folder / "published.csv", [reproduced_table(rows)])
    save_all({"published": draw_published(scenario.published, rows)}, folder)
    return published_table(scenario.published, rows)


def _compared(comparison: Comparison, everything: bool, folder: Path) -> Answer:
    """Draw the figures of a comparison, and return what it comes to."""
    if not comparison.pairs:
        return None
    write_policy_figures(comparison, folder)
    return comparison.differences_table(), comparison_table(comparison, everything, folder)


def _print(
    answer: Answer, published: Sequence[RenderableType], notes: Sequence[str], *, as_json: bool
) -> None:
    """Print what was run and what it comes to, or only the rows of the answer."""
    if not as_json:
        for note in dict.fromkeys(notes):
            click.echo(f"runs: {note}")
        print_tables([*published, *(answer[1:] if answer else ())])
    elif answer:
        print_as_json(answer[0])
