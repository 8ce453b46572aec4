// The list on a site without a server: the same table as the server's, under the filter of the address.

import {Refusal} from "../api.js";
import {fill, make} from "../elements.js";
import {Filters} from "../filters.js";
import {nodes} from "../fragment.js";
import {language, number, say} from "../messages.js";
import {filterQuery, parse, query, Store} from "../state.js";
import {Backend} from "./backend.js";
import {empty} from "./empty.js";
import {address, conditionsOf, pairsOf} from "./links.js";
import {page} from "./order.js";
import {MIXED, rows, SINGLE} from "./pieces.js";
import {read} from "./query.js";
import {pager} from "./results.js";

const LIMIT = 50;

/** The page of the list. */
class List {
  /**
   * @param {Backend} backend
   * @param {HTMLElement} place .list-main
   */
  constructor(backend, place) {
    this.backend = backend;
    this.place = place;
    this.head = /** @type {HTMLElement} */ (place.querySelector(".page-head"));
    this.chips = document.getElementById("chips") || make("div", {id: "chips", class: "chips", role: "group", "aria-label": say("filter.active")});
    this.tabs = /** @type {HTMLElement} */ (place.querySelector(".tabs"));
    this.body = make("div", {class: "list-found"});
    fill(place, [this.head, this.chips, this.tabs, this.body]);
    this.store = new Store();
    this.filters = new Filters(this.store);
    this.asked = 0;
    this.store.subscribe((state) => {
      this.filters.write(state.filter);
      this.show();
    });
    document.addEventListener("click", (event) => this.follow(event));
  }

