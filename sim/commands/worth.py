"""What an averted infection is worth, as commands are told."""

from pydantic_core import PydanticCustomError

from sim.exits import Refused
from sim.scenario.quantities import parse_money


def read_worth(text: str) -> float:
    """Return the CNY in a text such as ``100000 CNY``.

    Raises:
        Refused: it is no amount of money.
    """
    try:
        return parse_money(text)
    except PydanticCustomError as error:
        raise Refused(f"--worth: {error.message()} (got {text!r})") from error
