// Nothing matches: which condition to drop.

import {make} from "../elements.js";
import {nodes} from "../fragment.js";
import {say} from "../messages.js";
import {address, conditionsOf, inWords, pairsOf} from "./links.js";
import {select} from "./match.js";
import {read} from "./query.js";

const WAYS_OUT = 6;

/**
 * @param {Wanted} wanted
 * @param {OfflineSite} site
 * @param {OfflineWords} words
 * @returns {HTMLElement}
 */
export function empty(wanted, site, words) {
  const conditions = conditionsOf(wanted);
  const box = make("div", {class: "empty"}, nodes(words.signs.empty));
  if (!conditions.length) {
    box.append(make("p", {class: "empty-title"}, [say("list.empty_data")]));
    return box;
  }
  box.append(make("p", {class: "empty-title"}, [say("list.empty_title")]));
  const ways = waysOut(conditions, site);
  if (ways.length) {
    box.append(make("p", {}, [say("list.empty_try")]), make("ul", {class: "ways-out"}, ways.map(({param, value, rest, n}) => make("li", {}, [
      make("a", {class: "button", href: address("list", pairsOf(rest), words), "data-remove": param, "data-value": value}, [
        `${say("filter.remove", {name: inWords(param, value, words)})} `,
        make("span", {class: "count"}, [say("list.empty_gives", {n})]),
      ]),
    ]))));
  }
  box.append(make("p", {}, [make("a", {href: address("list", [], words), "data-remove": "*"}, [say("list.empty_all")])]));
  return box;
}

/**
 * The conditions whose removal alone brings something back, the most first.
 * @param {[string, string][]} conditions
 * @param {OfflineSite} site
 */
function waysOut(conditions, site) {
  return conditions.map(([param, value]) => {
    const rest = conditions.filter((each) => each[0] !== param || each[1] !== value);
    return {param, value, rest, n: total(select(read(new URLSearchParams(pairsOf(rest)), site), site))};
  }).filter(({n}) => n > 0).sort((a, b) => b.n - a.n).slice(0, WAYS_OUT);
}

/** @param {OfflineSelection} selection */
export function total(selection) {
  let n = 0;
  selection.forEach((mask) => {
    n += mask.reduce((sum, yes) => sum + yes, 0);
  });
  return n;
}
