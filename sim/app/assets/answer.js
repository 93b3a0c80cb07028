// The answer for the policy that is shown: whatever belongs to another one is out of sight.

import { number } from "./charts.js";
import { curves, outcomes } from "./outcomes.js";
import { byId } from "./page.js";

const OLD = ["outcomes", "caption", "curves", "benefit", "short"];

/** Show what is known of the policy at hand. */
export function showAnswer(state, axes) {
  const { answer, failure } = state;
  const section = byId("answer");
  section.setAttribute("aria-busy", String(!answer && !failure));
  section.dataset.digest = state.shown.digest;
  section.dataset.pairs = answer ? answer.pairs : 0;
  // Its place is kept, so that nothing jumps when the next one comes.
  for (const id of OLD) byId(id).classList.toggle("old", !answer);
  byId("pairs").textContent = progress(state);
  byId("bar").value = answer ? answer.pairs / answer.total : 0;
  const said = [answer?.sentence, failure ? `${answer ? "The other pairs" : "This policy"} cannot be calculated: ${failure}` : ""];
  byId("sentence").textContent = said.filter(Boolean).join(" ");
  if (!answer) return;
  byId("caption").textContent = answer.caption;
  byId("outcomes").replaceChildren(...outcomes(answer, axes));
  byId("curves").replaceChildren(...curves(answer, axes));
  const [first] = answer.outcomes;
  byId("short").textContent = first ? `${first.title}: ${first.text}` : "No outcome in any run";
  showBenefit(answer);
}

/** Show what a policy is worth at the worth of an infection that the slider says. */
export function showBenefit(answer) {
  const slider = byId("worth");
  slider.max = answer.benefits.length - 1;
  const { worth, mean, chance } = answer.benefits[slider.value];
  const said = `${number(Number(worth.toPrecision(2)))} CNY`;
  byId("worth-value").textContent = said;
  slider.ariaValueText = said;
  const { averted, extra } = answer.plane;
  byId("benefit").textContent = `Mean net benefit: ${number(mean / 1e6)} million CNY per run (${number(averted.mean)} infections averted, ${number(extra.mean / 1e6)} million CNY of extra cost); above zero in ${chance} of the pairs.`;
}

function progress(state) {
  const { answer, failure } = state;
  if (answer) return `${number(answer.pairs)} of ${number(answer.total)} pairs of runs`;
  if (failure) return "Not calculated";
  if (state.isHeld) return "Held back: press Apply to calculate";
  if (state.isElsewhere) return "Another page of yours is at work on another policy";
  return "Calculating …";
}
