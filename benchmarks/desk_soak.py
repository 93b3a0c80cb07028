"""``python -m benchmarks.desk_soak``: random users, and a server that is killed, for an hour.

Users change levers, pin, take files away, and open and close pages, over HTTP as a page does. The
server is killed at random in the first third of the time, and then left alone, so that its memory
can be judged. A fault is printed as a sentence, and the exit code is 1 if there is one.
"""

import random
import re
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import click
import numpy as np
import psutil

import sim
from benchmarks.desk_soak_users import Account, Shown, User
from sim.app.answers import CURVES
from sim.app.engine import STAGES
from sim.experiment.campaign import PURPOSE, STORE, Campaign
from sim.experiment.run_store import RunStore
from sim.view.answers.sentences import policy_sentence
from sim.view.answers.tables import differences_of_one
from sim.view.outcome_words import one_of

ROOT = Path(__file__).parents[1]
_BASELINE = ROOT / "scenarios" / "baseline.yaml"
_KILLED_UNTIL = 1 / 3
"""Share of the time in which the server is killed."""
_WARM_UP = 1 / 4
"""Share of the rest that does not count for the memory."""
_MOST_GROWTH = 1.1
_SAMPLE_SECONDS = 2.0
_JOIN = 60.0
"""Seconds after which a user must have ended."""
_STATISTICS = ("q05", "q25", "median", "q75", "q95", "median_low_95", "median_high_95")
_BANDS = (0.05, 0.25, 0.5, 0.75, 0.95)


class Server:
    """The command ``bordersim app`` in a process of its own, which can be killed.

    Args:
        folder: where it keeps everything.
        pairs: of runs per policy.
        account: where faults go.
    """

    def __init__(self, folder: Path, pairs: int, account: Account) -> None:
        self.token = secrets.token_hex(8)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._folder, self._pairs, self._account = folder, pairs, account
        self._runs = 0
        self.log = folder.with_name("server.log")

    def start(self) -> None:
        """Start it, and wait until it lets users in.

        Raises:
            RuntimeError: it has ended, or takes more than five minutes.
        """
        command = [sys.executable, "-m", "sim", "app", str(_BASELINE), "--port", str(self.port)]
        command += ["--token", self.token, "--no-browser", "--replicates", str(self._pairs)]
        with self.log.open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*command, "--out", str(self._folder)], cwd=ROOT, stdout=log, stderr=log
            )
        end = time.monotonic() + 300
        while True:
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the server does not start:\n{self.log.read_text('utf-8')}")
            try:
                socket.create_connection(("127.0.0.1", self.port), 5).close()
                break
            except OSError:
                time.sleep(0.1)
        self._account.lives += 1
        self._account.is_up.set()

    def kill(self) -> None:
        """Kill it as the power would; its worker processes must end by themselves."""
        workers = self._workers()
        self._account.is_up.clear()
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        _, alive = psutil.wait_procs(workers, timeout=30)
        for worker in alive:
            self._account.fault(f"30 s after a kill, worker process {worker.pid} still runs")
            worker.kill()
        self.count_runs()

    def kill_a_worker(self) -> None:
        """Kill one of its worker processes, whose work another one has to do."""
        workers = self._workers()
        if workers:
            random.choice(workers).kill()

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        self._account.is_up.clear()
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._account.fault("60 s after Ctrl-C the server still runs")
            self.kill()
        self.count_runs()

    def memory(self) -> tuple[float, float]:
        """Return the resident memory of the server, and of its worker processes, in MiB."""
        of = [_resident(psutil.Process(self._process.pid))]
        of += [_resident(worker) for worker in self._workers()]
        return of[0], sum(of[1:])

    def count_runs(self) -> None:
        """Count the runs in the store, which is locked while the server runs."""
        with RunStore.open(self._folder / STORE, purpose=PURPOSE) as store:
            runs = len(store)
        if runs < self._runs:
            self._account.fault(f"the store had {self._runs} runs, and now has {runs}")
        self._runs = runs
        click.echo(f"the store has {runs:,} runs")

    def size(self) -> float:
        """Return the MiB of the store on the disk."""
        return sum(path.stat().st_size for path in self._folder.glob(f"{STORE}*")) / 2**20

    def _workers(self) -> list[psutil.Process]:
        children: list[psutil.Process] = psutil.Process(self._process.pid).children(recursive=True)
        return children


