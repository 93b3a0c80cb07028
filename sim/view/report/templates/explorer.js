"use strict";
(() => {
  const data = JSON.parse(document.getElementById("explorer-data").textContent);
  const [tool, sliders, note, plots, status] = ["tool", "sliders", "note", "plots", "status"].map(
    (name) => document.getElementById(`explorer-${name}`),
  );
  const drawing = plots.querySelector("svg").namespaceURI;
  const ROW = 30, AXIS = 24, SIDE = 26;

  const html = (tag, parent, text = "") => {
    const element = parent.appendChild(document.createElement(tag));
    element.textContent = text;
    return element;
  };
  const mark = (tag, parent, attributes, text = "") => {
    const element = parent.appendChild(document.createElementNS(drawing, tag));
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  };

  const inputs = data.factors.map((factor, place) => {
    const box = html("div", sliders);
    const label = html("label", box, factor.label);
    const setting = html("span", box);
    const input = html("input", box);
    input.id = `slider-${place}`;
    label.htmlFor = input.id;
    // Who listens is told the setting by the slider itself.
    setting.ariaHidden = "true";
    Object.assign(input, { type: "range", min: 0, max: factor.stops.length - 1, step: 1 });
    input.value = Math.floor((factor.stops.length - 1) / 2);
    input.addEventListener("input", () => tell(show()));
    return { input, setting, factor };
  });

  const chosen = () => inputs.map(({ input, factor }) => factor.stops[Number(input.value)]);

  /** The place of the point that was run nearest to what the sliders say. */
  const nearest = (wanted) => {
    let best = 0, least = Infinity;
    data.points.forEach((point, place) => {
      let distance = 0;
      point.at.forEach((at, number) => {
        const apart = at - wanted[number][0];
        distance += data.factors[number].between ? apart * apart : Number(apart !== 0);
      });
      if (distance < least) [best, least] = [place, distance];
    });
    return best;
  };

  const at = (place) =>
    data.factors.map((factor, number) => `${factor.label} ${data.points[place].words[number]}`).join(", ");

  const panels = data.outcomes.map((outcome, number) => {
    const box = html("div", plots);
    box.className = "plot";
    html("h3", box, outcome.title);
    return data.policies.map((policy, place) => {
      const line = html("p", box);
      const svg = mark("svg", box, { role: "img" });
      return { outcome, policy, place, line, svg, id: `plot-${number}-${place}` };
    });
  }).flat();

  const draw = ({ outcome, place, policy, line, svg, id }, point) => {
    const [values, words] = [outcome.values[place][point], outcome.words[place][point]];
    const width = Math.max(svg.parentNode.clientWidth - 30, 200);
    const x = (value) =>
      SIDE + ((value - outcome.low) / (outcome.high - outcome.low)) * (width - 2 * SIDE);
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${width} ${ROW + AXIS}`);
    svg.setAttribute("aria-labelledby", `${id}-title ${id}-description`);
    mark("title", svg, { id: `${id}-title` }, outcome.title);
    const said = words ? `${words[0]} (${words[1]})` : "no finished run with a value at this point";
    mark("desc", svg, { id: `${id}-description` }, said);
    line.replaceChildren();
    if (data.policies.length > 1) line.append(`${policy}: `);
    html("b", line, words ? words[0] : "");
    line.append(words ? ` (${words[1]})` : said);
    mark("line", svg, { class: "axis", x1: SIDE, x2: width - SIDE, y1: ROW, y2: ROW });
    for (const [value, text] of outcome.ticks) {
      mark("line", svg, { class: "axis", x1: x(value), x2: x(value), y1: ROW, y2: ROW + 5 });
      mark("text", svg, { x: x(value), y: ROW + 18 }, text);
    }
    const across = (name, low, high) =>
      mark("line", svg, { class: name, x1: x(low), x2: x(high), y1: ROW / 2, y2: ROW / 2 });
    const before = outcome.in_file[place];
    if (before) {
      mark("line", svg, { class: "in-file", x1: x(before[2]), x2: x(before[2]), y1: 2, y2: ROW - 2 });
    }
    if (values) {
      across("outer", values[0], values[4]);
      across("inner", values[1], values[3]);
      mark("circle", svg, { class: "median", cx: x(values[2]), cy: ROW / 2, r: 6 });
    }
    return `${outcome.title}${data.policies.length > 1 ? `, ${policy}` : ""}: ${said}`;
  };

  /** Draw what the sliders say, and return it in words. */
  const show = () => {
    const wanted = chosen();
    inputs.forEach(({ input, setting }, number) => {
      setting.textContent = `: ${wanted[number][1]}`;
      input.setAttribute("aria-valuetext", wanted[number][1]);
    });
    const point = nearest(wanted);
    note.textContent = data.exact
      ? `Exactly this point was run: ${at(point)}.`
      : `What is shown is the nearest of the ${data.points.length.toLocaleString("en")} points that were run: ${at(point)}.`;
    return `${note.textContent} ${panels.map((panel) => draw(panel, point)).join(". ")}.`;
  };

  let speaking;
  /** Anyone who moves fast is told only where the slider comes to rest. */
  const tell = (said) => {
    clearTimeout(speaking);
    speaking = setTimeout(() => { status.textContent = said; }, 500);
  };

  plots.querySelector("svg").remove();
  document.querySelector(".without-script").remove();
  tool.hidden = false;
  show();
  addEventListener("resize", show);
})();
