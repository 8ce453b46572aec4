// The list beside the map: the same fragment as the page /list gives.

import {html, OVERTAKEN} from "./api.js";
import {fill} from "./elements.js";
import {nodes} from "./fragment.js";
import {filterQuery} from "./state.js";

/** The list of results. */
export class Results {
  /**
   * @param {import("./state.js").Store} store
   * @param {string} lang
   */
  constructor(store, lang) {
    this.store = store;
    this.lang = lang;
    this.place = document.getElementById("results");
    if (this.place) this.place.addEventListener("click", (event) => this.follow(event));
  }

  /**
   * Bring the list of a state.
   * @param {State} state
   */
  async show(state) {
    if (!this.place) return;
    const parts = [filterQuery(state.filter), `lang=${this.lang}`, "fragment=1"];
    const markup = await html("list", `/list?${parts.filter(Boolean).join("&")}`);
    if (markup === OVERTAKEN || typeof markup !== "string") return;
    const hadFocus = this.place.contains(document.activeElement);
    fill(this.place, nodes(markup));
    if (hadFocus) {
      this.place.tabIndex = -1;
      this.place.focus({preventScroll: true});
    }
  }

  /**
   * A feature opens its panel. Anything else is an ordinary link.
   * @param {MouseEvent} event
   */
  follow(event) {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || isForNewTab(event) || link.target) return;
    const address = new URL(link.href);
    const select = link.dataset.select || (address.origin === window.location.origin && selectionOf(address.pathname));
    if (!select) return;
    event.preventDefault();
    this.store.change({select});
  }
}

/**
 * What the address of a feature, county or place selects, else nothing.
 * @param {string} path
 */
export function selectionOf(path) {
  const feature = /^\/f\/([^/]+)\/(.+)$/.exec(path);
  if (feature) return `${decodeURIComponent(feature[1])}/${decodeURIComponent(feature[2])}`;
  const unit = /^\/(county|place)\/([^/]+)$/.exec(path);
  return unit ? `${unit[1]}/${decodeURIComponent(unit[2])}` : "";
}

/** @param {MouseEvent} event */
export function isForNewTab(event) {
  return event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
}
