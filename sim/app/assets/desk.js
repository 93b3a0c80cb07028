// The page: it sends changes of the policy, and shows what the server answers.

import { Axes, LOOKS, curve, density, forest, h, number, plane, sliderPlace, sliderValue, strip } from "./charts.js";
import { showCorridor } from "./corridor.js";
import { State, ask, told } from "./state.js";
import { Timetable } from "./timetable.js";

const byId = (id) => document.getElementById(id);
const axes = new Axes();
const FILTERS = { force: "In force", changed: "Changed", all: "All levers" };

let state;
let timetable;
let filter = "force";
let chosen = null;
let corridor = { digest: "", drawn: "", flows: false, svg: "" };

async function begin() {
  state = new State(await told("start"));
  timetable = new Timetable(byId("timetable"), state.start.calendar, change);
  byId("baseline").textContent = `Baseline: ${words(state.start.baseline.replace(/\.yaml$/, ""))}. ${state.start.question}`;
  const library = byId("library");
  library.append(...state.start.library.map((of) => h("option", { value: of.name, title: of.question }, words(of.name))));
  library.append(h("option", { value: " empty" }, "the baseline itself"));
  library.addEventListener("change", () => {
    const of = state.start.library.find(({ name }) => name === library.value);
    take(() => state.replace(of ? of.text : state.start.empty));
    library.value = "";
  });
  listen();
  const linked = await fromLink();
  if (linked) await take(() => state.replace(linked));
  else show();
  hear();
}

function words(name) {
  return name.replaceAll("_", " ");
}

/** Do something that may be refused, and say what is wrong where it belongs. */
async function take(work) {
  try {
    await work();
    byId("notice").textContent = "";
    byId("name-problem").textContent = "";
    show();
    return true;
  } catch (error) {
    const problems = error.problems ?? [{ field: "", text: `The server does not answer (${error.message}).` }];
    const rest = timetable.complain(problems);
    const names = rest.filter((of) => of.field === "name" || of.field === "question");
    byId("name-problem").textContent = names.map((of) => of.text).join(" ");
    const others = rest.filter((of) => !names.includes(of));
    byId("notice").textContent = others.map((of) => of.line ?? of.text).join(" ");
    return false;
  }
}

function change(changes) {
  return take(() => state.change(changes));
}

function show() {
  const { shown } = state;
  timetable.show(shown.rows);
  showFilters();
  if (document.activeElement !== byId("name")) byId("name").value = shown.name;
  if (document.activeElement !== byId("question")) byId("question").value = shown.policy_question;
  byId("undo").disabled = !state.past.length;
  byId("redo").disabled = !state.future.length;
  byId("apply").hidden = !state.isHeld;
  byId("warnings").replaceChildren(...shown.warnings.map((line) => h("li", {}, line)));
  showFile();
  showAnswer();
  showPins();
  showAssumptions();
  renewCorridor();
}

function showFilters() {
  const pressed = (which) => String(!chosen && which === filter);
  const buttons = Object.entries(FILTERS).map(([which, label]) => h("button", {
    type: "button", "aria-pressed": pressed(which),
    onclick: () => { filter = which; choose(null); },
  }, label));
  if (chosen) buttons.push(h("button", { type: "button", "aria-pressed": "true", onclick: () => choose(null) }, `${words(chosen)} ✕`));
  byId("filter").replaceChildren(...buttons);
}

