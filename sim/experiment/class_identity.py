"""The identity of a class of travellers: what of it decides how a run comes out.

Two classes of one name may differ: a notebook defines a class again, a function makes one for each
value of a threshold, a constant is changed. The identity is a hash of the compiled methods with all
that they refer to: attributes, defaults, variables of an enclosing function, and names of the
module, followed through the user's own functions, classes and modules. What comes with Python, with
this program or with an installed package counts by name and version.
"""

import dis
import hashlib
import platform
import sys
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sim.world.travellers import Traveller

_PLAIN = (type(None), bool, int, float, complex, str, bytes, type(...), type(NotImplemented))

_BUILT_IN = (
    types.BuiltinFunctionType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
    types.ClassMethodDescriptorType,
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
)

_INSTALLED = {"site-packages", "dist-packages"}

_UNHEEDED = {
    *("__dict__", "__weakref__", "__doc__", "__module__", "__firstlineno__", "_abc_impl"),
    *("__static_attributes__", "__annotations__", "__annotate__", "__annotate_func__"),
    *("__annotations_cache__", "__slotnames__"),
}
"""Attributes of a class that are no part of what it does."""


class NotIdentified(TypeError):
    """A class refers to something that cannot be distinguished; the message names it."""


class OtherClass(RuntimeError):
    """A process has another version of a class than the one that asked for its runs."""


@dataclass(frozen=True)
class Travellers:
    """A class of travellers, as it is sent to other processes.

    Attributes:
        traveller_class: the class.
        identity: see ``class_identity``; empty if it has none, as ``Traveller`` itself.
    """

    traveller_class: type[Traveller] = Traveller
    identity: str = ""

    @property
    def key(self) -> str:
        """What tells their runs from those of others in a store; empty for ``Traveller``."""
        if self.traveller_class is Traveller:
            return ""
        return self.identity or self.traveller_class.__qualname__

    def checked(self) -> type[Traveller]:
        """Return the class, as this process has it.

        Raises:
            OtherClass: the class is another one here: a process loads it from its file, which may
                have been edited, and knows nothing of what was changed after loading.
        """
        kind = self.traveller_class
        if self.identity and _seen.get(kind) != self.identity:
            _seen[kind] = class_identity(kind)
            if _seen[kind] != self.identity:
                raise OtherClass(
                    f"a worker process has another {kind.__qualname__}: its file, or something "
                    "that it refers to, has changed since it was loaded; reload it, or use "
                    "workers=1"
                )
        return kind


PLAIN_TRAVELLERS = Travellers()
"""Those of the model."""

_seen: WeakKeyDictionary[type[Traveller], str] = WeakKeyDictionary()
"""Identities of the classes in this process: runs are many."""


def class_identity(traveller_class: type[Traveller]) -> str:
    """Return the name of a class with 16 hexadecimal digits; nothing for ``Traveller`` itself.

    Raises:
        NotIdentified: it refers to something, such as an open file, that has no value.
    """
    if traveller_class is Traveller:
        return ""
    digest = hashlib.sha256()
    try:
        for part in _Walk().parts(traveller_class):
            # The length says where a part ends, so that none can pass for two.
            digest.update(f"{len(part)}:{part}".encode(errors="surrogatepass"))
    except RecursionError as error:
        raise NotIdentified("what is nested too deeply") from error
    return f"{traveller_class.__qualname__}:{digest.hexdigest()[:16]}"


