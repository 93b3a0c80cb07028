// What the page knows: the text of the policy, what was undone, and what the server says of it.

/** Ask the server; what it refuses is an error with its problems. */
export async function ask(name, asked = {}) {
  const response = await fetch(`/api/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(asked),
  });
  if (response.ok) return response;
  const said = await response.text();
  const problems = response.status === 422 ? JSON.parse(said).problems : [{ field: "", text: said }];
  throw Object.assign(new Error(problems.map((of) => of.text).join("\n")), { problems });
}

/** Ask the server, and return what it says as data. */
export async function told(name, asked) {
  return (await ask(name, asked)).json();
}

const KEPT = "desk-history";
const MOST_KEPT = 60;

/** The policy at hand, and the texts before and after it. */
export class State {
  constructor(start) {
    this.start = start;
    this.shown = start;
    this.pins = start.pins;
    this.answers = new Map();
    this.failed = new Map();
    this.plane = { standings: {}, frontier: [] };
    this.hold = false;
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    this.past = kept?.now === start.text ? kept.past : [];
    this.future = kept?.now === start.text ? kept.future : [];
    this.sent = start.text;
    this.chain = Promise.resolve();
  }

  /** The answer for the policy that is shown; none if its changes are held back. */
  get answer() {
    return this.answers.get(this.shown.digest);
  }

  get isHeld() {
    return this.shown.text !== this.sent;
  }

  /** Make changes, one after the other; an error leaves everything as it was. */
  change(changes) {
    return this.#inTurn(async () => {
      const before = this.shown.text;
      this.#show(await told("change", { text: before, changes, only_look: this.hold }));
      if (this.shown.text === before) return;
      this.past = [...this.past, before].slice(-MOST_KEPT);
      this.future = [];
      this.#keep();
    });
  }

  /** Take another text, such as that of a file. */
  replace(text) {
    return this.#inTurn(async () => {
      const before = this.shown.text;
      this.#show(await told("change", { text }));
      this.sent = this.shown.text;
      if (this.shown.text !== before) this.past = [...this.past, before].slice(-MOST_KEPT);
      this.future = [];
      this.#keep();
    });
  }

  /** Go back, or forward, by one change. */
  step(from, to) {
    return this.#inTurn(async () => {
      if (!this[from].length) return;
      const text = this[from].at(-1);
      const before = this.shown.text;
      this.#show(await told("change", { text, only_look: this.hold }));
      this[from] = this[from].slice(0, -1);
      this[to] = [...this[to], before];
      this.#keep();
    });
  }

  /** Let the server calculate what was held back. */
  apply() {
    return this.#inTurn(async () => {
      this.#show(await told("change", { text: this.shown.text }));
      this.sent = this.shown.text;
    });
  }

  #inTurn(work) {
    this.chain = this.chain.catch(() => {}).then(work);
    return this.chain;
  }

  #show(shown) {
    this.shown = shown;
    if (!this.hold) this.sent = shown.text;
  }

  #keep() {
    const { past, future, shown } = this;
    sessionStorage.setItem(KEPT, JSON.stringify({ past, future, now: shown.text }));
  }
}
