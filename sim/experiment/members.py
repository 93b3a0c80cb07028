"""Which parameters and random numbers the runs of a scenario have, for commands and for Python."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.experiment.ensemble import Ensemble, EnsembleError, Member, read_ensemble, seeds_only
from sim.scenario.schema import Scenario
from sim.shipped import shipped_ensembles
from sim.world.draws import Stream

NO_ENSEMBLE = "none"

_REPLICATES, _SEED = 50, 1


class MembersRefused(ValueError):
    """The requested runs are not available.

    Attributes:
        argument: what is wrong, ``seed``, ``replicates`` or ``ensemble``; empty: none of them.
        reason: why, and what to do.
    """

    def __init__(self, argument: str, reason: str) -> None:
        self.argument = argument
        self.reason = reason
        super().__init__(f"{argument}: {reason}" if argument else reason)


@dataclass(frozen=True)
class Choice:
    """What the user says about the runs of a scenario.

    Attributes:
        replicates: number of runs; None takes all pairs of the ensemble, or 50 seeds without one.
        seed: seed of the first run, without an ensemble; None is 1.
        ensemble: fitted pairs, their file, ``none``, or None for the ensemble that the scenario
            names.
        varied: paths that other values than those of the ensemble are set at, such as the
            factors of a sweep.
    """

    replicates: int | None = None
    seed: int | None = None
    ensemble: Ensemble | str | Path | None = None
    varied: Sequence[str] = ()


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
    """Return the runs of ``scenario`` that are asked for.

    Raises:
        MembersRefused: the ensemble cannot be used, or two wishes contradict each other.
    """
    try:
        ensemble = _ensemble(scenario, choice)
        if ensemble is None:
            count = _REPLICATES if choice.replicates is None else choice.replicates
            first = _SEED if choice.seed is None else choice.seed
            note = f"{count} seeds from {first} on, parameters as in the file"
            return Members(seeds_only(first, count), note)
        if choice.seed is not None:
            raise MembersRefused(
                "seed",
                f"{scenario.name} runs the pairs of parameters and seeds of an ensemble; "
                "choose the ensemble 'none' for seeds of your own",
            )
        members = ensemble.for_scenario(scenario, choice.varied)
    except EnsembleError as error:
        raise MembersRefused("ensemble", str(error)) from error
    if choice.replicates is not None and choice.replicates > len(members):
        raise MembersRefused(
            "replicates",
            f"the ensemble has {len(members):,} pairs [allowed: 1 to {len(members):,}, or the "
            f"ensemble 'none'] (got {choice.replicates})",
        )
    members = members[: choice.replicates]
    note = f"{len(members):,} fitted pairs of parameters and seeds"
    if left := ensemble.overridden(scenario, choice.varied):
        note += f"; not from the fit but from the scenario: {', '.join(left)}"
    return Members(members, note)


def paired_members_of(scenarios: Sequence[Scenario], choice: Choice) -> list[Members]:
    """Return the runs of each scenario, the same pairs for all of them.

    Raises:
        MembersRefused: see ``members_of``; or the scenarios would not run the same pairs, or two
            have one name, by which results tell them apart.
    """
    names = [scenario.name for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise MembersRefused(
                "",
                f"{names.count(name)} scenarios have the name '{name}': each needs its own, in its "
                "file or by a setting such as name=shorter_stay",
            )
    of_all = [members_of(scenario, choice) for scenario in scenarios]
    for scenario, runs in zip(scenarios, of_all, strict=True):
        if _random_numbers(runs) != _random_numbers(of_all[0]):
            raise MembersRefused(
                "",
                f"{scenario.name} and {scenarios[0].name} do not run the same pairs of parameters "
                "and seeds; choose one ensemble, or the ensemble 'none', for both",
            )
    return of_all


def _random_numbers(runs: Members) -> list[tuple[int, Mapping[tuple[Stream, int], int]]]:
    return [(member.seed, member.seed_overrides) for member in runs.members]


def _ensemble(scenario: Scenario, choice: Choice) -> Ensemble | None:
    if isinstance(choice.ensemble, Ensemble):
        return choice.ensemble
    if choice.ensemble == NO_ENSEMBLE:
        return None
    path = named_ensemble(scenario) if choice.ensemble is None else Path(choice.ensemble)
    return None if path is None else read_ensemble(path)


def named_ensemble(scenario: Scenario) -> Path | None:
    """Return the file of the ensemble that a scenario names, or None if it names none.

    Raises:
        MembersRefused: it names an ensemble that is not shipped.
    """
    if scenario.ensemble is None:
        return None
    shipped = shipped_ensembles()
    if scenario.ensemble not in shipped:
        raise MembersRefused(
            "ensemble",
            f"{scenario.name}: no shipped ensemble is called '{scenario.ensemble}' [allowed: "
            f"{', '.join(shipped)}]; choose the file of one of your own",
        )
    return shipped[scenario.ensemble]
