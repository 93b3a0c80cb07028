// Charts as SVG: strips of paired differences, curves with bands, a forest plot, a cost plane.
// Nothing here knows of the server, so that the file to hand on draws with the same code.

const SVG = "http://www.w3.org/2000/svg";
const MINUS = "\u2212";
export const DAY = 86400000; // milliseconds
export const LOOKS = [
  { color: "var(--pin1)", marker: "square" },
  { color: "var(--pin2)", marker: "diamond" },
  { color: "var(--pin3)", marker: "up" },
  { color: "var(--pin4)", marker: "down" },
  { color: "var(--pin5)", marker: "circle" },
  { color: "var(--pin6)", marker: "cross" },
];
const SIDE = { better: "var(--better)", worse: "var(--worse)", lower: "var(--ink)", higher: "var(--ink)", chance: "var(--muted)" };

/** Make an element of a page; an attribute that begins with "on" is a listener. */
export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

/** Make an element of a drawing. */
export function s(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** Return ends of an axis that has these values and zero on it, and round numbers at its ends. */
function roundEnds(low, high) {
  low = Math.min(0, low);
  high = Math.max(0, high);
  if (low === high) return [-1, 1];
  const step = roundStep((high - low) / 4);
  return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
}

/** Return round numbers from one round end of an axis to the other. */
function ticks(low, high) {
  const step = roundStep((high - low) / 4);
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, place) => (first + place) * step);
}

function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 5, 10].find((of) => of * power >= rough * 0.999);
}

/** Axes that move only when they must: they grow at once, and shrink by no less than half. */
export class Axes {
  #ends = new Map();

  ends(name, low, high) {
    const known = this.#ends.get(name);
    if (known && known[0] <= low && known[1] >= high) {
      const now = Math.max(0, high) - Math.min(0, low);
      if (now > (known[1] - known[0]) / 2) return known;
    }
    const ends = roundEnds(low, high);
    if (known && low < 0 && high > 0 && ends[1] - ends[0] > (known[1] - known[0]) / 2) {
      ends[0] = Math.min(ends[0], known[0]);
      ends[1] = Math.max(ends[1], known[1]);
    }
    this.#ends.set(name, ends);
    return ends;
  }
}

/** Write a number as the tables do: a true minus, thousands with commas. */
export function number(value) {
  const size = Math.abs(value);
  const digits = size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2;
  const text = size.toLocaleString("en", { maximumFractionDigits: digits });
  return value < 0 && text !== "0" ? `${MINUS}${text}` : text;
}