class _Walk:
    """One walk over all that an object refers to; what was met before counts by its number."""

    def __init__(self) -> None:
        # With the objects, so that no id is given to another one meanwhile.
        self._met: dict[int, tuple[int, Any]] = {}

    def parts(self, value: Any) -> Iterator[str]:
        """Yield texts that together say what ``value`` is.

        Raises:
            NotIdentified: it has no value that could be compared.
        """
        # What cannot refer to itself is walked each time: which equal constants are one object
        # depends on whether a module was compiled or read from its cache.
        if type(value) in _PLAIN:
            yield f"{type(value).__name__} {value!r}"
        elif type(value) is tuple:
            yield f"tuple of {len(value)}"
            yield from self._each(value)
        elif type(value) is frozenset:
            yield from self._set(value)
        elif isinstance(value, types.CodeType):
            yield from self._code(value)
        elif id(value) in self._met:
            yield f"met {self._met[id(value)][0]}"
        else:
            self._met[id(value)] = len(self._met), value
            yield from self._first_met(value)

    def _first_met(self, value: Any) -> Iterator[str]:
        if type(value) is list:
            yield f"list of {len(value)}"
            yield from self._each(value)
        elif type(value) is set:
            yield from self._set(value)
        elif type(value) in (dict, types.MappingProxyType):
            yield f"dict of {len(value)}"
            yield from self._each(item for pair in value.items() for item in pair)
        elif isinstance(value, types.ModuleType):
            yield from self._module(value)
        elif isinstance(value, type):
            yield from self._class(value)
        elif isinstance(value, types.FunctionType):
            yield from self._function(value)
        elif isinstance(value, types.MethodType):
            yield "method"
            yield from self._each([value.__func__, value.__self__])
        elif isinstance(value, staticmethod | classmethod):
            yield type(value).__name__
            yield from self.parts(value.__func__)
        elif isinstance(value, property):
            yield "property"
            yield from self._each([value.fget, value.fset, value.fdel])
        elif isinstance(value, cached_property):
            yield "cached_property"
            yield from self.parts(value.func)
        elif isinstance(value, _BUILT_IN):
            yield f"built in {getattr(value, '__module__', None)} {value.__qualname__}"
        elif callable(wrapped := getattr(value, "__wrapped__", None)):
            yield f"{type(value).__qualname__} of"
            yield from self.parts(wrapped)
        else:
            yield from self._instance(value)

    def _each(self, values: Iterable[Any]) -> Iterator[str]:
        for value in values:
            yield from self.parts(value)

    @staticmethod
    def _set(values: Iterable[Any]) -> Iterator[str]:
        # In an order of its own: that of a set of texts is another one in every process.
        items = sorted("\0".join(_Walk().parts(item)) for item in values)
        yield f"set of {len(items)}"
        yield from items

    def _code(self, code: types.CodeType) -> Iterator[str]:
        yield f"code {code.co_code.hex()} {code.co_exceptiontable.hex()} {code.co_flags}"
        yield f"{code.co_argcount} {code.co_kwonlyargcount} {code.co_posonlyargcount}"
        yield from self._each([code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars])
        yield from self.parts(code.co_consts)

    def _function(self, function: types.FunctionType) -> Iterator[str]:
        if _is_known(function.__module__):
            yield _known(function.__module__, function.__qualname__)
            return
        yield f"function {function.__qualname__}"
        yield from self.parts(function.__code__)
        yield from self._each([function.__defaults__, function.__kwdefaults__])
        for cell in function.__closure__ or ():
            try:
                content = cell.cell_contents
            except ValueError:
                yield "empty"
            else:
                yield from self.parts(content)
        for name in sorted(_looked_up(function.__code__, "LOAD_GLOBAL", "LOAD_NAME")):
            if name in function.__globals__:
                yield f"global {name}"
                yield from self.parts(function.__globals__[name])
        for name in sorted(_looked_up(function.__code__, "IMPORT_NAME")):
            if name not in sys.modules:
                raise NotIdentified(f"the module {name}, imported inside a function")
            yield from self.parts(sys.modules[name])
        yield from self._each(value for _, value in sorted(vars(function).items()))

    def _class(self, kind: type) -> Iterator[str]:
        if _is_known(kind.__module__):
            yield _known(kind.__module__, kind.__qualname__)
            return
        # In a worker process the main module has another name.
        yield f"class {kind.__module__.replace('__mp_main__', '__main__')} {kind.__qualname__}"
        yield from self._each([type(kind), *kind.__bases__])
        for name, value in sorted(vars(kind).items()):
            if name not in _UNHEEDED:
                yield f"attribute {name}"
                yield from self.parts(value)

    def _module(self, module: types.ModuleType) -> Iterator[str]:
        if _is_known(module.__name__):
            yield _known(module.__name__, "")
            return
        yield f"module {module.__name__}"
        for name, value in sorted(vars(module).items()):
            if not name.startswith("__"):
                yield f"global {name}"
                yield from self.parts(value)

    def _instance(self, value: Any) -> Iterator[str]:
        """Yield the class of an object, and what it would be pickled as."""
        yield "instance"
        yield from self.parts(type(value))
        try:
            reduced = value.__reduce_ex__(4)
        except Exception as error:
            raise NotIdentified(f"a {type(value).__qualname__}") from error
        for part in [reduced] if isinstance(reduced, str) else reduced:
            yield from self.parts(list(part) if isinstance(part, Iterator) else part)


def _looked_up(code: types.CodeType, *operations: str) -> set[str]:
    """Return the names that a function, or one inside it, looks up by some ``operations``."""
    names = {i.argval for i in dis.get_instructions(code) if i.opname in operations}
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= _looked_up(constant, *operations)
    return names


def _is_known(module: object) -> bool:
    """Tell whether a module comes with Python, with this program or with an installed package."""
    if not isinstance(module, str):  # of a compiled class
        return True
    top = module.partition(".")[0]
    if top in ("sim", "builtins") or (top in sys.stdlib_module_names and top != "__main__"):
        return True
    file = getattr(sys.modules.get(top), "__file__", None)
    return file is not None and not _INSTALLED.isdisjoint(Path(file).parts)


def _known(module: object, name: str) -> str:
    top = str(module).partition(".")[0]
    version = getattr(sys.modules.get(top), "__version__", platform.python_version())
    return f"known {module} {name} {version}"