  /**
   * Links to this list under another filter, order or page need no new page.
   * @param {MouseEvent} event
   */
  follow(event) {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.defaultPrevented) return;
    if (!this.place.contains(link) || !link.hasAttribute("href") || link.hash || link.pathname !== window.location.pathname) return;
    const state = parse(link.search);
    if (state.page !== this.store.state.page) return;
    event.preventDefault();
    this.store.change({...state, lang: this.store.state.lang});
    window.scrollTo(0, 0);
  }

  /** Show what the state asks for; of several only the last. */
  async show() {
    this.asked += 1;
    const mine = this.asked;
    try {
      const {site, words} = this.backend;
      const {filter, sort, offset} = this.store.state;
      const wanted = read(new URLSearchParams(filterQuery(filter)), site);
      const selection = this.backend.select(wanted, filterQuery(filter));
      const found = page(selection, site, words, {sort, offset: Math.max(0, Math.floor(Number(offset)) || 0), limit: LIMIT});
      const kinds = wanted.lists.get("kind") || [];
      const kind = kinds.length === 1 ? kinds[0] : "";
      const [summary, made] = await Promise.all([
        this.backend.api("summary", new URLSearchParams(filterQuery(filter))),
        rows(found.rows, kind ? SINGLE : MIXED, site, words),
      ]);
      if (mine !== this.asked) return;
      this.filters.count(summary);
      this.write(wanted, found, kind, made, summary);
    } catch (error) {
      if (mine !== this.asked) return;
      const told = error instanceof Refusal && error.message ? error.message : say("error");
      fill(this.body, [make("div", {class: "empty", role: "alert"}, [
        make("p", {class: "empty-title"}, [told]),
        make("p", {}, [make("a", {href: address("list", [], this.backend.words), "data-remove": "*"}, [say("list.empty_all")])]),
      ])]);
    }
  }

  /**
   * @param {Wanted} wanted
   * @param {import("./order.js").Page} found
   * @param {string} kind of which alone this is a list; empty for several
   * @param {string[]} made rows
   * @param {Summary} summary
   */
  write(wanted, found, kind, made, summary) {
    const {words} = this.backend;
    const pairs = pairsOf(conditionsOf(wanted));
    this.title(found, kind, pairs);
    fill(this.tabs, this.tabsOf(wanted, summary));
    this.chips.hidden = !this.chips.childElementCount;
    if (!found.total) {
      fill(this.body, [empty(wanted, this.backend.site, words)]);
      return;
    }
    const {sort} = this.store.state;
    /** @type {Node[]} */
    const parts = [this.table(found, kind, made, pairs)];
    if (found.total > found.limit) {
      parts.push(pager(found, (offset) => address("list", [...pairs, ["sort", sort], ["offset", offset ? String(offset) : ""]], words), words));
    }
    fill(this.body, parts);
    document.body.dataset.total = String(found.total);
  }

  /**
   * @param {import("./order.js").Page} found
   * @param {string} kind
   * @param {[string, string][]} pairs
   */
  title(found, kind, pairs) {
    const {words} = this.backend;
    const {total, offset, rows: shown, limit} = found;
    const part = total > limit ? ` · ${say("list.shown", {first: number(Math.min(offset + 1, total)), last: number(offset + shown.length)})}` : "";
    const heading = /** @type {HTMLElement} */ (this.head.querySelector("h1"));
    heading.textContent = kind ? words.plurals[kind] : say("list.heading");
    fill(/** @type {HTMLElement} */ (this.head.querySelector(".page-lead")), [
      `${say("list.count", {n: total})}${part} `,
      make("a", {class: "on-map", href: address("map", pairs, words)}, [...nodes(words.signs.map), say("list.show_on_map")]),
    ]);
  }

  /**
   * @param {Wanted} wanted
   * @param {Summary} summary
   * @returns {Node[]}
   */
  tabsOf(wanted, summary) {
    const {site, words} = this.backend;
    const chosen = wanted.lists.get("kind") || [];
    const counts = summary.facets.kind;
    const rest = pairsOf(conditionsOf(wanted)).filter(([param]) => param !== "kind");
    const tab = (/** @type {string} */ text, /** @type {number} */ n, /** @type {boolean} */ current, /** @type {string} */ kind) =>
      make("a", {class: "tab", href: address("list", [...rest, ["kind", kind]], words), "aria-current": current ? "true" : null}, [
        `${text} `, make("span", {class: "count"}, [number(n)]),
      ]);
    const all = site.kinds.reduce((sum, kind) => sum + (counts[kind] || 0), 0);
    return [tab(say("list.all_kinds"), all, !chosen.length, "")].concat(site.kinds
      .filter((kind) => counts[kind] || chosen.includes(kind))
      .map((kind) => tab(words.plurals[kind], counts[kind] || 0, chosen.includes(kind), kind)));
  }

  /**
   * @param {import("./order.js").Page} found
   * @param {string} kind
   * @param {string[]} made
   * @param {[string, string][]} pairs
   * @returns {HTMLElement}
   */
  table(found, kind, made, pairs) {
    const caption = say("list.caption", {n: found.total});
    const heads = this.backend.words.heads[kind].map((head) => this.headOf(head, pairs));
    // Rows only stand in a table: whatever else reads them would drop their cells.
    const [parsed] = nodes(`<table><tbody role="rowgroup">${made.join("")}</tbody></table>`);
    return make("div", {class: "table-wrap", tabindex: "0", role: "group", "aria-label": caption}, [
      make("table", {class: "list-table", role: "table"}, [
        make("caption", {class: "visually-hidden"}, [caption]),
        make("thead", {role: "rowgroup"}, [make("tr", {role: "row"}, heads)]),
        ...Array.from(parsed.childNodes),
      ]),
    ]);
  }

  /**
   * A first click sorts figures and dates from the top, names from the start; a second one turns that round.
   * @param {OfflineHead} head
   * @param {[string, string][]} pairs
   */
  headOf({label, numeric, sort}, pairs) {
    const cell = make("th", {scope: "col", role: "columnheader", class: numeric ? "num" : null});
    if (!sort) {
      cell.append(label);
      return cell;
    }
    const held = this.store.state.sort;
    const order = held === sort ? "ascending" : held === `-${sort}` ? "descending" : "none";
    const [first, second] = sort === "name" ? [sort, `-${sort}`] : [`-${sort}`, sort];
    cell.setAttribute("aria-sort", order);
    const href = address("list", [...pairs, ["sort", held === first ? second : first]], this.backend.words);
    cell.append(make("a", {href, "aria-label": say("list.sort_by", {name: label})}, [
      label, make("span", {class: "sort-sign", "aria-hidden": "true"}, [order === "ascending" ? "↑" : order === "descending" ? "↓" : "↕"]),
    ]));
    return cell;
  }
}

/** Links to the other language take the list's state along. @param {State} state */
function carry(state) {
  document.querySelectorAll("[data-lang-switch]").forEach((element) => {
    if (element instanceof HTMLAnchorElement) element.search = query({...state, lang: element.dataset.langSwitch || ""});
  });
  document.querySelectorAll(".bar a.to-map").forEach((element) => {
    const lang = state.lang || language() === "en" ? `lang=${language()}` : "";
    if (element instanceof HTMLAnchorElement) element.search = [filterQuery(state.filter), lang].filter(Boolean).join("&");
  });
}

/** Start the list of the page. */
export function startList() {
  const place = /** @type {HTMLElement | null} */ (document.querySelector(".list-main"));
  if (!place) return;
  Backend.open().then(async (backend) => {
    const list = new List(backend, place);
    list.store.subscribe(carry);
    carry(list.store.state);
    await list.show();
    document.documentElement.dataset.ready = "true";
  }).catch(() => {
    place.prepend(make("p", {class: "note", role: "alert"}, [say("error")]));
  });
}
