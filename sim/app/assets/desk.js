// The page: it sends changes of the policy, and shows what the server answers.

import { showAnswer, showBenefit } from "./answer.js";
import { Assumptions } from "./assumptions.js";
import { Axes, h } from "./charts.js";
import { showCorridor } from "./corridor.js";
import { byId, words } from "./page.js";
import { showPins } from "./pins.js";
import { State, told } from "./state.js";
import { fromLink, opened, takeAway } from "./take_away.js";
import { Timetable } from "./timetable.js";

const FILTERS = { force: "In force", changed: "Changed", all: "All levers" };
const axes = new Axes();

let state;
let timetable;
let assumptions;
let filter = "force";
let chosen = null;
let corridor = { digest: "", drawn: "", flows: false, svg: "" };

async function begin() {
  try {
    state = new State(await told("start"));
  } catch (error) {
    byId("notice").textContent = `The page cannot begin: ${error.message}`;
    return;
  }
  timetable = new Timetable(byId("timetable"), change);
  assumptions = new Assumptions(byId("assumptions"), (path, value) => change([{ kind: "assumption", path, value }]));
  byId("baseline").textContent = `Baseline: ${words(state.start.baseline.replace(/\.yaml$/, ""))}. ${state.start.question}`;
  listen();
  show();
  await take(() => state.resume());
  await take(async () => {
    const linked = await fromLink();
    if (linked) await state.replace(linked);
  });
  hear();
}

/** Do something that changes the policy and may be refused, and say what is wrong where it belongs. */
async function take(work, changes) {
  try {
    await work();
    state.refused = false;
    byId("notice").textContent = "";
    show();
  } catch (error) {
    const problems = error.problems ?? [{ field: "", text: unanswered(error) }];
    if (!state.refused) show();
    const rest = state.refused ? timetable.complain(problems, changes) : problems;
    const names = rest.filter((of) => of.field === "name" || of.field === "question");
    sayOfName(names.map((of) => of.text).join(" "));
    const others = rest.filter((of) => !names.includes(of));
    byId("notice").textContent = others.map((of) => of.line ?? of.text).join(" ");
    showUndo();
  }
}

/** Do something with the policy as it is, when all changes have arrived. */
async function use(work, place, meanwhile = "") {
  timetable.endBurst();
  try {
    byId(place).textContent = meanwhile;
    byId(place).textContent = await work();
  } catch (error) {
    byId(place).textContent = error.problems ? error.message : unanswered(error);
  }
}

function unanswered(error) {
  return error instanceof TypeError ? "The server does not answer; nothing was changed." : error.message;
}

function change(changes) {
  return take(() => state.change(changes), changes);
}

function show() {
  const { shown } = state;
  timetable.show(shown);
  assumptions.show(shown.assumptions);
  showFilters();
  for (const [id, text] of [["name", shown.name], ["question", shown.policy_question]]) {
    if (document.activeElement !== byId(id)) byId(id).value = text;
  }
  sayOfName("");
  showUndo();
  byId("warnings").replaceChildren(...shown.warnings.map((line) => h("li", {}, line)));
  showFile();
  showPinned();
  showCalculated();
  renewCorridor();
}

function sayOfName(problem) {
  byId("name-problem").textContent = problem;
  byId("name").ariaInvalid = problem ? "true" : "false";
}

function showUndo() {
  byId("undo").disabled = !state.past.length && !state.refused;
  byId("redo").disabled = !state.future.length;
}

function showCalculated() {
  byId("hold").checked = state.hold;
  byId("apply").hidden = !state.isHeld && !state.isElsewhere;
  byId("apply").textContent = state.isHeld ? "Apply" : "Calculate here";
  byId("pin").disabled = state.isHeld;
  byId("pin").textContent = state.pins.some((pin) => pin.digest === state.shown.digest) ? "Pinned" : "Pin";
  showAnswer(state, axes);
}

function showPinned() {
  showPins(state, axes, (text) => take(() => state.replace(text)), (name) => pinned(() => state.unpin(name)));
}

function pinned(work) {
  return use(async () => {
    await work();
    showPinned();
    showCalculated();
    return "";
  }, "pin-problem");
}

// The levers that are shown

function showFilters() {
  for (const button of byId("filter").querySelectorAll("[data-filter]")) {
    button.setAttribute("aria-pressed", String(!chosen && button.dataset.filter === filter));
  }
  byId("chosen").hidden = !chosen;
  if (chosen) byId("chosen").textContent = `${words(chosen)} ✕`;
}

