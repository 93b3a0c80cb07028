// Pinned policies: their names, the forest plot and the cost plane.

import { LOOKS, forest, h, plane } from "./charts.js";
import { byId, words } from "./page.js";
import { redrawn } from "./redraw.js";

/**
 * Show what is pinned.
 *
 * @param state what the page knows
 * @param axes of all drawings
 * @param show takes the text of a policy that is wanted
 * @param unpin takes the name of one that is no longer wanted
 */
export function showPins(state, axes, show, unpin) {
  const { pins } = state;
  byId("no-pins").hidden = pins.length > 0;
  byId("pinned").hidden = !pins.length;
  const names = () => byId("pins").replaceChildren(...pins.map((pin, place) => {
    const dot = h("span", { class: "dot" });
    dot.style.background = LOOKS[place].color;
    const failure = state.failureOf(pin.digest);
    return h("li", {}, dot,
      h("button", { type: "button", title: "Show it", "data-key": `${pin.name} show`, onclick: () => show(pin.text) }, words(pin.name)),
      pin.base_digest === pins[0].base_digest ? null : h("small", {}, "other assumptions"),
      failure ? h("small", { class: "problem" }, `not calculated: ${failure}`) : null,
      h("button", { type: "button", "aria-label": `Take out ${words(pin.name)}`, "data-key": `${pin.name} out`, onclick: () => unpin(pin.name) }, "✕"));
  }));
  redrawn(byId("pins"), names);
  if (pins.length) compare(state, axes);
}

function compare(state, axes) {
  const policies = state.pins.map(({ name, digest }, place) => (
    { name: words(name), digest, answer: state.answerTo(digest), failed: Boolean(state.failureOf(digest)), look: LOOKS[place] }));
  const known = policies.find((of) => of.answer)?.answer.outcomes ?? [];
  const select = byId("outcome");
  const wanted = select.value;
  select.replaceChildren(...known.map((of) => h("option", { value: of.name, selected: of.name === wanted }, of.title)));
  const alike = policies.filter((of) => of.answer && of.digest in state.plane.standings);
  byId("forest").replaceChildren(known.length ? forest(policies, select.value, axes) : waiting());
  byId("plane").replaceChildren(alike.length ? plane(alike, state.plane.standings, state.plane.frontier, axes) : waiting());
}

function waiting() {
  return h("p", { class: "hint" }, "Calculating …");
}
