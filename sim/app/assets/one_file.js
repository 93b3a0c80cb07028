// The page to hand on: pinned policies, compared and one by one, without a server.

const data = JSON.parse(document.getElementById("data").textContent);
const axes = new Axes();
const byId = (id) => document.getElementById(id);
const policies = data.policies.map((of, place) => ({ ...of, digest: String(place), look: LOOKS[place] }));

function compare() {
  byId("forest").replaceChildren(forest(policies, byId("outcome").value, axes));
  byId("plane").replaceChildren(plane(policies, data.standings, data.frontier, axes));
}

function choose(place) {
  const { answer, question, text, name } = policies[place];
  byId("policies").replaceChildren(...policies.map((of, other) => h("button", { type: "button", "aria-pressed": String(other === place), onclick: () => choose(other) }, of.name)));
  byId("sentence").textContent = `${question || name}\n${answer.sentence}`;
  byId("outcomes").replaceChildren(...answer.rows.map((row) => h("div", { class: "outcome" },
    h("h3", {}, row.title, h("span", {}, `baseline ${row.before}`)),
    h("div", { class: "figures" }, h("strong", {}, row.text), h("span", {}, row.notes.join("; ")), h("span", {}, row.chance)),
    ...row.outcomes.map((of) => strip(of, axes)))));
  byId("curves").replaceChildren(...answer.curves.map((of) => h("div", {}, h("h3", {}, of.title), curve(of, answer.start, axes))));
  byId("text").textContent = text;
}

byId("question").textContent = `Baseline: ${data.baseline}. ${data.question}`;
byId("outcome").append(...policies[0].answer.rows.flatMap((row) => row.outcomes).map((of) => h("option", { value: of.name }, of.title)));
byId("outcome").addEventListener("change", compare);
compare();
choose(0);
