"""The table of the cross-check, and the blocks of its page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from benchmarks.agreement import LEVEL, MOST_Z, Agreement, Means, agree, summed_z
from benchmarks.starsim_run import starsim_version
from benchmarks.town_outbreak import Setting
from docs.blocks.markdown import table


@dataclass(frozen=True)
class Comparison:
    """Two sides in one setting.

    Attributes:
        setting: what was simulated.
        first: name of the first side.
        second: name of the second side.
        runs: how many of the first and of the second side; none of a law.
        agreement: how they compare.
    """

    setting: Setting
    first: str
    second: str
    runs: tuple[int, int | None]
    agreement: Agreement


def table_of(rows: Sequence[Comparison]) -> pd.DataFrame:
    """Return everything as a table, one row per comparison."""
    return pd.DataFrame([_flat(row) for row in rows])


def _flat(row: Comparison) -> dict[str, str | float | None]:
    setting, of = row.setting, row.agreement
    flat: dict[str, str | float | None] = {
        "reproduction": setting.reproduction,
        "seeds": setting.seeds,
        "dispersion": setting.dispersion,
        "first": row.first,
        "second": row.second,
        "runs_first": row.runs[0],
        "runs_second": row.runs[1],
        "small_first": round(of.small[0], 4),
        "small_second": round(of.small[1], 4),
        "small_p": float(f"{of.p_small:.3g}"),
    }
    for name, means in (("size", of.size), ("peak", of.peak)):
        if means is not None:
            flat |= {
                f"{name}_first": round(means.first, 3),
                f"{name}_second": round(means.second, 3),
                f"{name}_difference": round(means.difference, 3),
                f"{name}_error": round(means.error, 3),
                f"{name}_p_mean": float(f"{means.p_mean:.3g}"),
                f"{name}_p_law": float(f"{means.p_law:.3g}"),
            }
    return flat


def blocks_of(
    rows: Sequence[Comparison], cpu_seconds: Mapping[str, float]
) -> dict[str, Callable[[], str]]:
    """Return what fills the blocks of the page."""
    ours = [row for row in rows if row.first == rows[0].first]
    return {
        "verdicts": partial(_verdicts, rows),
        "settings": partial(_settings, ours),
        "variants": partial(_variants, _of_starsim_in_varied(rows)),
        "cost": partial(_cost, cpu_seconds),
    }


def _verdicts(rows: Sequence[Comparison]) -> str:
    """Return a table, one row per pair of sides."""
    pairs: dict[tuple[str, str], list[Agreement]] = {}
    for row in rows:
        pairs.setdefault((row.first, row.second), []).append(row.agreement)
    lines = []
    for (first, second), of in pairs.items():
        if len(of) == 1:
            continue  # tried in one setting only
        p_values = [p for agreement in of for p in agreement.p_values]
        size, peak = summed_z(of)
        lines.append(
            [
                f"{first} against {second}",
                str(len(of)),
                str(len(p_values)),
                f"{min(p_values):.2g} ({LEVEL / len(p_values):.1g})",
                f"{size:+.1f}",
                "" if peak is None else f"{peak:+.1f}",
                "agree" if agree(of) else "**differ**",
            ]
        )
    head = ["", "settings", "tests", "least p-value (bound)"]
    summed = [f"summed difference of size (within {MOST_Z:g})", "of peak day", ""]
    return table([*head, *summed], lines)


def _settings(rows: Sequence[Comparison]) -> str:
    """Return a table of bordersim against the others, one row per comparison."""
    lines = []
    for row in rows:
        of, setting = row.agreement, row.setting
        small = f"{100 * of.small[0]:.1f} / {100 * of.small[1]:.1f} %"
        lines.append([_words(setting), row.second, small, _means(of.size, 0), _means(of.peak, 1)])
    head = ["R, seeds", "bordersim against", "small outbreaks", "mean size of large ones"]
    return table([*head, "mean peak day"], lines)


def _of_starsim_in_varied(rows: Sequence[Comparison]) -> list[Comparison]:
    """Return the rows of Starsim in the setting in which variants of it have been tried."""
    varied = {row.setting for row in rows if "," in row.first}
    return [row for row in rows if row.setting in varied and row.first.startswith("Starsim")]


def _variants(rows: Sequence[Comparison]) -> str:
    """Return a table of Starsim with other time steps and contacts."""
    lines = [
        [row.first, row.second, _means(row.agreement.size, 1), _means(row.agreement.peak, 2)]
        for row in rows
    ]
    return table(["", "against", "mean size of large ones", "mean peak day"], lines)


def _cost(cpu_seconds: Mapping[str, float]) -> str:
    ours = next(iter(cpu_seconds.values()))
    lines = [
        [name, f"{seconds:.3f}", f"{seconds / ours:.2g}"] for name, seconds in cpu_seconds.items()
    ]
    versions = f"Starsim {starsim_version()}."
    return (
        table(["", "CPU seconds a run, median", "in runs of bordersim"], lines) + f"\n\n{versions}"
    )


def _means(of: Means | None, digits: int) -> str:
    if of is None:
        return ""
    values = f"{of.first:,.{digits}f} / {of.second:,.{digits}f}"
    return f"{values}: {of.difference:+,.{digits + 1}f} ± {of.error:,.{digits + 1}f}"


def _words(setting: Setting) -> str:
    words = f"{setting.reproduction:g}, {setting.seeds}"
    return words if setting.dispersion is None else f"{words}, k = {setting.dispersion:g}"