function choose(at) {
  if (!at && document.activeElement === byId("chosen")) byId("filter").querySelector("button").focus();
  chosen = at;
  timetable.filter(filter, chosen);
  showFilters();
  drawCorridor();
  if (at) byId("timetable").scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

// What the server says by itself

function hear() {
  const events = new EventSource("/api/events");
  events.onopen = () => { if (byId("notice").textContent.startsWith("The server")) byId("notice").textContent = ""; };
  events.onerror = () => {
    byId("notice").textContent = "The server does not answer. When it runs again, this page goes on; if its link has changed, open the new one.";
    if (events.readyState === EventSource.CLOSED) setTimeout(hear, 2000);
  };
  events.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    HEARD[event.event](event);
  };
}

const HEARD = {
  hello: ({ base }) => { if (base !== state.start.base) location.reload(); },
  at_hand: ({ digest }) => {
    state.atHand = digest;
    showCalculated();
  },
  pins: ({ pins }) => {
    state.pins = pins;
    showPinned();
    showCalculated();
  },
  plane: (event) => {
    state.plane = event;
    showPinned();
  },
  answer: heardOf,
  failed: heardOf,
};

function heardOf(event) {
  state.hear(event);
  if (event.digest === state.shown.digest) {
    showCalculated();
    renewCorridor();
  }
  if (state.pins.some((pin) => pin.digest === event.digest)) showPinned();
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
    corridor = { ...corridor, digest: "" }; // so that the next answer asks again
    return;
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

// The file

function showFile() {
  const { shown, start } = state;
  byId("text").textContent = shown.text;
  byId("base-text").hidden = !shown.base_text;
  byId("base-text").textContent = shown.base_text;
  document.querySelector('[data-take="baseline"]').hidden = !shown.base_text;
  const base = shown.base_text ? "baseline_as_assumed.yaml" : start.baseline;
  const line = ["bordersim compare", base, `${shown.name}.yaml`, start.command_options].filter(Boolean).join(" ");
  byId("command").replaceChildren("In a folder with the baseline: ", h("code", {}, line));
}

// What people do

function listen() {
  const step = (from, to) => {
    timetable.endBurst();
    return take(() => state.step(from, to));
  };
  byId("undo").addEventListener("click", () => step("past", "future"));
  byId("redo").addEventListener("click", () => step("future", "past"));
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.target.matches("input:not([type=range])")) return;
    const what = event.key.toLowerCase();
    if (what !== "z" && what !== "y") return;
    event.preventDefault();
    if (what === "z" && !event.shiftKey) step("past", "future");
    else step("future", "past");
  });
  byId("hold").addEventListener("change", ({ target }) => take(() => state.holdBack(target.checked)));
  byId("apply").addEventListener("click", () => take(() => state.apply()));
  const rename = () => {
    const [name, question] = [byId("name").value.trim(), byId("question").value.trim()];
    if (name !== state.shown.name || question !== state.shown.policy_question) change([{ kind: "name", name, question }]);
  };
  for (const id of ["name", "question"]) byId(id).addEventListener("change", rename);
  byId("pin").addEventListener("click", () => pinned(() => state.pin()));
  byId("outcome").addEventListener("change", showPinned);
  byId("worth").addEventListener("input", () => { if (state.answer) showBenefit(state.answer); });
  byId("open").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    target.value = "";
    if (file) await take(async () => state.replace(await opened(file)));
  });
  for (const button of document.querySelectorAll("[data-take]")) {
    const taken = async () => takeAway(button.dataset.take, await state.settled(), state.pins);
    button.addEventListener("click", () => use(taken, "take-problem", "Making it …"));
  }
  byId("filter").prepend(...Object.entries(FILTERS).map(([which, label]) => h("button", {
    type: "button", "data-filter": which, onclick: () => { filter = which; choose(null); },
  }, label)));
  byId("chosen").addEventListener("click", () => choose(null));
  const library = byId("library");
  library.append(...state.start.library.map((of) => h("option", { value: of.name, title: of.question }, words(of.name))));
  library.append(h("option", { value: " empty" }, "the baseline itself"));
  library.addEventListener("change", () => {
    const of = state.start.library.find(({ name }) => name === library.value);
    take(() => state.replace(of ? of.text : state.start.empty));
    library.value = "";
  });
}

begin();
