"""``bordersim app``: the policy desk, a page on which policies are changed and compared."""

import secrets
import socket
import webbrowser
from pathlib import Path

import click

from sim.cli import options
from sim.cli.kept_runs import opened_runs
from sim.exits import Refused
from sim.scenario.reading.errors import ScenarioError
from sim.shipped import shipped_scenarios


@click.command()
@click.argument("scenario", required=False, type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port",
    default=8642,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="0: any free one.",
)
@click.option("--token", help="What the link has to say.  [default: a new random one]")
@click.option("--no-browser", is_flag=True, help="Only print the link.")
@click.option(
    "--replicates",
    type=click.IntRange(1, 1_000_000),
    help="Pairs of runs at most.  [default: all of the ensemble; 50 without one]",
)
@options.workers
@click.option(
    "--out",
    default=Path("results", "desk"),
    show_default=True,
    type=click.Path(path_type=Path),
    help="Folder for runs and pinned policies; nothing else is written.",
)
def app(
    scenario: Path | None,
    host: str,
    port: int,
    token: str | None,
    no_browser: bool,
    replicates: int | None,
    workers: int,
    out: Path,
) -> None:
    """Open a page on which policies are changed by hand.

    SCENARIO is the baseline, by default the shipped one. The page shows what a policy changes
    against it, on the same pairs of runs and with the same numbers as bordersim compare. It asks
    for nothing outside this machine; only who has the printed link can open it.
    """
    try:
        from sim.app.serving import link_of, served
    except ImportError as error:
        raise Refused("the page needs the extra: pip install 'bordersim[app]'") from error
    if token is not None and len(token) < 8:
        raise Refused("--token: too short to be a secret [allowed: 8 characters or more]")
    path = shipped_scenarios() / "baseline.yaml" if scenario is None else scenario
    listening = _listening(host, port)
    port = listening.getsockname()[1]
    token = token or secrets.token_urlsafe(24)
    link = link_of(host, port, token)
    with opened_runs(out) as store:
        try:
            served(
                path,
                store,
                out,
                listening,
                token,
                host,
                workers=workers,
                replicates=replicates,
                ready=lambda: _say(link, no_browser),
            )
        except ScenarioError as error:
            raise Refused(str(error)) from error


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except (OSError, UnicodeError) as error:
        raise Refused(f"cannot listen at {host}:{port}: {error}") from error
    return listening


def _say(link: str, no_browser: bool) -> None:
    click.echo(f"the policy desk: {link}")
    click.echo("Ctrl-C ends it; pinned policies and finished runs are kept")
    if not no_browser:
        webbrowser.open(link)
