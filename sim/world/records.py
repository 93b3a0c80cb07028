"""Records: what compiled rules read and write, described by classes with typed fields."""

from functools import cache
from typing import Annotated, Any, Protocol, TypeVar, get_args, get_origin, get_type_hints

import numpy as np

R = TypeVar("R", covariant=True)

Int32 = Annotated[int, np.int32]
"""A whole number in 32 bits."""

Key = Annotated[int, np.uint64]
"""The key of a person, travel_group or place: what its random numbers are drawn by."""


class Rows(Protocol[R]):
    """A NumPy array of records, as a type checker sees it."""

    def __getitem__(self, index: Any, /) -> R: ...

    def __setitem__(self, index: Any, value: Any, /) -> None: ...

    def __len__(self) -> int: ...


_SCALARS: dict[Any, Any] = {float: np.float64, int: np.int64, bool: np.bool_}


@cache
def dtype_of(record: type) -> np.dtype[Any]:
    """Return the NumPy type of the records that a class describes."""
    # Of NumPy's own kind of records, so that a view as a recarray has nothing to convert.
    kind: np.dtype[Any] = np.dtype((np.record, _fields_of(record)))
    return kind


def _fields_of(record: type) -> np.dtype[Any]:
    hints = get_type_hints(record, include_extras=True)
    return np.dtype([(name, _type_of(hint)) for name, hint in hints.items()], align=True)


def row_type(table: Any) -> np.dtype[Any]:
    """Return the NumPy type of the rows of a table, from the annotation ``Rows`` or ``NDArray``."""
    of = get_args(table)[-1]
    if get_origin(table) is Rows:
        return dtype_of(of)
    kind: np.dtype[Any] = np.dtype(get_args(of)[0])
    return kind


def _type_of(hint: Any) -> Any:
    if len(annotated := get_args(hint)) == 2:
        return annotated[1]
    return _SCALARS[hint] if hint in _SCALARS else _fields_of(hint)


def records(kind: type, shape: int | tuple[int, ...]) -> Any:
    """Return records with the defaults of their class; fields without one are 0.

    Args:
        kind: the class that describes them.
        shape: how many.
    """
    default = _bytes_of(default_of(kind))
    plain = np.empty(shape, default.dtype)
    plain[...] = default
    # Quicker than an array of records whose bytes are set: it begins with every single field.
    return np.ndarray(shape, dtype_of(kind), plain)


def lengthened(table: Any, length: int, kind: type) -> Any:
    """Return a longer table that begins like ``table``; its other records have their defaults."""
    longer = np.empty(length, dtype=dtype_of(kind))
    _bytes_of(longer)[: len(table)] = _bytes_of(table)
    _bytes_of(longer)[len(table) :] = _bytes_of(default_of(kind))
    return longer


def copied(table: Any) -> Any:
    """Return a copy of records, the room between their fields included."""
    return np.ndarray(table.shape, table.dtype, _bytes_of(table).copy())


class Checked(np.recarray[Any, Any]):
    """A table as rules see it that are not compiled: it refuses a row that does not exist.

    A negative one would be counted from the end here, and lie outside the table in compiled code.
    """

    def __getitem__(self, index: Any) -> Any:
        self._check(index)
        return super().__getitem__(index)

    def __setitem__(self, index: Any, value: Any) -> None:
        self._check(index)
        super().__setitem__(index, value)

    @staticmethod
    def _check(index: Any) -> None:
        for one in index if isinstance(index, tuple) else (index,):
            if isinstance(one, int | np.integer) and one < 0:
                raise IndexError(f"there is no row {one}")


def _bytes_of(table: Any) -> Any:
    """Return records as plain bytes, which NumPy copies much faster than fields."""
    return table.view(np.ndarray).view(f"V{table.dtype.itemsize}")


@cache
def default_of(kind: type) -> Any:
    """Return a record with the defaults of its class, shape (1,)."""
    record = np.zeros(1, dtype=dtype_of(kind))
    _set_defaults(record, kind)
    return record


def _set_defaults(record: Any, kind: type) -> None:
    for name, hint in get_type_hints(kind).items():
        if hasattr(kind, name):
            record[name] = getattr(kind, name)
        elif hint not in _SCALARS:
            _set_defaults(record[name], hint)


def fill(record: Any, **values: Any) -> None:
    """Set fields of a record, or of an array of records."""
    for name, value in values.items():
        record[name] = value
