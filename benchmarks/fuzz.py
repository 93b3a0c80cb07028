"""``python -m benchmarks.fuzz``: broken and hostile files, each with a limit of time and memory."""

import itertools
import multiprocessing
import resource
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

_ROOT = Path(__file__).parents[1]
_SUPPORT = _ROOT / "tests" / "support"
if str(_SUPPORT) not in sys.path:
    # The cases are those of the tests.
    sys.path.insert(0, str(_SUPPORT))

from hostile_files import FILES, Case, Verdict, cases_from, make_folder, warm_up  # noqa: E402

SECONDS, SECONDS_A_WORLD, MEGABYTES = 2.0, 0.02, 500
"""What a case may take: processor time, some more for each world of a sweep, and memory."""

_PATIENCE = 600.0
"""Seconds on the clock until a case counts as one that would never end."""

_ROOM = 4 << 30
"""Bytes that a process may have at all, so that no case takes those of the machine."""

_CASES_A_PROCESS = 2000
_TOLD = 500
_SHOWN = 5


@dataclass(frozen=True)
class Result:
    """What a case came to.

    Attributes:
        case: the file and the seed.
        verdict: what the loader made of it.
        megabytes: by how much the peak of the process had grown since it was ready.
    """

    case: Case
    verdict: Verdict
    megabytes: float = 0.0

    @property
    def failure(self) -> str:
        """What is wrong with it, or nothing."""
        if self.verdict.outcome == "failure":
            return self.verdict.words
        if self.verdict.seconds > SECONDS + SECONDS_A_WORLD * self.verdict.worlds:
            return f"took {self.verdict.seconds:.1f} s"
        return f"took {self.megabytes:.0f} MB" if self.megabytes > MEGABYTES else ""


@click.command()
@click.option("--cases", default=2000, show_default=True, type=click.IntRange(1))
@click.option("--first", default=0, show_default=True, help="Seed to begin with.")
@click.option("--replay", nargs=2, metavar="FILE SEED", help="Only this case; show it.")
def main(cases: int, first: int, replay: tuple[str, str] | None) -> None:
    """Load CASES files made of the shipped ones, and say what came of them."""
    with tempfile.TemporaryDirectory() as folder:
        if replay:
            sys.exit(_replay(Case(replay[0], int(replay[1])), Path(folder)))
        chosen = list(itertools.islice(cases_from(first, cases), cases))
        results = []
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            for result in _results(chosen, Path(folder)):
                results.append(result)
                if result.failure:
                    click.echo(f"{_name(result.case)}: {result.failure!r}", err=True)
                if len(results) % _TOLD == 0:
                    click.echo(f"{len(results):,} of {cases:,} cases", err=True)
        except KeyboardInterrupt:
            click.echo("interrupted: this is about the cases that were done", err=True)
    sys.exit(_report(results))


def _replay(case: Case, folder: Path) -> int:
    path, settings = case.write(make_folder(folder / "cases"))
    # No terminal should be asked to show what was made to harm it.
    click.echo(
        path.read_bytes()[:4000]
        .decode("utf-8", "backslashreplace")
        .encode("unicode_escape")
        .decode()
        .replace("\\n", "\n")
    )
    for setting in settings:
        click.echo(f"--set {setting[:200]!r}")
    (result,) = _results([case], folder / "judged")
    return _report([result])


def _results(cases: Sequence[Case], folder: Path) -> Iterator[Result]:
    """Judge cases in a process that is replaced when it hangs, dies or has done many."""
    rest, number = list(cases), 0
    while rest:
        number += 1
        with _judge(folder / str(number)) as ends:
            for _ in range(min(_CASES_A_PROCESS, len(rest))):
                case = rest.pop(0)
                result = _asked(ends, case)
                yield result or Result(case, Verdict("failure", "hung, or its process died"))
                if result is None:
                    break


def _asked(end: Connection, case: Case) -> Result | None:
    try:
        end.send(case)
        return end.recv() if end.poll(_PATIENCE) else None
    except (EOFError, BrokenPipeError):
        return None


@contextmanager
def _judge(folder: Path) -> Iterator[Connection]:
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_judge_all, args=(theirs, folder))
    process.start()
    theirs.close()
    try:
        # It says when it is ready: the first imports take their time.
        ours.recv()
        yield ours
    finally:
        ours.close()
        process.kill()
        process.join()


def _judge_all(end: Connection, folder: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_ROOM, _ROOM))
    make_folder(folder)
    warm_up(folder)
    ready = _peak_megabytes()
    end.send("ready")
    while True:
        try:
            case = end.recv()
        except EOFError:
            return
        verdict = case.judge(folder)
        end.send(Result(case, verdict, _peak_megabytes() - ready))


def _peak_megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def _report(results: Sequence[Result]) -> int:
    """Print the summary, and return the exit code: 1 if a case failed."""
    console = Console(width=100)
    failures = [result for result in results if result.failure]
    outcomes = [result.verdict.outcome for result in results]
    single = [result for result in results if result.verdict.worlds == 1]
    table = Table("", "", title=f"{len(FILES)} files", title_justify="left", show_header=False)
    table.add_row("cases", f"{len(results):,}")
    table.add_row("valid", f"{outcomes.count('valid'):,}")
    table.add_row("refused", f"{outcomes.count('refused'):,}")
    table.add_row("failures", f"{len(failures):,}")
    for title, among in (("slowest", single), ("slowest sweep with points", results)):
        slowest = max(among, key=lambda result: result.verdict.seconds, default=None)
        if slowest is not None:
            table.add_row(f"{title}, s", f"{slowest.verdict.seconds:.2f} ({_name(slowest.case)})")
    largest = max(results, key=lambda result: result.megabytes)
    table.add_row("most memory, MB", f"{largest.megabytes:.0f} (up to {_name(largest.case)})")
    console.print(table)
    kinds = {result.failure[:60]: result for result in reversed(failures)}
    for result in list(kinds.values())[:_SHOWN]:
        click.echo(f"{_name(result.case)}: {result.failure!r}")
    for result in failures:
        click.echo(f"failed: --replay {result.case.file} {result.case.seed}")
    return 1 if failures else 0


def _name(case: Case) -> str:
    return f"{case.file} {case.seed}"


if __name__ == "__main__":
    main()
