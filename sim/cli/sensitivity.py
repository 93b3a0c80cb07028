"""``bordersim sensitivity``: which factors the outcomes of a finished sweep depend on."""

from pathlib import Path

import click

from sim.cli import options
from sim.cli.kept_runs import opened_sweep
from sim.cli.output import print_as_json
from sim.cli.reading import load_plan
from sim.exits import Refused
from sim.experiment.run_folder import write_csv
from sim.experiment.sweep.sensitivity import sensitivity_table
from sim.view.answers.sweep_sentences import sensitivity_text


@click.command()
@options.file
@options.ensemble
@options.settings
@options.out_of_sweep
@options.as_json
def sensitivity(
    file: Path, ensemble: str | None, settings: tuple[str, ...], out: Path | None, as_json: bool
) -> None:
    """Show which factors of a finished sweep matter."""
    plan = load_plan(file, settings)
    out = out or Path("results", plan.sweep.name)
    with opened_sweep(plan, ensemble, out) as results:
        summary = results.summary()
    table = sensitivity_table(plan, summary) if len(summary) else summary
    if table.empty:
        raise Refused(f"no point of {plan.path} has been run; first: {plan.command}")
    write_csv(out / "sensitivity.csv", [table])
    if as_json:
        print_as_json(table)
    else:
        click.echo(sensitivity_text(plan, table))
        click.echo(f"table: {out / 'sensitivity.csv'}")
