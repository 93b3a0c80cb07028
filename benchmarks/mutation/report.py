"""The table of files: mutants, killed, survived."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

_Z = 1.959964


def print_report(
    verdicts: Sequence[Mapping[str, Any]], sizes: Mapping[str, int], *, show_survivors: bool
) -> None:
    """Print a Markdown table, a row a file, and a line a package with its rate.

    Args:
        verdicts: a mutant each.
        sizes: how many mutants each file has, tried or not.
        show_survivors: print what changed in those that survived.
    """
    by_file: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for verdict in verdicts:
        by_file[verdict["path"]].append(verdict)
    print("| file | mutants | tried | killed | survived | rate |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for path, of_file in sorted(by_file.items()):
        killed = sum(verdict["killed"] for verdict in of_file)
        tried = len(of_file)
        row = f"{sizes[path]:,} | {tried} | {killed} | {tried - killed} | {killed / tried:.0%}"
        print(f"| `{path}` | {row} |")
    for package in sorted({path.rpartition("/")[0] for path in by_file}):
        files = {path: v for path, v in by_file.items() if path.startswith(package)}
        rate, error = stratified_rate(files, sizes)
        print(
            f"\n{package}: {rate:.1%} of all mutants, 95 % interval {rate - _Z * error:.1%} to "
            f"{min(1.0, rate + _Z * error):.1%}"
        )
    if show_survivors:
        for path, of_file in sorted(by_file.items()):
            for verdict in of_file:
                if not verdict["killed"]:
                    print(
                        f"\n{path}:{verdict['line']} #{verdict['number']}, "
                        f"{verdict['tests']} tests\n{verdict['change']}"
                    )


def stratified_rate(
    files: Mapping[str, Sequence[Mapping[str, Any]]], sizes: Mapping[str, int]
) -> tuple[float, float]:
    """Return the share of all mutants that would be killed, and its standard error.

    Files are strata: each counts by the mutants that it has (Cochran 1977, Sampling Techniques,
    section 5.3), with the correction for drawing without replacement.
    """
    total = sum(sizes[path] for path in files)
    rate, variance = 0.0, 0.0
    for path, verdicts in files.items():
        tried, weight = len(verdicts), sizes[path] / total
        # One more killed and one more survivor, so that a file of which all died has an error too.
        killed = sum(verdict["killed"] for verdict in verdicts)
        share, safe = killed / tried, (killed + 1) / (tried + 2)
        rate += weight * share
        variance += weight**2 * (1 - tried / sizes[path]) * safe * (1 - safe) / tried
    return rate, float(np.sqrt(variance))
