"""The command ``bordersim``.

Exit codes: 0 done, 1 internal error, 2 input refused, 3 some runs failed (the results of the
others are kept), 130 interrupted.
"""

import sys
from collections.abc import Sequence

import click

import sim
from sim.cli.fit import calibrate
from sim.cli.policies import break_even, compare
from sim.cli.results import export, inspect, report, status
from sim.cli.scenarios import init, run, schema, validate
from sim.cli.sweeps import sensitivity, sweep
from sim.exits import DONE, INTERNAL, INTERRUPTED

_COMMANDS = (
    run,
    compare,
    sweep,
    sensitivity,
    break_even,
    calibrate,
    report,
    validate,
    status,
    inspect,
    export,
    schema,
    init,
)


@click.group(commands=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(sim.__version__, package_name="bordersim")
@click.option("--debug", is_flag=True, help="Show the traceback of an internal error.")
def cli(debug: bool) -> None:
    """Simulate disease crossing a land border, and compare border policies."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and exit with its code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        cli.main(arguments, prog_name="bordersim", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone; that is their choice.
        sys.stderr.close()
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
