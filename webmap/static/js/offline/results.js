// The results beside the map, as the server's fragment has them (templates/parts/results.html).

import {make} from "../elements.js";
import {nodes} from "../fragment.js";
import {say} from "../messages.js";
import {empty} from "./empty.js";
import {address, conditionsOf, pairsOf} from "./links.js";
import {page} from "./order.js";
import {LINE, rows} from "./pieces.js";

/**
 * @param {OfflineSelection} selection
 * @param {Wanted} wanted
 * @param {{sort: string, offset: number, limit: number}} part
 * @param {OfflineSite} site
 * @param {OfflineWords} words
 * @returns {Promise<string>} markup
 */
export async function results(selection, wanted, part, site, words) {
  const found = page(selection, site, words, part);
  const pairs = pairsOf(conditionsOf(wanted));
  const list = address("list", pairs, words);
  const n = found.total;
  const box = make("div", {class: "results", "data-total": n}, [
    make("div", {class: "panel-head"}, [
      make("h2", {}, [`${say("map.results")} `, make("span", {class: "count"}, [say("list.count", {n})])]),
      make("a", {class: "quiet to-list", href: list}, [say("site.to_list")]),
    ]),
  ]);
  if (!n) box.append(empty(wanted, site, words));
  else {
    box.append(make("ol", {class: "items"}, nodes((await rows(found.rows, LINE, site, words)).join(""))));
    if (n > found.limit) {
      box.append(pager(found, (offset) => address("list", [...pairs, ["offset", offset ? String(offset) : ""]], words), words));
      box.append(make("p", {class: "results-more"}, [make("a", {class: "to-list", href: list}, [say("list.more_in_list", {n})])]));
    }
  }
  return new XMLSerializer().serializeToString(box);
}

/**
 * @param {import("./order.js").Page} found
 * @param {(offset: number) => string} href
 * @param {OfflineWords} words
 * @returns {HTMLElement}
 */
export function pager(found, href, words) {
  const {offset, limit, total, previous, next} = found;
  const step = (/** @type {number | null} */ to, /** @type {string} */ rel, /** @type {(Node | string)[]} */ inside) =>
    (to === null ? make("span", {class: "button is-off"}, inside) : make("a", {class: "button", rel, href: href(to)}, inside));
  return make("nav", {class: "pager", "aria-label": say("list.pages")}, [
    step(previous, "prev", [...nodes(words.signs.left), say("list.previous")]),
    make("span", {class: "pager-place"}, [say("list.page_of", {page: Math.floor(offset / limit) + 1, pages: Math.ceil(total / limit)})]),
    step(next, "next", [say("list.next"), ...nodes(words.signs.right)]),
  ]);
}
