// What a policy changes: an outcome with its figures and its drawing, and the curves.

import { curve, h, strip } from "./charts.js";

const VERDICTS = { better: "more often better", worse: "more often worse", chance: "may be chance", lower: "", higher: "" };

/** Draw the outcomes of an answer. */
export function outcomes(answer, axes) {
  return answer.outcomes.map((of) => h("div", { class: `outcome ${of.side}` },
    h("h3", {}, of.title, h("span", {}, `baseline ${of.before}`)),
    h("div", { class: "figures" },
      h("strong", {}, of.text),
      h("span", { class: "verdict" }, of.side === "chance" && of.q05 === of.q95 ? "" : VERDICTS[of.side]),
      of.error_words && of.q05 !== of.q95 ? h("span", { title: "error of the median from too few pairs, 95 %" }, of.error_words) : null,
      h("span", {}, of.notes.join("; ")),
      h("span", {}, of.chance)),
    h("div", {}, strip(of, axes))));
}

/** Draw the daily series of an answer. */
export function curves(answer, axes) {
  return answer.curves.map((of) => h("div", {}, h("h3", {}, of.title), curve(of, answer.start, axes)));
}