function choose(at) {
  chosen = at;
  timetable.filter(filter, chosen);
  showFilters();
  drawCorridor();
  if (at) byId("timetable").scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

// The answer

function showAnswer() {
  const { answer } = state;
  const section = byId("answer");
  section.setAttribute("aria-busy", String(!answer));
  section.dataset.digest = state.shown.digest;
  section.dataset.pairs = answer ? answer.pairs : 0;
  byId("pin").disabled = state.isHeld;
  if (!answer) {
    const failed = state.failed.get(state.shown.digest);
    byId("pairs").textContent = failed ? "Not calculated" : state.isHeld ? "Held back: press Apply to calculate" : "Calculating …";
    byId("bar").value = 0;
    byId("sentence").textContent = failed ? `This policy cannot be calculated: ${failed}` : "";
    byId("benefit").textContent = "";
    // The numbers of another policy are never shown; its drawings keep the place.
    for (const element of section.querySelectorAll(".figures")) element.replaceChildren(h("span", {}, "…"));
    return;
  }
  byId("pairs").textContent = `${answer.pairs.toLocaleString("en")} of ${answer.total.toLocaleString("en")} pairs of runs`;
  byId("bar").value = answer.pairs / answer.total;
  byId("sentence").textContent = answer.sentence;
  byId("caption").textContent = answer.caption;
  byId("outcomes").replaceChildren(...answer.rows.map(showOutcome));
  showBenefit();
  byId("curves").replaceChildren(...answer.curves.map((of) => h("div", {}, h("h3", {}, of.title), curve(of, answer.start, axes))));
}

function showOutcome(row) {
  const many = row.outcomes.length > 1;
  const chances = row.chance.match(/^(\S+) (.*)$/);
  const shares = many && chances ? chances[2].split(" / ") : [];
  const parts = row.outcomes.map((of, place) => h("div", { class: of.side },
    many ? h("h3", {}, of.title) : null,
    h("div", { class: "figures" },
      h("strong", {}, many ? row.text.split(" / ")[place] : row.text),
      of.error_words && of.q05 !== of.q95 ? h("span", { title: "error of the median from too few pairs, 95 %" }, of.error_words) : null,
      h("span", {}, many ? row.notes[place] ?? "" : row.notes.join("; ")),
      h("span", {}, many ? `${chances[1]} ${shares[place]}` : row.chance)),
    h("div", { class: "live" }, strip(of, axes))));
  const title = many ? null : h("h3", {}, row.title, h("span", {}, `baseline ${row.before}`));
  return h("div", { class: "outcome" }, title, ...parts);
}

function hear() {
  const events = new EventSource("/api/events");
  events.onopen = () => { if (byId("notice").textContent.startsWith("The server")) byId("notice").textContent = ""; };
  events.onerror = () => {
    byId("notice").textContent = "The server does not answer. When it runs again, this page goes on; if its link has changed, open the new one.";
    if (events.readyState === EventSource.CLOSED) setTimeout(hear, 2000);
  };
  events.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.event === "answer") {
      state.answers.set(event.digest, event.answer);
      forgetAnswers();
      if (event.digest === state.shown.digest) {
        showAnswer();
        renewCorridor();
      }
      if (state.pins.some((pin) => pin.digest === event.digest)) showPins();
    } else if (event.event === "plane") {
      state.plane = event;
      showPins();
    } else if (event.event === "failed") {
      state.failed.set(event.digest, event.reason);
      showAnswer();
    }
  };
}

function forgetAnswers() {
  const wanted = new Set([state.shown.digest, ...state.pins.map((pin) => pin.digest)]);
  for (const digest of state.answers.keys()) {
    if (state.answers.size <= 10) return;
    if (!wanted.has(digest)) state.answers.delete(digest);
  }
}

// The corridor

async function renewCorridor() {
  const { text, digest } = state.shown;
  const flows = Boolean(state.answer?.is_last);
  byId("corridor").classList.toggle("old", corridor.drawn !== digest);
  // Drawing takes as long as some runs: the first answer comes first.
  if (!state.answer && corridor.svg) return;
  if (corridor.digest === digest && corridor.flows === flows) return;
  corridor = { ...corridor, digest, flows };
  let drawn;
  try {
    drawn = await told("corridor", { text });
  } catch {
    return; // what is wrong with the policy is said beside its field
  }
  if (drawn.digest !== state.shown.digest) return;
  corridor = { ...drawn, drawn: drawn.digest };
  byId("corridor").classList.remove("old");
  byId("flows").textContent = drawn.flows ? "People (grey) and the infected among them (orange); medians of all runs" : "Seats and rules; flows follow with the last runs";
  drawCorridor();
}

function drawCorridor() {
  if (corridor.svg) showCorridor(byId("corridor"), corridor.svg, chosen, choose);
}

