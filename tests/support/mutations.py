"""Changes of files: of the tree of what they say, and of their bytes; by ``rng`` alone."""

import copy
import re
from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

import yaml
from hostile_values import CODE, DATES, NUMBERS, PATHS, WORDS, nested

_RAW = "RAW{:04d}RAW"

_MOST = 12_000
"""Values of what is put in many times: twice as many as are read from a file."""


class _Dumper(yaml.CSafeDumper):
    """Writes the same list twice where it stands twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class Tree:
    """What a file says, to be changed and written again."""

    def __init__(self, data: Any, rng: Random) -> None:
        self.data = copy.deepcopy(data)
        self._rng = rng
        self._code: list[str] = []

    def change(self) -> None:
        """Make one change somewhere, unless there is too much already."""
        places = list(islice(_places(self.data), 2 * _MOST))
        if 0 < len(places) < 2 * _MOST:
            self._rng.choice(_CHANGES)(self, *self._rng.choice(places))

    def written(self) -> str:
        """Return the text of the file."""
        text = str(yaml.dump(self.data, Dumper=_Dumper, sort_keys=False, allow_unicode=True))
        return re.sub("RAW([0-9]{4})RAW", lambda raw: self._code[int(raw[1])], text)

    def delete(self, holder: Any, key: Any) -> None:
        del holder[key]

    def rename(self, holder: Any, key: Any) -> None:
        name = self._rng.choice([f"{key}x", str(key)[1:], str(key).upper(), *WORDS, *PATHS])
        if isinstance(holder, dict):
            holder[name] = holder.pop(key)

    def double(self, holder: Any, key: Any) -> None:
        if isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        else:
            holder[f"{key}_2"] = copy.deepcopy(holder[key])

    def swap(self, holder: Any, key: Any) -> None:
        other, at = self._rng.choice(list(_places(self.data)))
        one, two = copy.deepcopy(holder[key]), copy.deepcopy(other[at])
        other[at] = one
        if key in holder if isinstance(holder, dict) else key < len(holder):
            holder[key] = two

    def put_number(self, holder: Any, key: Any) -> None:
        holder[key] = self._rng.choice(NUMBERS)

    def scale(self, holder: Any, key: Any) -> None:
        factor = self._rng.choice([-1, 0, 0.5, 2, 10, 1000, 10**6])
        if isinstance(holder[key], int | float):
            holder[key] = holder[key] * factor
        elif isinstance(holder[key], str):
            holder[key] = re.sub("[0-9]+", lambda n: str(int(n[0]) * factor), holder[key])

    def put_date(self, holder: Any, key: Any) -> None:
        holder[key] = self._rng.choice(DATES)

    def put_word(self, holder: Any, key: Any) -> None:
        holder[key] = self._rng.choice(WORDS)

    def put_path(self, holder: Any, key: Any) -> None:
        files = [(h, k) for h, k in _places(self.data) if k in _FILES]
        holder, key = self._rng.choice([(holder, key), (self.data, "extends"), *files])
        if isinstance(holder, dict):
            holder[key] = self._rng.choice(PATHS)

    def put_code(self, holder: Any, key: Any) -> None:
        holder[key] = _RAW.format(len(self._code))
        self._code.append(self._rng.choice(CODE))

    def put_container(self, holder: Any, key: Any) -> None:
        choices = ({}, [], [[]], {"kind": "x"}, {"kind": None}, {"": {}}, [holder[key]])
        holder[key] = copy.deepcopy(self._rng.choice(choices))

    def put_very_much(self, holder: Any, key: Any) -> None:
        value = holder[key]
        size = 1 + sum(1 for _ in _places(value)) if isinstance(value, dict | list) else 1
        often = min(self._rng.choice([20, 900, 7000]), _MOST // size)

        def copies(original: Any) -> list[Any]:
            # Of their own each, or a later change in one of them would be one in all.
            return [copy.deepcopy(original) for _ in range(often)]

        kind = self._rng.randrange(5)
        if kind == 0:
            holder[key] = nested(self._rng.choice([5, 11, 13, 100]))
        elif kind == 1:
            holder[key] = copies(value)
        elif kind == 2:
            holder[key] = {f"n{i}": inner for i, inner in enumerate(copies(value))}
        elif kind == 3 and isinstance(value, dict) and value:
            inner = self._rng.choice(list(value.values()))
            value.update({f"n{i}": other for i, other in enumerate(copies(inner))})
        elif kind == 4 and isinstance(value, list) and value:
            value.extend(copies(self._rng.choice(value)))


_FILES = {"extends", "scenario", "counts", "curve", "disease", "costs", "sensitivity", "policies"}
"""Fields that may name a file or a preset."""

_CHANGES = [
    *(Tree.delete, Tree.rename, Tree.double, Tree.swap, Tree.put_number, Tree.scale),
    *(Tree.put_date, Tree.put_word, Tree.put_path, Tree.put_code, Tree.put_container),
    *(Tree.put_very_much,),
]


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every value as the mapping or list that holds it, and its key there."""
    inner = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in list(inner):
        yield data, key
        if isinstance(value, dict | list):
            yield from _places(value)


_BYTES = [
    *(
        b"\t",
        b"\0",
        b"\xef\xbb\xbf",
        b"\xff",
        b"\xc3",
        b"\xc2\x85",
        b"\xe2\x80\xa8",
        b"\r",
        b"\r\n",
    ),
    *(b"\n", b" ", b":", b"-", b"{", b"}", b"[", b"]", b"&a ", b"*a ", b"!x ", b"'", b'"', b"#"),
    *(b"|", b">", b"%", b"@", b"`", b"? ", b"---\n", b"...\n", b"\x1b", b"\xed\xa0\x80", b"<<: "),
]


def changed_bytes(raw: bytes, rng: Random) -> bytes:
    """Return the bytes of a file with one change somewhere, or everywhere."""
    at = rng.randrange(len(raw) + 1)
    lines = raw.splitlines(keepends=True) or [b""]
    line = rng.randrange(len(lines))
    kind = rng.randrange(12)
    if kind == 0 and at < len(raw):
        return raw[:at] + bytes([raw[at] ^ 1 << rng.randrange(8)]) + raw[at + 1 :]
    if kind == 1:
        return raw[:at]
    if kind == 2:
        return b"".join([*lines[:line], *lines[line + 1 :]])
    if kind == 3:
        return b"".join(
            [
                *lines[:line],
                lines[line] * min(rng.choice([2, 500]), 1 + 300_000 // len(lines[line] or b"x")),
                *lines[line:],
            ]
        )
    if kind == 4:
        return b"".join([*lines[:line], rng.choice([b" ", b"  ", b"\t"]), *lines[line:]])
    if kind == 5:
        return raw.replace(b"\n", rng.choice([b"\r\n", b"\r", b"\n\n", b"\xc2\x85", b""]))
    if kind == 6:
        ends = [b"\n", b"\r\n", b"\r"]
        return b"".join(part.rstrip(b"\n") + rng.choice(ends) for part in lines)
    if kind == 7:
        return raw.decode("utf-8", "replace").encode(rng.choice(["utf-16", "utf-32", "utf-8-sig"]))
    if kind == 8:
        return raw + rng.choice(_BYTES) * rng.choice([1, 1000, 100_000])
    if kind == 9:
        return rng.randbytes(rng.choice([0, 1, 50, 5000]))
    return raw[:at] + rng.choice(_BYTES) + raw[at:]