function drawing(width, height, label) {
  return s("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label, class: "chart" });
}

function text(x, y, content, attributes = {}) {
  return s("text", { x, y, ...attributes }, content);
}

/** Draw a difference: 90 % of the pairs, 50 %, median, and the error of the median. */
export function strip(outcome, axes) {
  const [width, height, middle] = [300, 34, 12];
  const [low, high] = axes.ends(outcome.name, outcome.q05 ?? 0, outcome.q95 ?? 0);
  const at = (value) => 6 + ((value - low) / (high - low)) * (width - 12);
  const label = `${outcome.title}: ${outcome.median_words} (90 %: ${outcome.interval_words})`;
  const svg = drawing(width, height, label);
  svg.append(s("line", { x1: 6, x2: width - 6, y1: middle, y2: middle, stroke: "var(--line)" }));
  svg.append(s("line", { x1: at(0), x2: at(0), y1: 1, y2: 23, stroke: "var(--muted)" }));
  for (const end of new Set([low, 0, high])) {
    const anchor = end === low ? "start" : end === high ? "end" : "middle";
    const near = end === 0 && (at(0) - at(low) < 40 || at(high) - at(0) < 40) && low !== 0 && high !== 0;
    if (!near) svg.append(text(anchor === "start" ? 2 : anchor === "end" ? width - 2 : at(end), 32, number(end), { "text-anchor": anchor, class: "tick" }));
  }
  if (outcome.median !== null) svg.append(...interval(outcome, at, middle, SIDE[outcome.side]));
  return svg;
}

function interval(outcome, at, y, color) {
  const line = (from, to, width) => s("line", { x1: at(from), x2: at(to), y1: y, y2: y, stroke: color, "stroke-width": width, "stroke-linecap": "butt" });
  const marks = [line(outcome.q05, outcome.q95, 1.6), line(outcome.q25, outcome.q75, 5)];
  if (outcome.median_low_95 !== null) {
    const [low, high] = [at(outcome.median_low_95), at(outcome.median_high_95)];
    marks.push(s("rect", { x: Math.min(low, at(outcome.median) - 1), y: y - 9, width: Math.max(2, high - low), height: 18, rx: 2, fill: color, opacity: 0.22 }));
  }
  const open = outcome.side === "chance";
  marks.push(s("circle", { cx: at(outcome.median), cy: y, r: 4.5, fill: open ? "var(--paper)" : color, stroke: color, "stroke-width": 1.6 }));
  return marks;
}

/** Draw a daily series under baseline and policy: medians, and 90 % of the runs as bands. */
export function curve(of, start, axes) {
  const [width, height, left, right, top, bottom] = [360, 190, 44, 10, 8, 22];
  const days = of.before[0].length;
  const highest = Math.max(...of.before[4], ...of.after[4], 1);
  const [, high] = axes.ends(`curve ${of.series}`, 0, highest);
  const x = (day) => left + (day / Math.max(1, days - 1)) * (width - left - right);
  const y = (value) => height - bottom - (value / high) * (height - top - bottom);
  const [was, is] = [of.before[2][days - 1], of.after[2][days - 1]];
  const svg = drawing(width, height, `${of.title}: ${number(is)} on the last day (median); ${number(was)} in the baseline`);
  for (const tick of [0, high / 2, high]) {
    svg.append(s("line", { x1: left, x2: width - right, y1: y(tick), y2: y(tick), stroke: "var(--line)" }));
    svg.append(text(left - 6, y(tick) + 3.5, number(tick), { "text-anchor": "end", class: "tick" }));
  }
  for (const [day, label] of dateTicks(start, days, 4)) {
    svg.append(text(x(day), height - 6, label, { "text-anchor": day < 4 ? "start" : day > days - 5 ? "end" : "middle", class: "tick" }));
  }
  const path = (values) => values.map((value, day) => `${day ? "L" : "M"}${x(day).toFixed(1)} ${y(value).toFixed(1)}`).join("");
  const band = (bands, color, opacity) => {
    const back = bands[0].map((value, day) => `L${x(day).toFixed(1)} ${y(value).toFixed(1)}`).reverse().join("");
    return s("path", { d: `${path(bands[4])}${back}Z`, fill: color, opacity });
  };
  svg.append(band(of.before, "var(--muted)", 0.16), band(of.after, "var(--better)", 0.2));
  svg.append(s("path", { d: path(of.before[2]), fill: "none", stroke: "var(--muted)", "stroke-width": 1.6, "stroke-dasharray": "4 3" }));
  svg.append(s("path", { d: path(of.after[2]), fill: "none", stroke: "var(--better)", "stroke-width": 2.2 }));
  return svg;
}

/** Return days and labels for the beginnings and middles of months, at most so many; else for the ends. */
export function dateTicks(start, days, most) {
  const labelled = (day) => {
    const date = new Date(Date.parse(start) + day * DAY);
    return [date.getUTCDate(), day, date.toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" })];
  };
  const all = Array.from({ length: days }, (_, day) => labelled(day));
  const wanted = all.filter(([of]) => of === 1 || of === 15);
  const ticks = wanted.length ? wanted : [...new Set([0, days - 1])].map((day) => all[day]);
  const step = Math.ceil(ticks.length / most);
  return ticks.filter((_, place) => place % step === 0).map(([, day, label]) => [day, label]);
}

/** Draw a mark for a policy. */
function mark(x, y, look, hollow) {
  const shapes = {
    circle: "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z",
    square: "M-4.5 -4.5H4.5V4.5H-4.5Z",
    diamond: "M0 -6L6 0L0 6L-6 0Z",
    up: "M0 -6L5.5 4H-5.5Z",
    down: "M0 6L5.5 -4H-5.5Z",
    cross: "M-2 -5.5H2V-2H5.5V2H2V5.5H-2V2H-5.5V-2H-2Z",
  };
  return s("path", { d: shapes[look.marker], transform: `translate(${x} ${y})`, fill: hollow ? "var(--paper)" : look.color, stroke: look.color, "stroke-width": 1.6 });
}

/** Draw differences of several policies in one outcome, a row each. */
export function forest(policies, name, axes) {
  const found = policies.map((policy) => ({ ...policy, outcome: outcomeOf(policy.answer, name) }));
  const known = found.filter((of) => of.outcome && of.outcome.median !== null);
  const [width, row, left, right] = [640, 34, 170, 190];
  const height = 34 + row * found.length + 22;
  const low = Math.min(0, ...known.map((of) => of.outcome.q05));
  const high = Math.max(0, ...known.map((of) => of.outcome.q95));
  const [first, last] = axes.ends(`forest ${name}`, low, high);
  const at = (value) => left + ((value - first) / (last - first)) * (width - left - right);
  const outcome = known[0]?.outcome;
  const label = outcome ? outcome.title : "";
  const svg = drawing(width, height, `${label}: ${known.map((of) => `${of.name} ${of.outcome.median_words}`).join("; ")}`);
  svg.append(s("line", { x1: at(0), x2: at(0), y1: 24, y2: height - 22, stroke: "var(--muted)" }));
  svg.append(text(width - right + 14, 16, "median (90 %)", { class: "tick" }));
  if (outcome) {
    const [lower, higher] = outcome.sides;
    svg.append(text(at(0) - 8, 16, `${lower} \u2190`, { "text-anchor": "end", class: "side", fill: SIDE[lower] }));
    svg.append(text(at(0) + 8, 16, `\u2192 ${higher}`, { class: "side", fill: SIDE[higher] }));
  }
  for (const end of new Set([first, 0, last])) svg.append(text(at(end), height - 6, number(end), { "text-anchor": "middle", class: "tick" }));
  found.forEach((of, place) => {
    const y = 34 + row * (place + 0.5);
    svg.append(mark(10, y, of.look, false));
    svg.append(text(24, y + 4, shortened(of.name, 22), { class: "name" }));
    if (!of.outcome || of.outcome.median === null) {
      svg.append(text(at(0) + 8, y + 4, of.failed ? "not calculated" : "calculating \u2026", { class: "tick" }));
      return;
    }
    svg.append(...interval(of.outcome, at, y, SIDE[of.outcome.side]));
    svg.append(text(width - right + 14, y + 4, `${of.outcome.median_words} (${of.outcome.interval_words})`, { class: "value" }));
  });
  return svg;
}

/** Return the statistics of an outcome in an answer. */
export function outcomeOf(answer, name) {
  return answer?.outcomes.find((of) => of.name === name);
}

function shortened(name, most) {
  return name.length > most ? `${name.slice(0, most - 1)}\u2026` : name;
}

/** Draw means of extra cost against infections averted, with 95 % intervals and the frontier. */
export function plane(policies, standings, frontier, axes) {
  const [width, height, left, right, top, bottom] = [640, 330, 70, 20, 16, 46];
  const known = policies.filter((of) => of.answer);
  const ends = (key, scale) => known.flatMap(({ answer }) => {
    const { mean, half_width: half } = answer.plane[key];
    return [(mean - (half ?? 0)) / scale, (mean + (half ?? 0)) / scale];
  });
  const [across, up] = [ends("averted", 1), ends("extra", 1e6)];
  const [x0, x1] = axes.ends("plane across", Math.min(0, ...across), Math.max(0, ...across));
  const [y0, y1] = axes.ends("plane up", Math.min(0, ...up), Math.max(0, ...up));
  const x = (value) => left + ((value - x0) / (x1 - x0)) * (width - left - right);
  const y = (value) => height - bottom - ((value - y0) / (y1 - y0)) * (height - top - bottom);
  const said = known.map(({ name, answer }) => `${name}: ${number(answer.plane.averted.mean)} averted, ${number(answer.plane.extra.mean / 1e6)} million CNY`);
  const svg = drawing(width, height, `Cost plane, means. ${said.join("; ")}`);
  for (const tick of ticks(y0, y1)) {
    svg.append(s("line", { x1: left, x2: width - right, y1: y(tick), y2: y(tick), stroke: tick ? "var(--line)" : "var(--muted)" }));
    svg.append(text(left - 8, y(tick) + 4, number(tick), { "text-anchor": "end", class: "tick" }));
  }
  for (const tick of ticks(x0, x1)) {
    svg.append(s("line", { x1: x(tick), x2: x(tick), y1: top, y2: height - bottom, stroke: tick ? "var(--line)" : "var(--muted)" }));
    svg.append(text(x(tick), height - bottom + 16, number(tick), { "text-anchor": "middle", class: "tick" }));
  }
  svg.append(text((left + width - right) / 2, height - 8, "Community infections averted per run, mean (better to the right)", { "text-anchor": "middle", class: "tick" }));
  const title = text(16, (top + height - bottom) / 2, "Extra cost, million CNY (better below)", { "text-anchor": "middle", class: "tick" });
  title.setAttribute("transform", `rotate(-90 16 ${(top + height - bottom) / 2})`);
  svg.append(title);
  const at = new Map([["baseline", [x(0), y(0)]]]);
  for (const of of known) at.set(of.digest, [x(of.answer.plane.averted.mean), y(of.answer.plane.extra.mean / 1e6)]);
  const way = frontier.filter((digest) => at.has(digest)).map((digest) => at.get(digest));
  if (way.length > 1) svg.append(s("polyline", { points: way.map((point) => point.join(",")).join(" "), fill: "none", stroke: "var(--muted)", "stroke-width": 1.4 }));
  svg.append(mark(x(0), y(0), { marker: "circle", color: "var(--ink)" }, (standings.baseline ?? "efficient") !== "efficient"));
  for (const of of known) {
    const { averted, extra } = of.answer.plane;
    const line = (a, b, c, d) => s("line", { x1: a, x2: b, y1: c, y2: d, stroke: of.look.color });
    const [px, py] = at.get(of.digest);
    if (averted.half_width) svg.append(line(x(averted.mean - averted.half_width), x(averted.mean + averted.half_width), py, py));
    if (extra.half_width) svg.append(line(px, px, y((extra.mean - extra.half_width) / 1e6), y((extra.mean + extra.half_width) / 1e6)));
    svg.append(mark(px, py, of.look, (standings[of.digest] ?? "efficient") !== "efficient"));
  }
  const labels = [{ name: "baseline", digest: "baseline" }, ...known].map((of) => [shortened(of.name, 24), ...at.get(of.digest)]);
  svg.append(...labelled(labels, width));
  return svg;
}

/** Write labels beside points, each where no point and no other label is, if there is such a place. */
function labelled(labels, width) {
  const taken = labels.map(([, x, y]) => [x - 7, x + 7, y - 7, y + 7]);
  return labels.map(([label, px, py]) => {
    const long = 6.2 * label.length;
    const boxes = [[10, -8], [10, 16], [-10, -8], [-10, 16], [10, -22], [-10, -22], [10, 30], [-10, 30]].map(([dx, dy]) => {
      const x = px + dx;
      return { x, y: py + dy, anchor: dx < 0 ? "end" : "start", box: [dx < 0 ? x - long : x, dx < 0 ? x : x + long, py + dy - 10, py + dy + 3] };
    });
    const isFree = ({ box: [x0, x1, y0, y1] }) => x0 > 0 && x1 < width && !taken.some(([a, b, c, d]) => a < x1 && b > x0 && c < y1 && d > y0);
    const { x, y, anchor, box } = boxes.find(isFree) ?? boxes[0];
    taken.push(box);
    return text(x, y, label, { "text-anchor": anchor, class: "name" });
  });
}

/** Draw the density of a prior, and where the number is fixed. */
export function density(of, value) {
  const [width, height] = [260, 34];
  const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, class: "density", "aria-hidden": "true", preserveAspectRatio: "none" });
  const step = width / of.density.length;
  const points = of.density.map((share, place) => `${((place + 0.5) * step).toFixed(1)},${(height - share * (height - 3)).toFixed(1)}`);
  svg.append(s("polygon", { points: `0,${height} ${points.join(" ")} ${width},${height}`, fill: "var(--bar)" }));
  if (value !== null) {
    const x = sliderPlace(of, value) * width;
    svg.append(s("line", { x1: x, x2: x, y1: 0, y2: height, stroke: "var(--better)", "stroke-width": 2 }));
  }
  return svg;
}

/** Return where on its slider a value is, from 0 to 1. */
export function sliderPlace(of, value) {
  const scale = of.log ? Math.log : (number) => number;
  return Math.min(1, Math.max(0, (scale(value) - scale(of.low)) / (scale(of.high) - scale(of.low))));
}

/** Return the value at a place of a slider, with three digits. */
export function sliderValue(of, place) {
  const value = of.log ? of.low * (of.high / of.low) ** place : of.low + (of.high - of.low) * place;
  return Number(value.toPrecision(3));
}
