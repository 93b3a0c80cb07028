"""The identity of a class of travellers: another one for whatever could change a run."""

import subprocess
import sys
import threading
from types import ModuleType

import pytest
from own_travellers import Hasty, Stubborn
from shipped import ROOT

from sim import Traveller
from sim.experiment.class_identity import NotIdentified, class_identity

HEAD = """
import functools
import math
from dataclasses import dataclass
from enum import Enum
import numpy as np
from sim import Decision, Traveller
"""

PLAIN = """
LIMIT = 3
class Own(Traveller):
    share = 0.5
    def decide(self):
        return Decision.WAIT if self.days_stranded < LIMIT else Decision.GIVE_UP
"""

EDITS = {
    "another decision": ("Decision.GIVE_UP", "Decision.DIVERT"),
    "another comparison": ("<", "<="),
    "another constant of the module": ("LIMIT = 3", "LIMIT = 4"),
    "the same number of another type": ("LIMIT = 3", "LIMIT = 3.0"),
    "another attribute": ("0.5", "0.6"),
    "another attribute of a person": ("days_stranded", "patience"),
    "another base": ("(Traveller)", "(Base)"),
    "another name": ("Own", "Other"),
    "another default": ("def decide(self):", "def decide(self, extra=1):"),
    "a property": ("share = 0.5", "can_divert = property(lambda self: False)"),
}


def made(text):
    """Return the class that a text defines."""
    scope = {"__name__": "notebook"}
    exec(HEAD + "class Base(Traveller):\n    pass\n" + text, scope)
    return scope.get("Own") or scope["Other"]


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_what_could_change_a_run_changes_the_identity(edit):
    old, new = edit
    assert PLAIN.count(old) == 1
    assert class_identity(made(PLAIN)) != class_identity(made(PLAIN.replace(old, new)))


def test_comments_and_lines_do_not_change_it():
    moved = "\n# A comment.\n" + PLAIN.replace("    def", "    # another\n\n    def")
    assert class_identity(made(PLAIN)) == class_identity(made(PLAIN)) == class_identity(made(moved))


REFERENCES = {
    "a function": ("def rule(x):\n    return x > {}", "rule(1)"),
    "a function of a function": (
        "def inner(x):\n    return x > {}\ndef rule(x):\n    return inner(x)",
        "rule(1)",
    ),
    "a lambda": ("rule = lambda x: x > {}", "rule(1)"),
    "a class": ("class Rule:\n    limit = {}", "Rule.limit"),
    "an object": ("class Rule:\n    pass\nrule = Rule()\nrule.limit = {}", "rule.limit"),
    "a dataclass": ("@dataclass\nclass Rule:\n    limit: float = {}\nrule = Rule()", "rule.limit"),
    "an enumeration": ("class Rule(Enum):\n    LIMIT = {}", "Rule.LIMIT"),
    "a mapping": ("rule = {{'limit': {}}}", "rule['limit']"),
    "a set": ("rule = {{'a', 'b', {}}}", "len(rule)"),
    "an array": ("rule = np.array([1.0, {}])", "rule[1]"),
    "a partial function": ("rule = functools.partial(max, {})", "rule(1)"),
    "a cached function": ("@functools.cache\ndef rule(x):\n    return x > {}", "rule(1)"),
    "a decorated function": (
        "def loud(f):\n    @functools.wraps(f)\n    def g(*a):\n        return f(*a) > {}\n"
        "    return g\n@loud\ndef rule(x):\n    return x",
        "rule(1)",
    ),
    "a function inside": ("", "(lambda x: x > {})(1)"),
    "a comprehension": ("rule = {}", "any(x > rule for x in (1, 2))"),
    "a generator of NumPy": ("rule = np.random.default_rng({})", "rule.random()"),
}


@pytest.mark.parametrize("reference", REFERENCES.values(), ids=REFERENCES)
def test_what_a_class_refers_to_changes_its_identity(reference):
    definition, use = reference

    def own(number):
        text = f"{definition}\nclass Own(Traveller):\n    def decide(self):\n        return {use}\n"
        return made(text.format(number))

    assert class_identity(own(3)) == class_identity(own(3)) != class_identity(own(4))


def test_what_a_class_does_not_refer_to_does_not_matter():
    one, other = made(PLAIN), made(f"days_stranded = open(0, closefd=False)\nx = 3\n{PLAIN}")
    assert class_identity(one) == class_identity(other)


def patient(limit):
    class Patient(Traveller):
        def decide(self):
            return self.days_stranded > limit

    return Patient


def test_classes_made_by_one_function_differ_by_its_arguments():
    assert class_identity(patient(3)) == class_identity(patient(3)) != class_identity(patient(4))


def test_a_class_that_is_changed_is_another_one():
    kind = patient(3)
    before = class_identity(kind)
    kind.decide = patient(4).decide
    changed = class_identity(kind)
    kind.share = 3
    assert len({before, changed, class_identity(kind)}) == 3


@pytest.mark.parametrize("place", ["method", "imported inside"])
def test_modules_of_the_user_are_followed(monkeypatch, place):
    def own(number):
        module = ModuleType("rules")
        exec(f"LIMIT = {number}", module.__dict__)
        monkeypatch.setitem(sys.modules, "rules", module)
        first, inside = ("import rules\n", "") if place == "method" else ("", "import rules;")
        return made(
            f"{first}class Own(Traveller):\n    def decide(self):\n        {inside}x=rules.LIMIT\n"
        )

    assert class_identity(own(3)) != class_identity(own(4))


def test_only_the_model_s_own_travellers_have_none():
    assert class_identity(Traveller) == ""
    assert class_identity(Stubborn).startswith("Stubborn:")
    assert class_identity(Stubborn) != class_identity(Hasty)


@pytest.mark.parametrize(
    "value", [threading.Lock(), (x for x in ()), sys.stdout], ids=["lock", "generator", "stream"]
)
def test_what_has_no_value_is_named(value):
    kind = patient(value)
    with pytest.raises(NotIdentified, match=type(value).__qualname__):
        class_identity(kind)


def test_other_processes_agree():
    code = (
        "import sys; sys.path.insert(0, 'tests/support'); from own_travellers import Hasty;"
        "from sim.experiment.class_identity import class_identity; print(class_identity(Hasty))"
    )
    shown = [
        subprocess.run(
            [sys.executable, *options, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        ).stdout.strip()
        # Without a cache, modules are compiled: then other constants are one object.
        for options in ([], ["-B", "-X", "pycache_prefix=/nowhere"])
    ]
    assert shown == [class_identity(Hasty)] * 2
