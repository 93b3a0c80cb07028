"""The command ``bordersim``.

Exit codes: 0 done, 1 internal error, 2 input refused, 3 some runs failed or could not be brought to
their end (the results of the others are kept), 130 interrupted.
"""

import os
import signal
import sys
from collections.abc import Sequence

import click

import sim
from sim.cli.encodings import accept_every_letter
from sim.cli.fit import calibrate
from sim.cli.policies import compare
from sim.cli.results import export, inspect, report, status
from sim.cli.scenarios import init, run, schema, validate
from sim.cli.shell import completion
from sim.cli.show import show
from sim.cli.sweeps import discover, sensitivity, sweep
from sim.exits import DONE, INTERNAL, INTERRUPTED

_COMMANDS = (
    run,
    compare,
    sweep,
    sensitivity,
    discover,
    calibrate,
    report,
    show,
    validate,
    status,
    inspect,
    export,
    schema,
    init,
    completion,
)


class _Unread(Exception):
    """Anyone who read our output has gone."""


class _Commands(click.Group):
    """Commands whose output may be left unread; click would call that an error."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _Unread from error


@click.group(
    cls=_Commands, commands=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
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
