// The timetable: a bar for every period of a lever, moved by pointer, by key, or by typed dates.

import { DAY, dateTicks, h } from "./charts.js";
import { redrawn } from "./redraw.js";

const BURST = 400; // milliseconds without a key after which a burst of keys is one change

export class Timetable {
  #root;
  #calendar;
  #commit;
  #rows = [];
  #open = null;
  #filter = "force";
  #at = null;
  #burst = null;
  #days;
  #dragged = false;
  #later = null;
  #problems = [];
  #refused = null;
  #drawing = false;

  /**
   * @param root element that is filled
   * @param commit takes changes of levers; returns a promise
   */
  constructor(root, commit) {
    this.#root = root;
    this.#commit = commit;
  }

  /** Show the rows of a policy and its calendar, after a drag that is going on. */
  show({ rows, calendar }) {
    this.#later = null;
    if (this.#dragged) {
      this.#later = { rows, calendar };
      return;
    }
    // A burst of keys has moved a bar further than what the server has answered.
    const burst = this.#burst?.row;
    this.#rows = structuredClone(rows).map((row) => (burst && key(row) === key(burst) ? burst : row));
    this.#calendar = calendar;
    this.#days = (Date.parse(calendar.end) - Date.parse(calendar.start)) / DAY + 1;
    this.#problems = [];
    this.#refused = null;
    this.#draw();
  }

  /** Show which rows there are: "force", "changed", "all", or those at a place of the corridor. */
  filter(which, at = null) {
    this.#filter = which;
    this.#at = at;
    this.#draw();
  }

  /** Say what is wrong with changes, beside the fields; returns what belongs to no field. */
  complain(problems, changes) {
    this.#problems = problems.filter((of) => this.#rowOf(of.field));
    const [change] = changes;
    this.#refused = change.kind === "lever" ? key(change) : null;
    const row = this.#problems.length ? this.#rowOf(this.#problems[0].field) : null;
    if (row) this.#open = key(row);
    this.#draw();
    return problems.filter((of) => !this.#rowOf(of.field));
  }

  #rowOf(field) {
    const found = this.#rows.filter((row) => field === place(row) || field.startsWith(`${place(row)}[`) || field.startsWith(`${place(row)}.`));
    return found.sort((a, b) => place(b).length - place(a).length)[0];
  }

  #shownRows() {
    if (this.#at) return this.#rows.filter((row) => row.at.includes(this.#at));
    const tests = {
      all: () => true,
      changed: (row) => row.changed,
      force: (row) => row.changed || row.periods.some((period) => !period.off) || row.before.some((period) => !period.off) || key(row) === this.#open,
    };
    return this.#rows.filter(tests[this.#filter]);
  }

  #draw(focus = null) {
    this.#drawing = true;
    redrawn(this.#root, () => this.#fill(), focus);
    this.#drawing = false;
  }

