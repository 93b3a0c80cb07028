"""Which parameters and random numbers the runs of a command have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.exits import Refused
from sim.experiment.ensemble import EnsembleError, Member, read_ensemble, seeds_only
from sim.scenario.schema import Scenario
from sim.shipped import shipped_ensembles
from sim.world.draws import Stream

NO_ENSEMBLE = "none"

_REPLICATES, _SEED = 50, 1


@dataclass(frozen=True)
class Choice:
    """What the user says about the runs of a scenario.

    Attributes:
        replicates: number of runs; None takes all pairs of the ensemble, or 50 seeds without one.
        seed: seed of the first run, without an ensemble; None is 1.
        ensemble: a file, ``none``, or None for the ensemble that the scenario names.
        settings: the settings ``path=value`` of the command line.
    """

    replicates: int | None = None
    seed: int | None = None
    ensemble: str | None = None
    settings: Sequence[str] = ()


@dataclass(frozen=True)
class Members:
    """The runs of a scenario.

    Attributes:
        members: parameters and random numbers of each.
        note: where they come from, in a sentence.
    """

    members: list[Member]
    note: str


def members_of(scenario: Scenario, choice: Choice) -> Members:
    """Return the runs of ``scenario`` that a command is asked for.

    Raises:
        Refused: the ensemble cannot be used, or the options contradict each other.
    """
    path = ensemble_file(scenario, choice)
    if path is None:
        count = _REPLICATES if choice.replicates is None else choice.replicates
        first = _SEED if choice.seed is None else choice.seed
        note = f"{count} seeds from {first} on, parameters as in the file"
        return Members(seeds_only(first, count), note)
    if choice.seed is not None:
        raise Refused(
            f"--seed: {scenario.name} runs the pairs of parameters and seeds of an ensemble; "
            "use --ensemble none for seeds of your own"
        )
    paths = [setting.partition("=")[0].strip() for setting in choice.settings]
    try:
        ensemble = read_ensemble(path)
        members = ensemble.for_scenario(scenario, paths)
    except EnsembleError as error:
        raise Refused(f"--ensemble: {error}") from error
    if choice.replicates is not None and choice.replicates > len(members):
        raise Refused(
            f"--replicates: the ensemble has {len(members)} pairs [allowed: 1 to {len(members)}, "
            f"or --ensemble none] (got {choice.replicates})"
        )
    members = members[: choice.replicates]
    note = f"{len(members)} fitted pairs of parameters and seeds"
    if left := ensemble.overridden(scenario, paths):
        note += f"; as the scenario says: {', '.join(left)}"
    return Members(members, note)


def paired_members_of(scenarios: Sequence[Scenario], choice: Choice) -> list[Members]:
    """Return the runs of each scenario, the same pairs for all of them.

    Raises:
        Refused: see ``members_of``; or the scenarios would not run the same pairs.
    """
    of_all = [members_of(scenario, choice) for scenario in scenarios]
    for scenario, runs in zip(scenarios, of_all, strict=True):
        if _luck(runs) != _luck(of_all[0]):
            raise Refused(
                f"{scenario.name} and {scenarios[0].name} do not run the same pairs of parameters "
                "and seeds; use --ensemble FILE, or --ensemble none, for both"
            )
    return of_all


def _luck(runs: Members) -> list[tuple[int, Mapping[tuple[Stream, int], int]]]:
    return [(member.seed, member.refreshed) for member in runs.members]


def ensemble_file(scenario: Scenario, choice: Choice) -> Path | None:
    """Return the file of the ensemble that a command is to use, or None for none.

    Raises:
        Refused: the scenario names an ensemble that is not shipped.
    """
    if choice.ensemble == NO_ENSEMBLE:
        return None
    if choice.ensemble is not None:
        return Path(choice.ensemble)
    if scenario.ensemble is None:
        return None
    shipped = shipped_ensembles()
    if scenario.ensemble not in shipped:
        raise Refused(
            f"{scenario.name}: no shipped ensemble is called '{scenario.ensemble}' [allowed: "
            f"{', '.join(shipped)}]; use --ensemble FILE for one of your own"
        )
    return shipped[scenario.ensemble]
