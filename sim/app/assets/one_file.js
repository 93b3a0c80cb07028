// The page to hand on: pinned policies, compared and one by one, without a server.

const data = JSON.parse(document.getElementById("data").textContent);
const axes = new Axes();
const policies = data.policies.map((of, place) => ({ ...of, digest: String(place), look: LOOKS[place] }));

function compare() {
  byId("forest").replaceChildren(forest(policies, byId("outcome").value, axes));
  byId("plane").replaceChildren(plane(policies, data.standings, data.frontier, axes));
}

function choose(place) {
  const { answer, question, text, name } = policies[place];
  byId("policies").replaceChildren(...policies.map((of, other) => h("button", { type: "button", "aria-pressed": String(other === place), onclick: () => choose(other) }, of.name)));
  byId("sentence").textContent = `${question || name}\n${answer.sentence}`;
  byId("outcomes").replaceChildren(...outcomes(answer, axes));
  byId("curves").replaceChildren(...curves(answer, axes));
  byId("text").textContent = text;
}

byId("question").textContent = `Baseline: ${data.baseline}. ${data.question}`;
byId("outcome").append(...policies[0].answer.outcomes.map((of) => h("option", { value: of.name }, of.title)));
byId("outcome").addEventListener("change", compare);
compare();
choose(0);
