"""What people take away: tables, figures and the report, as ``bordersim compare`` makes them."""

import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from sim.app.engine import Engine
from sim.app.policy_file import Policy
from sim.experiment.run_folder import write_comparison
from sim.experiment.workbook import workbook_of
from sim.view.figures import write_policy_figures
from sim.view.report.folder import read_folder
from sim.view.report.page import report_of

KINDS = {
    "tables": ("tables.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "report": ("report.html", "text/html; charset=utf-8"),
    "figures": ("figures.zip", "application/zip"),
}
"""File name and media type of what can be taken."""

AS_ASSUMED = "baseline_as_assumed.yaml"
"""The file of a baseline in which values are fixed."""


def taken(kind: str, engine: Engine, policies: Sequence[Policy], folder: Path) -> bytes:
    """Return a file of the comparison of policies with their baseline.

    Args:
        kind: one of ``KINDS``.
        engine: has their runs.
        policies: of one baseline; their runs are done.
        folder: where files may stand in between.
    """
    started = dt.datetime.now(dt.UTC)
    comparison = engine.comparison(policies)
    with tempfile.TemporaryDirectory(dir=folder, prefix="take-") as name:
        inside = Path(name)
        baseline = AS_ASSUMED if policies[0].assumes else engine.base.path.name
        names = [f"{policy.scenario.name}.yaml" for policy in policies]
        write_comparison(
            comparison,
            inside,
            command=["bordersim", "compare", baseline, *names, *engine.options],
            started=started,
            notes=engine.notes(policies),
            wanted=[],
        )
        if kind == "tables":
            content, _ = workbook_of({path.stem: path for path in sorted(inside.glob("*.csv"))})
            return content
        pictures = write_policy_figures(comparison, inside)
        if kind == "figures":
            return _zipped(pictures)
        return report_of(read_folder(inside)).encode()


def _zipped(paths: Sequence[Path]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in paths:
            archive.write(path, path.name)
    return content.getvalue()
