// What is taken away: files, a link that holds the policy, and what that link brings.

import { h } from "./charts.js";
import { ask } from "./state.js";

const MOST_CHARACTERS = 200000;

/** Take away something of a policy, or of those that are pinned; returns what is to be said. */
export async function takeAway(kind, shown, pins) {
  if (kind === "policy") return save(new Blob([shown.text]), `${shown.name}.yaml`);
  if (kind === "baseline") return save(new Blob([shown.base_text]), "baseline_as_assumed.yaml");
  if (kind === "link") return copyLink(shown.text);
  const texts = pins.length ? pins.map((pin) => pin.text) : [shown.text];
  const response = await ask("take", { kind, texts });
  return save(await response.blob(), response.headers.get("content-disposition").match(/"(.*)"/)[1]);
}

/** Return the text of a file of the reader's. */
export async function opened(file) {
  if (file.size > MOST_CHARACTERS) throw new Error(`${file.name} is too large for a policy.`);
  return file.text();
}

/** Return the policy that the address holds, and take it out of the address; null if there is none. */
export async function fromLink() {
  const found = location.hash.match(/^#p=([\w-]+)$/);
  if (!found) return null;
  history.replaceState(null, "", location.pathname);
  try {
    const bytes = Uint8Array.from(atob(found[1].replaceAll("-", "+").replaceAll("_", "/")), (of) => of.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const text = await new Response(stream).text();
    if (text.length <= MOST_CHARACTERS) return text;
  } catch {
    // It was cut, or is none of ours.
  }
  throw new Error("The link holds no policy.");
}

function save(blob, name) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  return "";
}

async function copyLink(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const packed = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const link = `${location.origin}/#p=${packed}`;
  try {
    await navigator.clipboard.writeText(link);
    return "The link is in the clipboard; it holds the policy. Who opens it needs to have been let in.";
  } catch {
    return link;
  }
}
