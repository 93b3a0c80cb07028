"""The reference of the command line, from click."""

from collections import Counter
from collections.abc import Iterator

import click

from docs.blocks.markdown import code, prose
from sim.cli.command import cli, loaded
from sim.exits import MEANINGS


def commands_block() -> str:
    """Return every command with its arguments and options; those of several commands once."""
    commands = {name: loaded(name) for name in sorted(cli.commands)}
    options = {name: dict(_options(command)) for name, command in commands.items()}
    often = Counter(pair for of in options.values() for pair in of.items())
    shared = dict(sorted(pair for pair, times in often.items() if times > 1))
    parts = [prose(cli.help or ""), _listed(dict(_options(cli)))]
    parts += ["## Options of several commands", _listed(shared)]
    for name, command in commands.items():
        own = {option: text for option, text in options[name].items() if shared.get(option) != text}
        also = [code(option.split(" ")[0]) for option in options[name] if option not in own]
        usage = command.collect_usage_pieces(click.Context(command))
        parts += [f"## bordersim {name}", code(" ".join(["bordersim", name, *usage]))]
        parts += [prose(command.help or ""), _listed(own)]
        parts += [f"Also {', '.join(also)}."] if also else []
    return "\n\n".join(filter(None, parts))


def exits_block() -> str:
    """Return the exit codes and their meanings."""
    return "\n".join(f"- {number}: {text}" for number, text in MEANINGS.items())


def _listed(options: dict[str, str]) -> str:
    return "\n".join(f"- {code(option)}: {prose(text)}" for option, text in options.items())


def _options(command: click.Command) -> Iterator[tuple[str, str]]:
    """Yield how each option is written, and what it does."""
    context = click.Context(command)
    for option in command.get_params(context):
        record = option.get_help_record(context)
        if isinstance(option, click.Option) and record and "--help" not in option.opts:
            yield record
