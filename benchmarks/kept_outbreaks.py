"""Runs of the cross-check, kept by engine and setting, so that what is done is not done again."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.town_outbreak import Outbreak, Setting
from sim.world.draws import IntArray

Engine = Callable[[int], Outbreak]
"""One run by its seed."""


@dataclass(frozen=True)
class Outbreaks:
    """Runs of one engine and setting.

    Attributes:
        sizes: people ever infected, shape (runs,).
        peaks: day of most infections, shape (runs,).
    """

    sizes: IntArray
    peaks: IntArray

    def large(self, least: float) -> "Outbreaks":
        """Return the runs of at least ``least`` infected."""
        kept = self.sizes >= least
        return Outbreaks(self.sizes[kept], self.peaks[kept])


def kept_outbreaks(
    folder: Path, engine: str, setting: Setting, runs: int, run: Engine
) -> Outbreaks:
    """Return runs of an engine in a setting; those that ``folder`` has not yet are done.

    Every setting has seeds of its own: under the same seed, people are as hard to infect in one
    setting as in another, and settings would not be independent.
    """
    first = 10_000 * zlib.crc32(repr(setting).encode())
    alike = "alike" if setting.dispersion is None else f"k{setting.dispersion:g}"
    slug = engine.lower().replace(",", "").replace(" ", "_")
    path = folder / f"{slug}_r{setting.reproduction:g}_s{setting.seeds}_{alike}.csv"
    kept = pd.read_csv(path) if path.exists() else pd.DataFrame({"size": [], "peak": []}, dtype=int)
    if len(kept) < runs:
        more = [run(first + number) for number in range(len(kept), runs)]
        new = pd.DataFrame({"size": [of.size for of in more], "peak": [of.peak for of in more]})
        kept = pd.concat([kept, new], ignore_index=True)
        folder.mkdir(parents=True, exist_ok=True)
        kept.to_csv(path, index=False, lineterminator="\n")
    table = kept.head(runs).to_numpy(dtype=np.int64)
    return Outbreaks(table[:, 0], table[:, 1])
