"""The command ``bordersim``.

Exit codes: 0 done, 1 internal error, 2 input refused, 3 some runs failed or could not be brought to
their end (the results of the others are kept), 130 interrupted.
"""

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module

import click

import sim
from sim.cli.encodings import accept_every_letter
from sim.exits import DONE, INTERNAL, INTERRUPTED

_SUMMARIES = {
    "run": "Simulate scenarios, and compare several on paired runs.",
    "compare": "The same as run, for two scenarios or more.",
    "sweep": "Run a scenario at many values of what a sweep file varies.",
    "sensitivity": "Show which factors of a finished sweep matter.",
    "discover": "Find conditions under which one policy outperforms another.",
    "calibrate": "Fit a scenario to reported counts.",
    "app": "Open a page on which policies are changed by hand.",
    "report": "Write an HTML report of a run, comparison or sweep.",
    "show": "Draw the corridor of a scenario file.",
    "validate": "Check files and report every problem.",
    "status": "Show how many runs FOLDER holds, and how many failed.",
    "inspect": "Show what the store in FOLDER holds, and why runs failed.",
    "export": "Write the outcomes or all tables in FOLDER to one file.",
    "schema": "Print the JSON Schema of scenario files, for editors.",
    "init": "Copy the shipped scenarios to FOLDER.",
    "completion": "Print a script for completion in SHELL.",
}
"""What each command does, for the help, which loads none of them; the file has its name."""

_FILES = {"compare": "run"}
"""The file of a command, where it has another name."""


class _Unread(Exception):
    """Anyone who read our output has gone."""


class _Loaded(Mapping[str, click.Command]):
    """The commands by name, each imported when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        if name not in _SUMMARIES:
            raise KeyError(name)
        file = _FILES.get(name, name)
        command: click.Command = getattr(import_module(f"sim.cli.{file}"), file)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(_SUMMARIES)

    def __len__(self) -> int:
        return len(_SUMMARIES)


class _Commands(click.Group):
    """Commands that are loaded when they are called, and whose output may be left unread."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a stand-in that the help and completion show."""
        summary = _SUMMARIES.get(cmd_name)
        return None if summary is None else click.Command(cmd_name, help=summary)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_SUMMARIES)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, stand_in, rest = super().resolve_command(ctx, args)
        return name, None if stand_in is None else self.commands[stand_in.name or ""], rest

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            # Click would call that an error.
            raise _Unread from error


@click.group(
    cls=_Commands,
    commands=_Loaded(),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(sim.__version__, package_name="bordersim")
@click.option("--debug", is_flag=True, help="Show the traceback of an internal error.")
def cli(debug: bool) -> None:
    """Simulate disease crossing a land border, and compare border policies."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit with its code.

    Args:
        arguments: None takes those of the process, and with them its signals and streams.
    """
    ours = arguments is None
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if ours:
        accept_every_letter()
        _end_as_with_ctrl_c()
    try:
        try:
            cli.main(arguments, prog_name="bordersim", standalone_mode=False)
        finally:
            if ours:
                _end_undisturbed()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    except _Unread:
        # That is their choice. What is still in the buffer goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)
    except Exception as error:
        if "--debug" in arguments:
            raise
        click.echo(
            f"internal error: {type(error).__name__}: {error}\n"
            "This is a bug: please report it with what `bordersim --debug ...` prints.",
            err=True,
        )
        sys.exit(INTERNAL)


def _end_as_with_ctrl_c() -> None:
    """Take a request to end, or the end of the terminal, for Ctrl-C: what is done is kept.

    What is ignored stays so: that is how ``nohup`` lets a program outlive its terminal.
    """
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def _end_undisturbed() -> None:
    """Ignore a second Ctrl-C: there is no more to interrupt but the last words."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
