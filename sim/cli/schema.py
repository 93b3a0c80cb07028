"""``bordersim schema``."""

import json

import click

from sim.scenario import json_schema


@click.command()
def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    click.echo(json.dumps(json_schema.scenario_schema(), indent=2))
