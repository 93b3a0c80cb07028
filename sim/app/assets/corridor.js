// The picture of the corridor: a click, Enter or Space on a part of it shows its levers.

import { redrawn } from "./redraw.js";

/** Show a picture, and call ``choose`` with the name of a part, or with null. */
export function showCorridor(root, svg, chosen, choose) {
  redrawn(root, () => fill(root, svg, chosen, choose));
}

function fill(root, svg, chosen, choose) {
  root.innerHTML = svg;
  const picture = root.firstElementChild;
  picture.setAttribute("role", "group");
  picture.setAttribute("aria-label", "Corridor: places, legs, ports, quarantine and towns");
  for (const part of root.querySelectorAll(".part")) {
    const { at } = part.dataset;
    part.setAttribute("tabindex", "0");
    part.dataset.key = at;
    part.setAttribute("role", "button");
    part.setAttribute("aria-label", `Levers of ${at.replaceAll("_", " ")}`);
    part.setAttribute("aria-pressed", String(at === chosen));
    part.classList.toggle("chosen", at === chosen);
    const take = () => choose(at === chosen ? null : at);
    part.addEventListener("click", take);
    part.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      take();
    });
  }
}
