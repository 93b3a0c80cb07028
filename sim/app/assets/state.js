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
const MOST_ANSWERS = 10;

/** The policy at hand, and the texts before and after it. */
export class State {
  #answers = new Map();
  #failed = new Map();
  #asking = 0;

  constructor(start) {
    this.start = start;
    this.shown = start;
    this.pins = start.pins;
    this.plane = { standings: {}, frontier: [] };
    this.hold = false;
    this.refused = false; // whether the last change was: what is typed is not what is shown
    this.past = [];
    this.future = [];
    this.sent = start; // what the server calculates for this page
    this.atHand = null; // the digest of what it calculates, for whichever page
    this.chain = Promise.resolve();
  }

  /** The answer for the policy that is shown, if there is one. */
  get answer() {
    return this.#answers.get(this.shown.digest);
  }

  /** Why the policy that is shown has no more answers. */
  get failure() {
    return this.#failed.get(this.shown.digest);
  }

  get isHeld() {
    return this.shown.text !== this.sent.text;
  }

  /** Whether another page of the same user has the server at work on another policy. */
  get isElsewhere() {
    return !this.#asking && this.atHand !== null && this.atHand !== this.sent.digest;
  }

  answerTo(digest) {
    return this.#answers.get(digest);
  }

  failureOf(digest) {
    return this.#failed.get(digest);
  }

  /** Keep what the server says of a policy; of old ones nothing is kept. */
  hear({ event, digest, answer, reason }) {
    if (event === "failed") this.#failed.set(digest, reason);
    else {
      this.#answers.set(digest, answer);
      this.#failed.delete(digest);
    }
    const wanted = new Set([this.shown.digest, ...this.pins.map((pin) => pin.digest)]);
    for (const known of [this.#answers, this.#failed]) {
      for (const old of known.keys()) if (known.size > MOST_ANSWERS && !wanted.has(old)) known.delete(old);
    }
  }

  /** Take up what was at hand before the page was loaded again: what can be undone, and what is held back. */
  async resume() {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    if (kept?.sent !== this.start.text) return;
    [this.past, this.future, this.hold] = [kept.past, kept.future, kept.hold];
    if (kept.now !== kept.sent) await this.#inTurn(() => this.#ask({ text: kept.now }, this.hold));
  }

  /** Make changes, one after the other; an error leaves everything as it was. */
  change(changes) {
    return this.#inTurn(() => this.#go({ text: this.shown.text, changes }, this.hold));
  }

  /** Take another text, such as that of a file. */
  replace(text) {
    return this.#inTurn(() => this.#go({ text }, false));
  }

  /** Go back, or forward, by one change; one that was refused is given up first. */
  step(from, to) {
    return this.#inTurn(async () => {
      if (this.refused) {
        this.refused = false;
        return;
      }
      if (!this[from].length) return;
      const before = this.shown.text;
      await this.#ask({ text: this[from].at(-1) }, this.hold);
      this[from] = this[from].slice(0, -1);
      this[to] = [...this[to], before];
      this.#keep();
    });
  }

  /** Hold changes back from now on, or no longer: then what is held back is calculated. */
  holdBack(hold) {
    this.hold = hold;
    return this.#inTurn(async () => {
      if (!hold && this.isHeld) await this.#ask({ text: this.shown.text }, false);
      this.#keep();
    });
  }

  /** Let the server calculate what is shown. */
  apply() {
    return this.#inTurn(async () => {
      await this.#ask({ text: this.shown.text }, false);
      this.#keep();
    });
  }

  /** Pin the policy at hand, with all changes that are on their way. */
  pin() {
    return this.#inTurn(async () => {
      const { text } = this.#valid();
      this.pins = (await told("pins", { text })).pins;
    });
  }

  unpin(name) {
    return this.#inTurn(async () => { this.pins = (await told("pins", { unpin: name })).pins; });
  }

  /** Return the policy at hand when all changes have arrived; not if the last one was refused. */
  settled() {
    return this.#inTurn(async () => this.#valid());
  }

  #valid() {
    if (this.refused) throw new Error("The last change is not valid: mend it, or undo it.");
    return this.shown;
  }

  #inTurn(work) {
    this.#asking += 1;
    this.chain = this.chain.catch(() => {}).then(work).finally(() => { this.#asking -= 1; });
    return this.chain;
  }

  async #go(asked, onlyLook) {
    const before = this.shown.text;
    await this.#ask(asked, onlyLook);
    if (this.shown.text === before) return;
    this.past = [...this.past, before].slice(-MOST_KEPT);
    this.future = [];
    this.#keep();
  }

  async #ask(asked, onlyLook) {
    try {
      this.shown = await told("change", { ...asked, only_look: onlyLook });
      this.refused = false;
    } catch (error) {
      // A text from elsewhere leaves what is shown, and what the server has not seen is put back.
      this.refused = Boolean(error.problems && asked.changes);
      throw error;
    }
    if (onlyLook) return;
    this.sent = this.shown;
    this.atHand = this.shown.digest;
  }

  #keep() {
    const { past, future, shown, sent, hold } = this;
    sessionStorage.setItem(KEPT, JSON.stringify({ past, future, hold, now: shown.text, sent: sent.text }));
  }
}