def _resident(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss) / 2**20
    except psutil.Error:
        return 0.0


class Watch:
    """Looks at store and memory every few seconds, and prints a line every minute."""

    def __init__(self, server: Server, account: Account) -> None:
        self._server, self._account = server, account
        self._begun = time.monotonic()
        self._minute = 0
        self.memory: list[tuple[float, float, float]] = []
        """Seconds since the begin, and MiB of server and worker processes."""

    def look(self) -> None:
        """Take a sample."""
        seconds = time.monotonic() - self._begun
        self.memory.append((seconds, *self._server.memory()))
        if seconds >= 60 * (self._minute + 1):
            self._minute += 1
            latest = [of[1:] for of in self.memory if of[0] > seconds - 60]
            server, workers = (statistics.median(of) for of in zip(*latest, strict=True))
            counts = self._account.counts
            click.echo(
                f"minute {self._minute:3}: server {server:6.0f} MiB, workers {workers:6.0f} MiB, "
                f"store {self._server.size():5.0f} MiB, {counts['answers']:6,} answers, "
                f"{counts['change: 200']:5,} changes accepted, "
                f"{counts['change: 422'] + counts['change: 400']:4,} refused, "
                f"{self._account.lives - 1:3} kills"
            )

    def judge(self, calm_since: float) -> None:
        """Compare the last third of the calm time with the first, after the warm-up."""
        end = self.memory[-1][0]
        begin = calm_since + _WARM_UP * (end - calm_since)
        third = (end - begin) / 3
        for place, name in ((1, "server"), (2, "worker processes")):
            first, last = (
                statistics.median(of[place] for of in self.memory if low <= of[0] <= low + third)
                for low in (begin, end - third)
            )
            click.echo(
                f"memory of the {name}: first third {first:.0f} MiB, last {last:.0f} MiB "
                f"({last / first - 1:+.1%}) in {(end - begin) / 60:.1f} minutes without a kill"
            )
            if last > _MOST_GROWTH * first:
                self._account.fault(f"the memory of the {name} grows: {first:.0f}, {last:.0f} MiB")


def check_answer(shown: Shown, account: Account, folder: Path, store: RunStore) -> None:
    """Recompute an answer from the files of that moment, and compare every shown number.

    Its runs must be in the store of the desk, whatever was killed since then.
    """
    if shown.digest not in account.texts:
        account.fault(f"an answer of a policy that nobody sent was shown: {shown.digest}")
        return
    text, base_text = account.texts[shown.digest]
    (folder / "baseline.yaml").write_text(_BASELINE.read_text("utf-8"), "utf-8")
    (folder / "assumed.yaml").write_text(base_text, "utf-8")
    (folder / "policy.yaml").write_text(text, "utf-8")
    base = "assumed.yaml" if base_text else "baseline.yaml"
    answer = shown.answer
    asked = next(
        (of for group in STAGES for of in group if answer["pairs"] <= of < answer["total"]),
        answer["total"],
    )
    asked = answer["total"] if answer["is_last"] else asked
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # values without effect, policies that change nothing
        found = sim.compare(
            [folder / base, folder / "policy.yaml"], replicates=asked, folder=folder / "runs"
        )
    if not Campaign(found.campaign.variants, store).is_done(asked):
        account.fault(f"the store lacks runs of {asked} shown pairs of the policy\n{text}")
    expected: dict[str, Any] = {
        "pairs": found.pairs,
        "sentence": policy_sentence(found, 1),
        "table": [
            [name, before.text, of.text, list(of.notes), of.chance]
            for name, before, of in differences_of_one(found)
        ],
    }
    given = {
        "pairs": answer["pairs"],
        "sentence": answer["sentence"],
        "table": [
            [of["name"], of["before"], of["text"], of["notes"], of["chance"]]
            for of in answer["outcomes"]
        ],
    }
    for outcome in answer["outcomes"]:
        name = outcome["name"]
        statistic = found.statistics(1, name)
        of_name = {key: getattr(statistic, key) / one_of(name) for key in _STATISTICS}
        of_name |= {"lower": statistic.lower, "higher": statistic.higher}
        expected[name] = {key: of if np.isfinite(of) else None for key, of in of_name.items()}
        given[name] = {key: outcome[key] for key in of_name}
    for series in CURVES:
        curves = [found.curves(of, series) for of in (0, 1)]
        if any(of.any() for of in curves):
            bands = [np.quantile(of, _BANDS, axis=0).round(2).tolist() for of in curves]
            expected[series] = bands
            given[series] = next(
                ([of["before"], of["after"]] for of in answer["curves"] if of["series"] == series),
                None,
            )
    for key, of_key in expected.items():
        if given[key] != of_key:
            account.fault(
                f"an answer of {answer['pairs']} pairs differs in {key}: shown {given[key]}, "
                f"recomputed {of_key}, of the policy\n{text}"
            )


