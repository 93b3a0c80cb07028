// Draw a part of the page anew without disturbing the person who is at work in it.

/**
 * Call ``draw``, which replaces what is in ``root``. The focus stays on what has the same
 * ``data-key``, or goes to what followed it; text that is being typed stays as it is.
 */
export function redrawn(root, draw, wanted = null) {
  const active = root.contains(document.activeElement) ? document.activeElement.closest("[data-key]") : null;
  const before = keys(root);
  const key = wanted ?? active?.dataset.key;
  const typed = active?.matches("input") && active.value !== active.defaultValue ? typedIn(active) : null;
  draw();
  if (key === undefined) return;
  const now = new Set(keys(root));
  const place = before.indexOf(key);
  const near = [key, ...before.slice(place + 1), ...before.slice(0, Math.max(0, place)).reverse()];
  const next = near.find((of) => now.has(of));
  if (next === undefined) return;
  const element = root.querySelector(`[data-key="${CSS.escape(next)}"]`);
  element.focus({ preventScroll: true });
  if (typed && next === active.dataset.key) typed(element);
}

function keys(root) {
  return [...root.querySelectorAll("[data-key]")].map((of) => of.dataset.key);
}

/** Return a function that puts the text and the selection of an input into another one. */
function typedIn({ type, value, selectionStart, selectionEnd }) {
  return (input) => {
    input.value = value;
    if (type === "text") input.setSelectionRange(selectionStart, selectionEnd);
  };
}