  #fill() {
    const head = h("div", { class: "days", "aria-hidden": "true" }, h("div"), h("div", { class: "track" }));
    for (const [day, label] of dateTicks(this.#calendar.start, this.#days, window.innerWidth < 620 ? 4 : 6)) {
      const tick = h("span", {}, label);
      tick.style.left = `${(100 * day) / this.#days}%`;
      if (!day) tick.style.transform = "none";
      head.lastChild.append(tick);
    }
    const rows = this.#shownRows();
    const nothing = rows.length ? [] : [h("p", { class: "hint" }, this.#at ? "No lever is set here." : "Nothing is changed yet: drag a bar, or choose a lever.")];
    this.#root.replaceChildren(head, ...rows.map((row) => this.#row(row)), ...nothing);
  }

  #row(row) {
    const isOpen = this.#open === key(row);
    const label = h("button", {
      type: "button", class: "lever", "aria-expanded": String(isOpen), "data-key": `${key(row)} label`,
      onclick: () => { this.#open = isOpen ? null : key(row); this.#draw(); },
    }, row.label);
    const track = h("div", { class: "track", "data-row": key(row) });
    const was = row.changed ? row.before.filter((period) => !period.off) : [];
    track.append(...row.periods.map((period, number) => this.#bar(row, period, number)));
    track.append(...was.map((period) => this.#was(period)));
    track.append(...row.periods.filter((period) => period.fields.announced).map((period) => this.#announced(period)));
    const refused = key(row) === this.#refused;
    const line = h("div", { class: `row${refused ? " refused" : row.changed ? " changed" : ""}` }, label, track);
    return isOpen ? h("div", {}, line, this.#form(row)) : line;
  }

  #day(date) {
    return (Date.parse(date) - Date.parse(this.#calendar.start)) / DAY;
  }

  #span(period) {
    const { from, until } = period.fields;
    const first = from ? this.#day(from) : 0;
    const after = until ? this.#day(until) : this.#days;
    return [Math.max(0, Math.min(this.#days, first)), Math.max(0, Math.min(this.#days, after))];
  }

  #isNarrow(period) {
    const [first, after] = this.#span(period);
    return after - first < 0.06 * this.#days;
  }

  #place(element, [first, after]) {
    element.style.left = `${(100 * first) / this.#days}%`;
    element.style.width = `${(100 * Math.max(0, after - first)) / this.#days}%`;
  }

  #was(period) {
    const line = h("div", { class: "was", title: `baseline: ${period.words}` });
    this.#place(line, this.#span(period));
    return line;
  }

  #announced(period) {
    const day = this.#day(period.fields.announced);
    const mark = h("div", { class: "announced", title: `announced ${spoken(period.fields.announced)}` });
    mark.style.left = `${(100 * (day + 0.5)) / this.#days}%`;
    mark.hidden = day < 0 || day >= this.#days;
    return mark;
  }

  #bar(row, period, number) {
    const bar = h("div", { class: `bar ${row.kind}${period.off ? " off" : ""}${this.#isNarrow(period) ? " narrow" : ""}`, "data-bar": `${key(row)} ${number}`, title: `${row.label}: ${period.words}` }, h("span", {}, period.words));
    bar.style.setProperty("--shade", period.shade);
    this.#place(bar, this.#span(period));
    if (!row.dates) return bar;
    for (const end of ["from", "until"]) bar.append(this.#end(row, period, number, end));
    bar.addEventListener("pointerdown", (event) => this.#drag(event, row, number, event.target.dataset.end ?? "both", bar));
    return bar;
  }

  #end(row, period, number, end) {
    const [first, after] = this.#span(period);
    const day = end === "from" ? first : after;
    const open = !period.fields[end];
    const handle = h("button", {
      type: "button", class: `end ${end}`, "data-end": end, "data-key": `${key(row)} ${number} ${end}`,
      role: "slider", "aria-orientation": "horizontal",
      "aria-label": `${row.label}, ${period.words}: ${end === "from" ? "first day" : "first day after"}`,
      "aria-valuemin": 0, "aria-valuemax": this.#days, "aria-valuenow": day,
      "aria-valuetext": open ? (end === "from" ? "from the start" : "to the end") : spoken(period.fields[end]),
      onkeydown: (event) => this.#key(event, row, number, end),
    });
    return handle;
  }

  #drag(event, row, number, end, bar) {
    if (event.button) return;
    event.preventDefault();
    event.target.closest(".end")?.focus({ preventScroll: true });
    const track = bar.parentElement;
    const [first, after] = this.#span(row.periods[number]);
    const begin = event.clientX;
    let moved = [first, after];
    this.#dragged = true;
    const move = (of) => {
      const by = Math.round(((of.clientX - begin) / track.clientWidth) * this.#days);
      moved = shifted(first, after, by, end, this.#days);
      this.#place(bar, moved);
      bar.classList.add("moving");
    };
    const done = (of) => {
      bar.removeEventListener("pointermove", move);
      bar.classList.remove("moving");
      this.#dragged = false;
      const later = this.#later;
      if (of.type === "pointerup" && (moved[0] !== first || moved[1] !== after)) {
        this.#set(row, number, moved, end);
        this.#settle(row, number, end);
        this.#send(row);
      } else if (later) this.show(later);
      else this.#draw();
    };
    bar.setPointerCapture(event.pointerId);
    bar.addEventListener("pointermove", move);
    bar.addEventListener("pointerup", done, { once: true });
    bar.addEventListener("pointercancel", done, { once: true });
  }

  #key(event, row, number, end) {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -7, PageUp: 7, Home: -this.#days, End: this.#days }[event.key];
    if (event.key === "Delete") {
      event.preventDefault();
      row.periods.splice(number, 1);
      this.#send(row);
      return;
    }
    if (!by) return;
    event.preventDefault();
    const [first, after] = this.#span(row.periods[number]);
    this.#set(row, number, shifted(first, after, by, end, this.#days), end);
    this.#draw();
    if (this.#burst?.row !== row) this.endBurst();
    clearTimeout(this.#burst?.timer);
    const work = () => { this.#settle(row, number, end); this.#send(row); };
    this.#burst = { row, work, timer: setTimeout(() => this.endBurst(), BURST) };
  }

  /** Send what a burst of keys has moved. */
  endBurst() {
    const burst = this.#burst;
    this.#burst = null;
    clearTimeout(burst?.timer);
    burst?.work();
  }

  /** Make room for a period that was moved: others end where it begins, or go if it covers them. */
  #settle(row, number, end) {
    const period = row.periods[number];
    const [first, after] = this.#span(period);
    row.periods = row.periods.filter((of) => {
      if (of === period) return true;
      const [begins, ends] = this.#span(of);
      if (ends <= first || begins >= after) return true;
      if (begins < first) of.fields.until = this.#date(first);
      else if (ends > after) of.fields.from = this.#date(after);
      return begins < first || ends > after;
    });
    row.periods.sort((a, b) => this.#span(a)[0] - this.#span(b)[0]);
    this.#draw(end === "both" ? null : `${key(row)} ${row.periods.indexOf(period)} ${end}`);
  }

  /** Write moved ends into a period; an end at that of the calendar is left open. */
  #set(row, number, [first, after], end) {
    const { fields } = row.periods[number];
    const known = this.#span(row.periods[number]);
    if (end !== "until" && first !== known[0]) write(fields, "from", first <= 0 ? "" : this.#date(first));
    if (end !== "from" && after !== known[1]) write(fields, "until", after >= this.#days ? "" : this.#date(after));
    if (fields.announced && end !== "until" && first !== known[0]) {
      // Those who are told earlier stay as many days ahead.
      write(fields, "announced", moved(fields.announced, first - known[0]));
    }
  }

  #date(day) {
    return moved(this.#calendar.start, day);
  }

  #send(row) {
    if (this.#burst?.row === row) {
      // What the burst has moved is in the row already.
      clearTimeout(this.#burst.timer);
      this.#burst = null;
    }
    const listed = new Set(row.fields.filter((field) => field.type === "list").map((field) => field.key));
    const periods = row.periods.map(({ fields }) => Object.fromEntries(
      Object.entries(fields).filter(([, text]) => text !== "").map(([name, text]) => [name, listed.has(name) ? `[${text}]` : text]),
    ));
    return this.#commit([{ kind: "lever", lever: row.lever, name: row.name, periods }]);
  }

  #form(row) {
    const add = () => {
      const last = row.periods.at(-1);
      const fields = last ? { ...last.fields, from: last.fields.until ?? "", until: "" } : suggestion(row);
      if (last && !last.fields.until) {
        // The new one follows in the second half of the last one.
        const [first, after] = this.#span(last);
        fields.from = last.fields.until = this.#date(Math.round((first + after) / 2));
      }
      row.periods.push({ ...(last ?? { words: "", shade: 0.5 }), fields, off: false });
      this.#send(row);
    };
    const reset = () => this.#commit([{ kind: "lever", lever: row.lever, name: row.name, periods: null }]);
    const general = this.#problems.filter((of) => of.field === place(row));
    return h("div", { class: "form" },
      h("p", {}, row.meaning),
      ...row.periods.map((period, number) => this.#periodForm(row, period, number)),
      ...general.map((of) => h("p", { class: "problem", role: "alert" }, of.text)),
      h("div", { class: "doing" },
        row.dates || !row.periods.length ? h("button", { type: "button", onclick: add, "data-key": `${key(row)} add` }, row.periods.length ? "Add a period" : "Set it") : null,
        row.changed || key(row) === this.#refused ? h("button", { type: "button", onclick: reset, "data-key": `${key(row)} reset` }, "As in the baseline") : null,
      ));
  }

  #periodForm(row, period, number) {
    const dates = row.dates ? [{ key: "from", label: "first day", type: "date" }, { key: "until", label: "first day after", type: "date" }] : [];
    const inputs = [...dates, ...row.fields].map((field) => this.#field(row, period, number, field));
    const split = () => {
      const [first, after] = this.#span(period);
      const middle = this.#date(Math.round((first + after) / 2));
      const { announced, ...second } = period.fields;
      row.periods.splice(number + 1, 0, { ...period, fields: { ...second, from: middle } });
      period.fields.until = middle;
      this.#send(row);
    };
    const remove = () => { row.periods.splice(number, 1); this.#send(row); };
    const [first, after] = this.#span(period);
    return h("div", { class: "period", role: "group", "aria-label": `${row.label}, period ${number + 1}` },
      ...inputs.map(([label]) => label),
      row.dates && after - first > 1 ? h("button", { type: "button", onclick: split, "data-key": `${key(row)} ${number} split` }, "Split") : null,
      h("button", { type: "button", onclick: remove, "data-key": `${key(row)} ${number} remove` }, "Remove"),
      ...inputs.map(([, problem]) => problem));
  }

  #field(row, period, number, field) {
    const id = `field ${key(row)} ${number} ${field.key}`.replaceAll(" ", "-");
    const wanted = `${place(row)}[${number}].${field.key}`;
    const alone = row.periods.length === 1 && field.key === "value" ? place(row) : wanted;
    const wrong = this.#problems.filter((of) => of.field === wanted || of.field.startsWith(`${wanted}[`) || of.field === alone || of.field.startsWith(`${alone}[`));
    const range = field.high !== undefined && field.high <= 1 ? " (0 to 1)" : field.type === "integer" ? " (whole number)" : "";
    const example = field.example ? `for example ${field.example}` : null;
    const commit = ({ target }) => {
      // What is drawn anew loses the focus, and is not finished.
      if (this.#drawing || target.value === (period.fields[field.key] ?? "")) return;
      write(period.fields, field.key, target.value);
      this.#send(row);
    };
    let typing = false; // a date has a value after every digit of its year
    const input = h("input", {
      id, type: field.type === "date" ? "date" : "text", value: period.fields[field.key] ?? "",
      inputmode: field.type === "number" ? "decimal" : field.type === "integer" ? "numeric" : null,
      placeholder: example, title: field.meaning || null, "data-key": id,
      autocomplete: "off", "aria-invalid": wrong.length ? "true" : null, "aria-describedby": wrong.length ? `${id}-problem` : null,
      onkeydown: (event) => {
        if (event.key === "Enter") commit(event);
        else typing = field.type === "date";
      },
      onblur: (event) => {
        typing = false;
        commit(event);
      },
      onchange: (event) => {
        if (!typing) commit(event);
      },
    });
    const unit = field.key === "value" && !range && row.unit && field.type !== "text" ? ` (${row.unit})` : range;
    const label = h("label", { class: "short" }, `${field.label}${unit}`, input);
    return [label, wrong.length ? h("p", { class: "problem", id: `${id}-problem`, role: "alert" }, wrong.map((of) => of.text).join(" ")) : null];
  }
}

function key(row) {
  return `${row.lever} ${row.name}`.trim();
}

function place(row) {
  return row.name ? `policies.${row.lever}.${row.name}` : `policies.${row.lever}`;
}

function write(fields, name, text) {
  if (text) fields[name] = text;
  else delete fields[name];
}

function moved(date, days) {
  return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
}

function spoken(date) {
  return new Date(`${date}T00:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
}

/** Return the ends of a bar after a move by some days: at least a day long, and in the calendar. */
function shifted(first, after, by, end, days) {
  if (end === "from") return [Math.max(0, Math.min(after - 1, first + by)), after];
  if (end === "until") return [first, Math.min(days, Math.max(first + 1, after + by))];
  const step = Math.max(-first, Math.min(days - after, by));
  return [first + step, after + step];
}

/** Return the fields of a first period: the value that the schema suggests. */
function suggestion(row) {
  const values = { number: "0.5", integer: "100", date: "" };
  return Object.fromEntries(row.fields.filter((field) => field.needed).map((field) => [field.key, field.example || values[field.type] || ""]));
}