// Pinned policies

function showPins() {
  const { pins } = state;
  byId("no-pins").hidden = pins.length > 0;
  byId("pinned").hidden = !pins.length;
  byId("pin").textContent = pins.some((pin) => pin.digest === state.shown.digest) ? "Pinned" : "Pin";
  byId("pins").replaceChildren(...pins.map((pin, place) => {
    const dot = h("span", { class: "dot" });
    dot.style.background = LOOKS[place].color;
    const other = pin.base_digest !== pins[0].base_digest;
    return h("li", {}, dot,
      h("button", { type: "button", title: "Show it", onclick: () => take(() => state.replace(pin.text)) }, words(pin.name)),
      other ? h("small", {}, "other assumptions") : null,
      h("button", { type: "button", "aria-label": `Take out ${words(pin.name)}`, onclick: () => unpin(pin.name) }, "✕"));
  }));
  if (!pins.length) return;
  const policies = pins.map((pin, place) => ({ name: words(pin.name), digest: pin.digest, answer: state.answers.get(pin.digest), look: LOOKS[place] }));
  const outcomes = policies.find((of) => of.answer)?.answer.rows.flatMap((row) => row.outcomes) ?? [];
  const select = byId("outcome");
  const wanted = select.value;
  select.replaceChildren(...outcomes.map((of) => h("option", { value: of.name, selected: of.name === wanted }, of.title)));
  byId("forest").replaceChildren(outcomes.length ? forest(policies, select.value, axes) : h("p", { class: "hint" }, "Calculating …"));
  const alike = policies.filter((of) => of.answer && of.digest in state.plane.standings);
  byId("plane").replaceChildren(alike.length ? plane(alike, state.plane.standings, state.plane.frontier, axes) : h("p", { class: "hint" }, "Calculating …"));
}

async function unpin(name) {
  await take(async () => { state.pins = (await told("pins", { unpin: name })).pins; });
}

// Assumptions

function showBenefit() {
  const worth = Number((10 ** Number(byId("worth").value)).toPrecision(2));
  byId("worth-value").textContent = `${worth.toLocaleString("en")} CNY`;
  const { answer } = state;
  if (!answer) return;
  const { averted, extra } = answer.plane;
  const benefit = (worth * averted.mean - extra.mean) / 1e6;
  byId("benefit").textContent = `Mean net benefit: ${number(benefit)} million CNY per run (${number(averted.mean)} infections averted, ${number(extra.mean / 1e6)} million CNY of extra cost).`;
}

