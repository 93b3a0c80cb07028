"""``bordersim run``: simulate scenarios, and compare several of them on paired runs."""

import datetime as dt
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import click
from rich.console import RenderableType

from calibration.targets_file import read_targets
from sim.cli import options
from sim.cli.kept_runs import opened_runs, run_campaign, warn_of_same_policies
from sim.cli.output import (
    command_line,
    print_as_json,
    print_tables,
    refuse_unwritable,
    report_failed_runs,
)
from sim.cli.reading import load_all, load_studies, refuse_equal_names
from sim.exits import Incomplete, Refused
from sim.experiment.campaign import Campaign, Variant
from sim.experiment.comparison import Comparison
from sim.experiment.members import Choice, paired_members_of
from sim.experiment.outcome_registry import COMPARED
from sim.experiment.precision import PAIRS_AT_ONCE, Precision, StoppingRule
from sim.experiment.published import Worlds, reproduce, reproduced_table, worlds_as_variants
from sim.experiment.replicates import Replicates, with_line_lists
from sim.experiment.run_folder import write_comparison, write_csv, write_run
from sim.experiment.run_store import RunStore
from sim.experiment.same_runs import same_policies
from sim.experiment.tables import summary_table
from sim.view.answers.closing_text import comparison_table, summary
from sim.view.figures import write_figures, write_policy_figures
from sim.view.published import draw_published, published_table
from sim.view.style import save_all


@click.command()
@options.files
@click.option(
    "--baseline",
    type=click.Path(path_type=Path),
    help="What the others are compared with; may be one of FILES.  [default: the first]",
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
    "precision",
    multiple=True,
    metavar="OUTCOME=HALF_WIDTH",
    help="End as soon as the 95 % interval of the mean difference of OUTCOME is so narrow for "
    "every scenario, e.g. imported_confirmed=5. Repeatable.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for the results, and for the runs that need not be done again. "
    "[default: results/NAME; results/comparison for several files]",
)
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
    precision: tuple[str, ...],
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
    paths = _baseline_first(files, baseline)
    scenarios = load_all(paths, settings, strict=strict)
    refuse_equal_names(scenarios)
    several = len(scenarios) > 1
    if not several and (precision or click.get_current_context().info_name == "compare"):
        raise Refused("a comparison needs two scenarios; for one, use bordersim run")
    wanted = [read_precision(text) for text in precision]
    # With other settings it is another study.
    studies = {} if settings else load_studies(paths, settings, scenarios)
    with options.options_refused():
        members = paired_members_of(scenarios, Choice(replicates, seed, ensemble))
    notes = [runs.note for runs in members]
    policies = [
        Variant(scenario.name, scenario, runs.members)
        for scenario, runs in zip(scenarios, members, strict=True)
    ]
    out = options.results_folder(out, "comparison" if several else scenarios[0].name)
    folders = [out / scenario.name for scenario in scenarios] if several else [out]
    for folder in folders:
        refuse_unwritable(folder)
    with opened_runs(out) as store:
        warn_of_same_policies(same_policies(policies))
        campaign = Campaign(policies, store)
        asked = [*policies, *worlds_as_variants(chain.from_iterable(studies.values()))]
        rule = StoppingRule(campaign, wanted)
        interrupted = False
        try:
            run_campaign(Campaign(asked, store), workers, executor, PAIRS_AT_ONCE, rule.enough)
        except KeyboardInterrupt:
            if several:
                raise
            interrupted = True
        rule.enough()
        published, targets = list[RenderableType](), read_targets().targets
        for number, (folder, note) in enumerate(zip(folders, notes, strict=True)):
            done = replace(campaign.replicates(number, rule.pairs), interrupted=interrupted)
            if linelist and not interrupted:
                done = _with_line_lists(done, workers)
            write_run(
                done,
                folder,
                command=command_line(),
                started=started,
                runs=note,
                with_line_list=linelist,
            )
            write_figures(done, targets, folder)
            if not interrupted and (worlds := studies.get(done.scenario.name)):
                published += _reproduce(done, worlds, folder, store, workers)
        if several:
            comparison = Comparison(campaign, rule.pairs)
            _write_comparison(comparison, out, started, notes, wanted)
            if as_json and comparison.pairs:
                print_as_json(comparison.differences_table())
            answer = [comparison_table(comparison, everything, out)] if comparison.pairs else []
        else:
            if as_json and done.results:
                print_as_json(summary_table(done))
            answer = [summary([done], everything, out)] if done.results else []
        if not as_json:
            for note in dict.fromkeys(notes):
                click.echo(f"runs: {note}")
            print_tables([*published, *answer])
        code = report_failed_runs(campaign)
        if interrupted:
            raise KeyboardInterrupt
    sys.exit(code)


def _baseline_first(files: Sequence[Path], baseline: Path | None) -> list[Path]:
    """Return the files with the one that the others are compared with first."""
    if baseline is None:
        return list(files)
    return [baseline, *(path for path in files if path.resolve() != baseline.resolve())]


def read_precision(text: str) -> Precision:
    """Return the precision in a text such as ``imported_confirmed=5``.

    Raises:
        Refused: it names no outcome that policies are compared by, or no positive number.
    """
    outcome, _, value = text.partition("=")
    allowed = f"OUTCOME=HALF_WIDTH with one of {', '.join(COMPARED)}"
    try:
        half_width = float(value)
    except ValueError:
        half_width = 0.0
    if outcome not in COMPARED or not half_width > 0:
        raise Refused(f"--until-precision: cannot be used [allowed: {allowed}] (got {text!r})")
    return Precision(outcome, half_width)


def _with_line_lists(done: Replicates, workers: int) -> Replicates:
    try:
        return with_line_lists(done, workers=workers)
    except RuntimeError as error:
        raise Incomplete(f"failed: {done.scenario.name}: {error}") from error


def _write_comparison(
    comparison: Comparison,
    out: Path,
    started: dt.datetime,
    notes: Sequence[str],
    wanted: Sequence[Precision],
) -> None:
    write_comparison(
        comparison, out, command=command_line(), started=started, notes=notes, wanted=wanted
    )
    if comparison.pairs:
        write_policy_figures(comparison, out)


def _reproduce(
    done: Replicates, worlds: Sequence[Worlds], folder: Path, store: RunStore, workers: int
) -> list[RenderableType]:
    """Write what a publication prints of a scenario beside what it gives; return the table.

    Raises:
        Incomplete: a run failed.
    """
    study = done.scenario.published
    assert study is not None
    try:
        rows = reproduce(worlds, store, workers=workers)
    except RuntimeError as error:
        name = done.scenario.name
        message = f"failed: {name}, a published number: {error}; the rest is in {folder}"
        raise Incomplete(message) from error
    write_csv(folder / "published.csv", [reproduced_table(rows)])
    save_all({"published": draw_published(study, rows)}, folder)
    return [published_table(study, rows)]
