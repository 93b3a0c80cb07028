"""Mutants: the source of a module with one small fault, made with the operators of mutmut."""

import difflib
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
import libcst.metadata as meta
from mutmut.mutation.mutators import mutation_operators

FEWEST_A_FILE = 6


@dataclass(frozen=True, eq=False)
class Mutant:
    """One fault.

    Attributes:
        path: the file, relative to the root of the checkout.
        number: which mutant of the file it is, from 0, all of them counted.
        first: first line of the statement with the fault.
        last: last line of that statement; of a compound one, of its head.
        at_import: the statement is run when the module is imported.
        module: the file without the fault.
        node: what is replaced.
        replacement: what replaces it.
    """

    path: str
    number: int
    first: int
    last: int
    at_import: bool
    module: cst.Module
    node: cst.CSTNode
    replacement: cst.CSTNode

    @property
    def source(self) -> str:
        """The whole file with the fault."""
        return cst.ensure_type(
            self.module.deep_replace(self.node, self.replacement), cst.Module
        ).code

    @property
    def change(self) -> str:
        """The lines that differ, as before and after."""
        old, new = self.module.code.splitlines(), self.source.splitlines()
        difference = difflib.unified_diff(old, new, n=0, lineterm="")
        return "\n".join(line for line in difference if line[:3] not in ("---", "+++", "@@ "))


class _Finder(cst.CSTVisitor):
    """Walks through a module, but for annotations, decorators, imports and docstrings."""

    METADATA_DEPENDENCIES = (meta.PositionProvider, meta.ParentNodeProvider)

    def __init__(self, path: str, module: cst.Module) -> None:
        super().__init__()
        self._path, self._module = path, module
        self._statements: list[tuple[int, int]] = []
        self._functions = 0
        self.found: list[Mutant] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Note the mutants of a node, and tell whether there may be some below it."""
        self._enter(node)
        if isinstance(node, cst.Annotation | cst.Decorator | cst.Import | cst.ImportFrom):
            return False
        if isinstance(node, cst.If) and _is_never_run(node):
            return False
        if isinstance(node, cst.Expr) and isinstance(node.value, cst.BaseString):
            return False
        # mutmut leaves these calls alone too.
        if isinstance(node, cst.Call) and _name(node.func) in ("isinstance", "len"):
            return True
        if self._statements:
            for kind, operator in mutation_operators:
                if isinstance(node, kind):
                    for replacement in operator(node):
                        self._note(node, replacement)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        """Go back to the statement around."""
        if isinstance(original_node, _STATEMENTS):
            self._statements.pop()
        if isinstance(original_node, cst.IndentedBlock | cst.SimpleStatementSuite):
            self._functions -= self._is_body_of_function(original_node)

    def _enter(self, node: cst.CSTNode) -> None:
        if isinstance(node, cst.IndentedBlock | cst.SimpleStatementSuite):
            self._functions += self._is_body_of_function(node)
        if isinstance(node, _STATEMENTS):
            place = self.get_metadata(meta.PositionProvider, node)
            first, last = place.start.line, place.end.line
            body = getattr(node, "body", None)
            if isinstance(body, cst.IndentedBlock):
                last = max(first, self.get_metadata(meta.PositionProvider, body).start.line - 1)
            self._statements.append((first, last))

    def _is_body_of_function(self, node: cst.CSTNode) -> bool:
        return isinstance(self.get_metadata(meta.ParentNodeProvider, node), cst.FunctionDef)

    def _note(self, node: cst.CSTNode, replacement: cst.CSTNode) -> None:
        first, last = self._statements[-1]
        mutant = Mutant(
            self._path,
            len(self.found),
            first,
            last,
            self._functions == 0,
            self._module,
            node,
            replacement,
        )
        self.found.append(mutant)


_STATEMENTS = (cst.SimpleStatementLine, cst.BaseCompoundStatement)


def _name(node: cst.CSTNode) -> str:
    return node.value if isinstance(node, cst.Name) else ""


def _is_never_run(node: cst.If) -> bool:
    """Tell whether the body is for type checkers, or for the command line."""
    test = node.test
    if isinstance(test, cst.Comparison):
        return _name(test.left) == "__name__"
    return _name(test) == "TYPE_CHECKING"


def mutants_of(root: Path, path: str) -> list[Mutant]:
    """Return all mutants of a file that can be parsed, in the order of its lines."""
    wrapper = meta.MetadataWrapper(
        cst.parse_module((root / path).read_text("utf-8")), unsafe_skip_copy=True
    )
    finder = _Finder(path, wrapper.module)
    wrapper.visit(finder)
    return finder.found


def sampled(mutants: Sequence[Mutant], size: int, seed: int) -> Iterator[Mutant]:
    """Yield about ``size`` mutants: from every file its share, at least ``FEWEST_A_FILE``."""
    by_file = defaultdict(list)
    for mutant in mutants:
        by_file[mutant.path].append(mutant)
    for path, of_file in sorted(by_file.items()):
        share = max(FEWEST_A_FILE, round(size * len(of_file) / len(mutants)))
        draw = random.Random(f"{seed} {path}").sample(of_file, min(share, len(of_file)))
        yield from sorted(draw, key=lambda mutant: mutant.number)