function showAssumptions() {
  const root = byId("assumptions");
  const open = new Set([...root.querySelectorAll("details[open]")].map((of) => of.dataset.group));
  const focus = document.activeElement?.dataset?.path;
  const groups = grouped(state.shown.assumptions);
  root.replaceChildren(...[...groups].map(([group, rows]) => {
    const fixed = rows.filter((of) => of.fixed !== null).length;
    return h("details", { "data-group": group, open: open.has(group) || fixed > 0 },
      h("summary", {}, fixed ? `${group}: ${fixed} fixed` : group), ...rows.map(showAssumption));
  }));
  if (focus) root.querySelector(`[data-path="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
}

function grouped(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  return groups;
}

function showAssumption(of) {
  const label = `${of.label.charAt(0).toUpperCase()}${of.label.slice(1)}`;
  const said = (value) => `${number(value)} ${of.unit}`;
  const output = h("output", {}, of.fixed === null ? "from the prior" : said(of.fixed));
  const slider = h("input", {
    type: "range", min: 0, max: 1, step: 0.01, value: sliderPlace(of, of.fixed ?? of.median), "data-path": of.path,
    "aria-label": label, "aria-valuetext": of.fixed === null ? `from the prior, median ${said(of.median)}` : said(of.fixed),
    oninput: () => { output.textContent = said(sliderValue(of, Number(slider.value))); },
    onchange: () => change([{ kind: "assumption", path: of.path, value: sliderValue(of, Number(slider.value)) }]),
  });
  const free = h("button", { type: "button", "aria-label": `Free ${label}`, onclick: () => change([{ kind: "assumption", path: of.path, value: null }]) }, "Free");
  return h("div", { class: `assumed${of.fixed === null ? "" : " fixed"}` },
    h("span", { title: of.source }, label), h("div", { class: "slide" }, density(of, of.fixed), slider), output, of.fixed === null ? h("span") : free);
}

// The file, and what is taken away

function showFile() {
  const { shown, start } = state;
  byId("text").textContent = shown.text;
  byId("base-text").hidden = !shown.base_text;
  byId("base-text").textContent = shown.base_text;
  document.querySelector('[data-take="baseline"]').hidden = !shown.base_text;
  const base = shown.base_text ? "baseline_as_assumed.yaml" : start.baseline;
  byId("command").replaceChildren("In a folder with the baseline: ", h("code", {}, `bordersim compare ${base} ${shown.name}.yaml`));
}

async function taken(kind) {
  const { shown } = state;
  const problem = byId("take-problem");
  problem.textContent = "";
  if (kind === "policy") return save(new Blob([shown.text]), `${shown.name}.yaml`);
  if (kind === "baseline") return save(new Blob([shown.base_text]), "baseline_as_assumed.yaml");
  if (kind === "link") {
    const link = `${location.origin}/#p=${await packed(shown.text)}`;
    try {
      await navigator.clipboard.writeText(link);
      problem.textContent = "The link is in the clipboard; it holds the policy. Who opens it needs to have been let in.";
    } catch {
      problem.textContent = link;
    }
    return undefined;
  }
  try {
    problem.textContent = "Making it …";
    const texts = state.pins.length ? state.pins.map((pin) => pin.text) : [shown.text];
    const response = await ask("take", { kind, texts });
    save(await response.blob(), response.headers.get("content-disposition").match(/"(.*)"/)[1]);
    problem.textContent = "";
  } catch (error) {
    problem.textContent = error.message;
  }
  return undefined;
}

function save(blob, name) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

async function packed(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function fromLink() {
  const found = location.hash.match(/^#p=([\w-]+)$/);
  if (!found) return null;
  history.replaceState(null, "", location.pathname);
  try {
    const bytes = Uint8Array.from(atob(found[1].replaceAll("-", "+").replaceAll("_", "/")), (of) => of.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const text = await new Response(stream).text();
    return text.length <= 200000 ? text : null;
  } catch {
    byId("notice").textContent = "The link holds no policy.";
    return null;
  }
}

function listen() {
  byId("undo").addEventListener("click", () => take(() => state.step("past", "future")));
  byId("redo").addEventListener("click", () => take(() => state.step("future", "past")));
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.target.matches("input:not([type=range])")) return;
    const what = event.key.toLowerCase();
    if (what !== "z" && what !== "y") return;
    event.preventDefault();
    const back = what === "z" && !event.shiftKey;
    take(() => (back ? state.step("past", "future") : state.step("future", "past")));
  });
  byId("hold").addEventListener("change", (event) => {
    state.hold = event.target.checked;
    if (!state.hold && state.isHeld) take(() => state.apply());
  });
  byId("apply").addEventListener("click", () => take(() => state.apply()));
  const rename = () => {
    const [name, question] = [byId("name").value.trim(), byId("question").value.trim()];
    if (name !== state.shown.name || question !== state.shown.policy_question) change([{ kind: "name", name, question }]);
  };
  for (const id of ["name", "question"]) byId(id).addEventListener("change", rename);
  byId("pin").addEventListener("click", () => take(async () => {
    state.pins = (await told("pins", { text: state.shown.text })).pins;
  }));
  byId("outcome").addEventListener("change", showPins);
  byId("worth").addEventListener("input", showBenefit);
  byId("open").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    if (file.size > 200000) byId("notice").textContent = `${file.name} is too large for a policy.`;
    else await take(async () => state.replace(await file.text()));
  });
  for (const button of document.querySelectorAll("[data-take]")) button.addEventListener("click", () => taken(button.dataset.take));
}

begin();
