"""The command ``bordersim``.

Exit codes: 0 done, 1 internal error, 2 input refused, 3 some runs failed or could not be brought to
their end (the results of the others are kept), 130 interrupted.
"""

import os
import signal
import sys
from collections.abc import Sequence
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


def loaded(name: str) -> click.Command:
    """Return a command by its name; its file is imported only now."""
    file = _FILES.get(name, name)
    command: click.Command = getattr(import_module(f"sim.cli.{file}"), file)
    return command


class _Commands(click.Group):
    """Commands that the help and completion know by their summaries, and a call loads."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, summary, rest = super().resolve_command(ctx, args)
        return name, None if summary is None else loaded(summary.name or ""), rest

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Nobody reads on, which click would call an error. The rest of the output goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return DONE
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:
            # Only now: it knows the errors of all that the help does without.
            from sim.cli.endings import ending_of

            ended = ending_of(error)
            if ended is None:
                raise
            raise ended from error


@click.group(
    cls=_Commands,
    commands=[click.Command(name, help=summary) for name, summary in _SUMMARIES.items()],
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
            cli.main(arguments, prog_name="bordersim", standalone_mode=False, obj=arguments)
        finally:
            if ours:
                _end_undisturbed()
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
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
