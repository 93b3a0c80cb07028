// What all parts of the page use.

export const byId = (id) => document.getElementById(id);

/** Return the words of a name. */
export function words(name) {
  return name.replaceAll("_", " ");
}
