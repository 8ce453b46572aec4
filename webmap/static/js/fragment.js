// HTML that our own server rendered, put into the page without anything that could run.

const UNWANTED = "script, style, link, meta, base, iframe, object, embed";

/**
 * The nodes of a fragment, inert: no scripts, no handlers, no addresses that run.
 * @param {string} markup
 * @returns {Node[]}
 */
export function nodes(markup) {
  const parsed = new DOMParser().parseFromString(markup, "text/html");
  parsed.querySelectorAll(UNWANTED).forEach((element) => element.remove());
  parsed.body.querySelectorAll("*").forEach((element) => {
    for (const {name, value} of Array.from(element.attributes)) {
      const runs = name.startsWith("on") || /^\s*(javascript|data):/i.test(value) && /^(href|src|action|formaction)$/.test(name);
      if (runs) element.removeAttribute(name);
    }
  });
  return Array.from(parsed.body.childNodes);
}
