"""What ``bordersim break-even`` does once its arguments are understood."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from sim.commands.output import refuse_unwritable, report_failures, writing_to
from sim.commands.progress import progress_of_runs
from sim.exits import DONE, INTERRUPTED, SOME_FAILED, Refused
from sim.experiment.break_even import BreakEven, break_even, why_not
from sim.experiment.members import Members
from sim.experiment.run_folder import write_csv
from sim.scenario.schema import Scenario
from sim.view.break_even import draw_break_even, draw_deterrence_and_detection
from sim.view.figures import save_all


@dataclass(frozen=True)
class BreakEvenRequest:
    """What to vary in which scenario, and where the results go.

    Attributes:
        scenario: has a border and rewards.
        rewards: multiples of its rewards.
        responses: values of ``border.informants.b1``.
        worth: CNY that an averted infection is worth.
        out: folder for the results.
        runs: parameters and random numbers of the runs of each combination.
        workers: processes, 0 for one a core.
    """

    scenario: Scenario
    rewards: Sequence[float]
    responses: Sequence[float]
    worth: float
    out: Path
    runs: Members
    workers: int


def read_list(text: str, option: str, low: float, high: float) -> list[float]:
    """Return the numbers in a text such as ``0.3,1,3``, each once and ascending.

    Args:
        text: what the user wrote.
        option: its name, for the message.
        low: least number allowed.
        high: greatest number allowed.

    Raises:
        Refused: something is no number, or out of range.
    """
    try:
        numbers = sorted({float(part) for part in text.split(",")})
    except ValueError:
        numbers = []
    if not numbers or not all(low <= number <= high for number in numbers):
        allowed = f"numbers from {low:g} to {high:g} with commas between them"
        raise Refused(f"{option}: cannot be used [allowed: {allowed}] (got {text!r})")
    return numbers


def run_break_even(request: BreakEvenRequest) -> int:
    """Run the grid, write ``break_even.csv`` and the figures, and say where they are.

    Returns:
        The exit code.

    Raises:
        Refused: the scenario has no border or rewards, or the folder cannot be written.
        Incomplete: the disk is full, for instance.
    """
    if reason := why_not(request.scenario):
        raise Refused(f"{request.scenario.name}: break-even needs rewards for informants: {reason}")
    refuse_unwritable(request.out)
    runs = (len(request.rewards) * len(request.responses) + 1) * len(request.runs.members)
    with progress_of_runs() as progress:
        task = progress.add_task(request.scenario.name, total=runs)
        result = break_even(
            request.scenario,
            request.rewards,
            request.responses,
            members=request.runs.members,
            workers=request.workers,
            on_progress=lambda runs: progress.advance(task, runs),
        )
    if result.cells:
        with writing_to(request.out):
            _write(result, request)
    return _report(result)


def _write(result: BreakEven, request: BreakEvenRequest) -> None:
    table = result.table(request.worth)
    write_csv(request.out / "break_even.csv", [table])
    figures = {
        "break_even": draw_break_even(result, request.worth),
        "deterrence_and_detection": draw_deterrence_and_detection(result),
    }
    save_all(figures, request.out)
    pays = int((table["net_benefit_cny"] > 0).sum())
    click.echo(
        f"the reward pays for itself in {pays} of {len(table)} combinations of size and response "
        f"if an averted infection is worth {request.worth:,.0f} CNY"
    )
    click.echo("nobody has measured the response of informants: it is swept, not calibrated")
    click.echo(f"table and figures: {request.out}")


def _report(result: BreakEven) -> int:
    """Say what went wrong, and return the exit code."""
    report_failures([(name, f.seed, f.reason) for name, f in result.failures])
    if result.interrupted:
        finished = len(result.cells)
        click.echo(f"interrupted: the {finished} combinations with runs are written", err=True)
        return INTERRUPTED
    return SOME_FAILED if result.failures else DONE
