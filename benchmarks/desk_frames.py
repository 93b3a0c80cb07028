"""``python -m benchmarks.desk_frames``: how many frames a second a drawing of many points takes.

The points are circles of an SVG within the page, made by the functions that draw the charts of the
policy desk. Either each one is moved, or all are made anew for every frame, as the desk does.
"""

import os
import sys
import tempfile
from pathlib import Path

import click
import numpy as np
import psutil

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests" / "support"))

import chromium  # noqa: E402

_ENOUGH = 30
"""Frames a second that are asked for."""

_TRIAL = """
const all = Number("%(points)s"), seconds = Number("%(seconds)s");
const place = (n, t) => ({
  cx: 320 + 280 * Math.sin(n + t / 700), cy: 240 + 200 * Math.sin(n * 1.7 + t / 900) });
const made = (t) => Array.from({ length: all }, (_, n) =>
  s("circle", { ...place(n, t), r: 3, fill: n %% 2 ? "#0072b2" : "#d55e00" }));
const svg = s("svg", { viewBox: "0 0 640 480", width: 640, height: 480 }, made(0));
document.body.append(svg);
const ways = {
  moved(t) {
    [...svg.children].forEach((circle, n) => {
      for (const [name, value] of Object.entries(place(n, t))) circle.setAttribute(name, value);
    });
  },
  anew(t) { svg.replaceChildren(...made(t)); },
};
window.trial = (way) => new Promise((done) => {
  const times = [];
  function frame(t) {
    times.push(t);
    ways[way](t);
    if (t - times[0] < 1000 * seconds) return requestAnimationFrame(frame);
    const gaps = times.slice(1).map((time, n) => time - times[n]).sort((a, b) => a - b);
    done([1000 * gaps.length / (t - times[0]), gaps[Math.floor(gaps.length * 0.95)]]);
  }
  requestAnimationFrame(frame);
});
"""


def page(points: int, seconds: float) -> str:
    """Return the HTML of the trial, with the file that draws the charts in it."""
    charts = (ROOT / "sim" / "app" / "assets" / "charts.js").read_text("utf-8")
    trial = _TRIAL % {"points": points, "seconds": seconds}
    return (
        f'<!doctype html><meta charset="utf-8"><body><script type="module">{charts}{trial}</script>'
    )


def page_seconds(browser: chromium.Chromium) -> float:
    """Return the CPU seconds of the thread that runs scripts and lays out the page, so far."""
    metrics = browser.send("Performance.getMetrics")["metrics"]
    return next(float(of["value"]) for of in metrics if of["name"] == "TaskDuration")


def browser_seconds() -> float:
    """Return the CPU seconds of all threads of the browser so far."""
    children = psutil.Process().children(recursive=True)
    of = [process.cpu_times() for process in children if "chrom" in process.name()]
    return float(sum(times.user + times.system for times in of))


@click.command()
@click.option("--points", default=2000, show_default=True)
@click.option("--seconds", default=3.0, show_default=True)
def main(points: int, seconds: float) -> None:
    """Count the frames of moving points; exit code 1 if there are fewer than 30 a second."""
    program = chromium.found()
    if program is None:
        raise click.ClickException("no Chromium is found")
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "trial.html"
        file.write_text(page(points, seconds), "utf-8")
        with chromium.Chromium(program, Path(name) / "profile") as browser:
            browser.open(file, 800)
            browser.send("Performance.enable", timeDomain="threadTicks")
            click.echo(f"processors {os.cpu_count()}, load average before {os.getloadavg()[0]:.1f}")
            found = {}
            for way, words in (("moved", "moved"), ("anew", "made anew for every frame")):
                before = page_seconds(browser), browser_seconds()
                found[way], gap = browser.value_of(f"window.trial('{way}')")
                after = page_seconds(browser), browser_seconds()
                frames = found[way] * seconds
                page_ms, all_ms = 1000 * np.subtract(after, before) / frames
                click.echo(
                    f"{points:,} points {words}: {found[way]:.0f} frames a second, 95 % of them "
                    f"within {gap:.0f} ms; CPU of a frame {page_ms:.0f} ms in the thread of the "
                    f"page, {all_ms:.0f} ms in all"
                )
    if min(found.values()) < _ENOUGH:
        raise click.ClickException(f"fewer than {_ENOUGH} frames a second")


if __name__ == "__main__":
    main()
