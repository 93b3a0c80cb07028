"""The reference of the command line, from click."""

from collections.abc import Iterator

import click

from docs.blocks.markdown import code, prose, table
from sim.cli import cli
from sim.exits import MEANINGS


def commands_block() -> str:
    """Return every command with its arguments and options."""
    return "\n\n".join(_commands())


def exits_block() -> str:
    """Return the exit codes and their meanings."""
    return table(
        ["exit code", "meaning"], ([str(number), text] for number, text in MEANINGS.items())
    )


def _commands() -> Iterator[str]:
    yield prose(cli.help or "")
    yield table(["option of `bordersim`", "meaning"], _options(cli, "bordersim"))
    for name, command in sorted(cli.commands.items()):
        yield f"## bordersim {name}"
        context = click.Context(command, info_name=f"bordersim {name}")
        yield code(" ".join([context.command_path, *command.collect_usage_pieces(context)]))
        yield prose(command.help or "")
        if rows := _options(command, name):
            yield table(["option", "meaning"], rows)


def _options(command: click.Command, name: str) -> list[list[str]]:
    rows = []
    context = click.Context(command, info_name=name)
    for option in command.get_params(context):
        record = option.get_help_record(context)
        if isinstance(option, click.Option) and record and "--help" not in option.opts:
            rows.append([code(record[0]), record[1]])
    return rows
