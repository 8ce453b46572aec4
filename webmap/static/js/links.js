// Links that lead out of the map take its state along: the list, the other language, the whole map.

import {filterQuery, query} from "./state.js";

/**
 * Rewrite the links of the page's frame.
 * @param {State} state
 * @param {string} lang
 */
export function carry(state, lang) {
  const filter = filterQuery(state.filter);
  each(".bar a.to-list", (link) => {
    const language = state.lang || lang === "en" ? `lang=${lang}` : "";
    const page = new URLSearchParams(link.search).get("page");
    link.search = [filter, language, page ? `page=${page}` : ""].filter(Boolean).join("&");
  });
  each("[data-lang-switch]", (link) => {
    link.search = query({...state, lang: link.dataset.langSwitch || ""});
  });
  each("#imprint a", (link) => {
    link.search = query(state);
  });
}

/**
 * @param {string} selector
 * @param {(link: HTMLAnchorElement) => void} act
 */
function each(selector, act) {
  document.querySelectorAll(selector).forEach((element) => {
    if (element instanceof HTMLAnchorElement) act(element);
  });
}