def use(server: Server, account: Account, seconds: float, users: int) -> list[User]:
    """Let users in for some time, and kill the server now and then in its first third."""
    server.start()
    try:
        watch = Watch(server, account)
        people = [User(number, server.port, server.token, account) for number in range(users)]
        for user in people:
            user.start()
        calm_since = _disturb(server, watch, account, seconds)
        account.ending.set()
        for user in people:
            user.join(_JOIN)
        watch.look()
        watch.judge(calm_since)
    finally:
        server.stop()
    return people


def _disturb(server: Server, watch: Watch, account: Account, seconds: float) -> float:
    """Kill the server now and then; return the seconds after which it was left alone."""
    begun = time.monotonic()
    chance = random.Random(0)
    pause = min(90.0, seconds * _KILLED_UNTIL / 6)
    next_kill = begun + pause
    calm_since = seconds * _KILLED_UNTIL
    while (now := time.monotonic()) < begun + seconds:
        watch.look()
        if now >= next_kill and now < begun + seconds * _KILLED_UNTIL:
            if chance.random() < 0.3:
                account.counts["killed workers"] += 1
                server.kill_a_worker()
            else:
                server.kill()
                server.start()
            calm_since = max(calm_since, time.monotonic() - begun)
            next_kill = time.monotonic() + pause * chance.uniform(0.3, 1.7)
        time.sleep(_SAMPLE_SECONDS)
    return calm_since


@click.command()
@click.option("--minutes", default=60.0, show_default=True, type=click.FloatRange(min=1))
@click.option("--users", default=4, show_default=True, type=click.IntRange(1, 15))
@click.option("--pairs", default=100, show_default=True, help="Runs per policy.")
@click.option("--samples", default=30, show_default=True, help="Answers that are recomputed.")
def main(minutes: float, users: int, pairs: int, samples: int) -> None:
    """Soak the policy desk with random users, and check memory, runs, pins and numbers."""
    account = Account()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Server(folder / "desk", pairs, account)
        people = use(server, account, 60 * minutes, users)
        log = server.log.read_text("utf-8")
        errors = Counter(re.findall(r"^[\w.]*(?:Error|Exception)\b.*$", log, re.MULTILINE))
        for error, times in errors.items():
            account.fault(f"the server wrote {times} times: {error[:300]}")
        for count_of, count in sorted(account.counts.items()):
            click.echo(f"{count_of}: {count:,}")
        shown = [sample for user in people for sample in user.samples]
        chosen = random.Random(0).sample(shown, min(samples, len(shown)))
        (folder / "again").mkdir()
        with RunStore.open(folder / "desk" / STORE, purpose=PURPOSE) as store:
            for sample in chosen:
                check_answer(sample, account, folder / "again", store)
        click.echo(f"{len(chosen)} answers recomputed from their files")
    if account.faults:
        click.echo(f"{len(account.faults)} faults; the first: {account.faults[0]}")
        sys.exit(1)
    click.echo("no fault")


if __name__ == "__main__":
    main()
