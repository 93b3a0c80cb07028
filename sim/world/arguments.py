"""Checks of the arguments with which Python users make a model; files are checked elsewhere."""

import inspect
import operator
import sys
import warnings
from typing import Any

import mesa

from sim.scenario.schema import Scenario
from sim.world.name_keys import refuse_equal_keys
from sim.world.travellers import Traveller

MOST_SEEDS = 2**63
"""Seeds are whole numbers from 0 to one less than this."""


def checked_scenario(scenario: Any) -> Scenario:
    """Return ``scenario``.

    Raises:
        TypeError: it is something else, such as the path of a file.
        ValueError: two of its names would share their random numbers.
    """
    if isinstance(scenario, Scenario):
        refuse_equal_keys(scenario)
        return scenario
    raise TypeError(
        'scenario: a Scenario is needed, such as load_scenario("scenarios/baseline.yaml") '
        f"returns (got {described(scenario)})"
    )


def checked_whole(name: str, value: Any, least: int, most: int) -> int:
    """Return a whole number between ``least`` and ``most``.

    Args:
        name: of the argument.
        value: an int, or a whole number of another type such as those of NumPy.
        least: the smallest allowed.
        most: the largest allowed.

    Raises:
        TypeError: it is no whole number; True and False are none.
        ValueError: it is out of range.
    """
    upper = "2^63 - 1" if most == MOST_SEEDS - 1 else f"{most:,}"
    allowed = f"a whole number from {least} to {upper}"
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool):
        raise TypeError(f"{name}: {allowed} is needed (got {described(value)})") from None
    if not least <= number <= most:
        raise ValueError(f"{name}: {allowed} is needed (got {number})")
    return number


def checked_seed(seed: Any) -> int:
    """Return a seed; see ``checked_whole`` for the errors."""
    return checked_whole("seed", seed, 0, MOST_SEEDS - 1)


def warn_of_lost_seed() -> None:
    """Warn if it is Mesa's ``batch_run`` that makes a model without a seed.

    Versions that take ``rng`` set the parameter ``seed`` to None without it, also if the user gave
    seeds. Nothing but the caller tells this from a model that is to have none.
    """
    if "rng" not in inspect.signature(mesa.batch_run).parameters:
        return
    frame = sys._getframe(1)
    while frame.f_code.co_name == "__init__" and frame.f_back is not None:
        frame = frame.f_back
    if frame.f_globals.get("__name__") == "mesa.batchrunner":
        warnings.warn(
            "batch_run gave this model no seed, so that its run cannot be repeated; give seeds as "
            "batch_run(..., rng=[1, 2]): Mesa overwrites a parameter 'seed'",
            stacklevel=2,
        )


def checked_class(traveller_class: Any) -> type[Traveller]:
    """Return a class of travellers.

    Raises:
        TypeError: it is no subclass of ``Traveller``.
    """
    if isinstance(traveller_class, type) and issubclass(traveller_class, Traveller):
        return traveller_class
    raise TypeError(
        f"traveller_class: a subclass of Traveller is needed (got {described(traveller_class)})"
    )


def described(value: Any) -> str:
    """Return what a value is, in a few words."""
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if isinstance(value, str | int | float | None):
        return repr(value) if len(repr(value)) <= 60 else f"a {type(value).__name__}"
    return f"a {type(value).__name__}"
