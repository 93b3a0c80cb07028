"""How compiled rules see the world: one reference, through which they reach all its tables.

Tables passed on one by one would cost more than most rules do. So a world is passed as the address
of a *directory*: for every table where its rows lie and its shape. ``world.people[i]`` is then the
same in a compiled rule as in Python. Who calls a compiled rule keeps the world alive.

Everything here is of ``numba.extending``: a type, its attributes and items, as its manual shows.
"""

import operator
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import (
    NativeValue,
    intrinsic,
    lower_builtin,
    models,
    overload_attribute,
    register_model,
    type_callable,
    typeof_impl,
    unbox,
)

WORD = 8
"""Bytes of a number in the directory."""

ENTRY = 4
"""Numbers of a table in the directory: the address of its rows, and its shape."""


class WorldType(types.Type):
    """The world."""

    def __init__(self) -> None:
        super().__init__(name="World")


class TableType(types.Type):
    """A table of the world: what its rows are."""

    def __init__(self, rows: types.Type, size: int) -> None:
        super().__init__(name=f"Table({rows})")
        self.rows = rows
        self.size = size


register_model(WorldType)(models.OpaqueModel)
register_model(TableType)(models.OpaqueModel)
WORLD = WorldType()

_I64 = ir.IntType(64)


def _number(builder: Any, table: Any, k: int) -> Any:
    """Return the k-th number that the directory holds of a table; none changes during a call."""
    pointer = builder.bitcast(table, _I64.as_pointer())
    loaded = builder.load(builder.gep(pointer, [ir.Constant(_I64, k)]))
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


def register(world_class: type, tables: dict[str, tuple[int, np.dtype[Any]]]) -> None:
    """Let compiled rules take objects of a class.

    Args:
        world_class: has the ``address`` of a directory: ``ENTRY`` whole numbers for each table.
        tables: the number of each table in the directory, and what its rows are, by its name.
    """
    typeof_impl.register(world_class)(lambda value, context: WORLD)
    # numba looks here first: a call from Python then takes a third of the time.
    world_class._numba_type_ = WORLD  # type: ignore[attr-defined]
    for name, (number, dtype) in tables.items():
        _register_attribute(name, number, TableType(numba.from_dtype(dtype), dtype.itemsize))


@unbox(WorldType)
def _unbox(typ: Any, value: Any, c: Any) -> NativeValue:
    address = c.pyapi.object_getattr_string(value, "address")
    pointer = c.pyapi.long_as_voidptr(address)
    c.pyapi.decref(address)
    return NativeValue(pointer)


def _register_attribute(name: str, number: int, table_type: TableType) -> None:
    @intrinsic
    def table_of(typingctx: Any, world: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.gep(args[0], [ir.Constant(_I64, number * ENTRY * WORD)])

        return table_type(world), codegen

    @overload_attribute(WorldType, name)
    def attribute(world: Any) -> Any:
        def get(world: Any) -> Any:
            return table_of(world)

        return get


def _address(builder: Any, table: Any, indices: Any, size: int) -> Any:
    """Return where the row at some indices lies, the last index running fastest."""
    position = None
    for k, index in enumerate(indices):
        if position is not None:
            position = builder.mul(position, _number(builder, table, 1 + k))
            index = builder.add(position, index)
        position = index
    offset = builder.mul(position, ir.Constant(_I64, size))
    return builder.add(_number(builder, table, 0), offset)


def _indices(context: Any, builder: Any, typ: Any, value: Any) -> list[Any]:
    if isinstance(typ, types.BaseTuple):
        parts = [builder.extract_value(value, k) for k in range(len(typ))]
        return [
            context.cast(builder, part, of, types.int64)
            for part, of in zip(parts, typ.types, strict=True)
        ]
    return [context.cast(builder, value, typ, types.int64)]


@type_callable(operator.getitem)
def _type_of_row(context: Any) -> Any:
    def typer(table: Any, index: Any) -> Any:
        return table.rows if isinstance(table, TableType) else None

    return typer


@lower_builtin(operator.getitem, TableType, types.Any)
def _row(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    table, of_index = signature.args
    indices = _indices(context, builder, of_index, args[1])
    address = _address(builder, args[0], indices, table.size)
    if isinstance(table.rows, types.Record):
        return builder.inttoptr(address, context.get_value_type(table.rows))
    return builder.load(builder.inttoptr(address, _number_type(context, table).as_pointer()))


@type_callable(operator.setitem)
def _type_of_setting(context: Any) -> Any:
    def typer(table: Any, index: Any, value: Any) -> Any:
        return types.none if isinstance(table, TableType) else None

    return typer


@lower_builtin(operator.setitem, TableType, types.Any, types.Any)
def _set_number(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    table, of_index, of_value = signature.args
    indices = _indices(context, builder, of_index, args[1])
    address = _address(builder, args[0], indices, table.size)
    pointer = builder.inttoptr(address, _number_type(context, table).as_pointer())
    builder.store(context.cast(builder, args[2], of_value, table.rows), pointer)
    return context.get_dummy_value()


def _number_type(context: Any, table: Any) -> Any:
    return context.get_data_type(table.rows)


@type_callable(len)
def _type_of_length(context: Any) -> Any:
    def typer(table: Any) -> Any:
        return types.int64 if isinstance(table, TableType) else None

    return typer


@lower_builtin(len, TableType)
def _length(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    return _number(builder, args[0], 1)
