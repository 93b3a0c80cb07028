// Sliders for what nobody has measured, with the prior drawn behind.

import { density, h, number, sliderPlace, sliderValue } from "./charts.js";

/** The sliders: they are made once, and follow the policy that is shown. */
export class Assumptions {
  #root;
  #fix;
  #sliders = new Map();
  #groups = new Map();

  /**
   * @param root element that is filled
   * @param fix takes the path of a number and its value; null no longer fixes it
   */
  constructor(root, fix) {
    this.#root = root;
    this.#fix = fix;
  }

  show(rows) {
    const paths = rows.map((of) => of.path).join(" ");
    if (paths !== [...this.#sliders.keys()].join(" ")) this.#make(rows);
    for (const of of rows) this.#sliders.get(of.path)(of);
    for (const [group, heading] of this.#groups) {
      const fixed = rows.filter((of) => of.group === group && of.can_be_freed).length;
      heading.textContent = fixed ? `${group}: ${fixed} fixed` : group;
      if (fixed) heading.parentElement.open = true;
    }
  }

  #make(rows) {
    this.#sliders.clear();
    this.#groups.clear();
    const parts = new Map();
    for (const of of rows) parts.set(of.group, [...(parts.get(of.group) ?? []), this.#slider(of)]);
    this.#root.replaceChildren(...[...parts].map(([group, sliders]) => {
      const heading = h("summary");
      this.#groups.set(group, heading);
      return h("details", {}, heading, ...sliders);
    }));
  }

  #slider(of) {
    const label = `${of.label.charAt(0).toUpperCase()}${of.label.slice(1)}`;
    const said = (value) => `${number(value)} ${of.unit}`.trim();
    const output = h("output");
    const behind = h("div", { class: "slide" });
    const value = () => sliderValue(of, Number(slider.value));
    const slider = h("input", {
      type: "range", min: 0, max: 1, step: 0.01, "data-path": of.path, "aria-label": label,
      oninput: () => { output.textContent = said(value()); slider.ariaValueText = said(value()); },
      onchange: () => this.#fix(of.path, value()),
    });
    const free = h("button", {
      type: "button", "aria-label": `Free ${label}`,
      onclick: () => { slider.focus(); this.#fix(of.path, null); },
    }, "Free");
    const row = h("div", { class: "assumed" }, h("span", { title: of.source }, label), behind, output, free);
    this.#sliders.set(of.path, ({ fixed, can_be_freed: canBeFreed }) => {
      const isFixed = fixed !== null;
      row.classList.toggle("fixed", isFixed);
      free.hidden = !canBeFreed;
      slider.value = sliderPlace(of, fixed ?? of.median);
      slider.ariaValueText = isFixed ? said(fixed) : `from the prior, median ${said(of.median)}`;
      output.textContent = isFixed ? said(fixed) : "from the prior";
      const drawing = density(of, fixed);
      if (behind.firstChild === null) behind.append(drawing, slider);
      else behind.firstChild.replaceWith(drawing);
    });
    return row;
  }
}
