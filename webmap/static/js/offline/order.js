// A selection in order, one page at a time (geo/query/page.py).

import {Refusal} from "../api.js";
import {say} from "../messages.js";

/** @typedef {{kind: string, row: number}} Place */
/** @typedef {{rows: Place[], total: number, offset: number, limit: number, next: number | null, previous: number | null}} Page */

/**
 * @param {OfflineSelection} selection
 * @param {OfflineSite} site
 * @param {OfflineWords} words
 * @param {{sort: string, offset: number, limit: number}} wanted
 * @returns {Page}
 */
export function page(selection, site, words, {sort, offset, limit}) {
  const field = sort.replace(/^-/, "");
  if (sort && !site.sorts.includes(field)) throw new Refusal(say("offline.unfit_value", {name: "sort", value: sort}), 400);
  const descending = !sort || sort.startsWith("-");
  const sign = descending ? -1 : 1;
  /** @type {(Place & {group: number, value: number, rank: number})[]} */
  const all = [];
  Array.from(selection).forEach(([kind, mask], group) => {
    const table = site.tables[kind];
    const values = table.sorts[field || table.leading];
    mask.forEach((yes, row) => {
      if (!yes) return;
      const rank = words.ranks[kind][row];
      const value = field === "name" ? rank : values && values[row] !== null ? Number(values[row]) : NaN;
      all.push({kind, row, group: sort ? 0 : group, value: sign * value, rank});
    });
  });
  all.sort((a, b) => a.group - b.group || compare(a.value, b.value) || a.rank - b.rank);
  const total = all.length;
  return {
    rows: all.slice(offset, offset + limit),
    total, offset, limit,
    next: offset + limit < total ? offset + limit : null,
    previous: offset ? Math.max(0, Math.min(offset, total) - limit) : null,
  };
}

/**
 * What is not known comes last, whichever way.
 * @param {number} a
 * @param {number} b
 */
function compare(a, b) {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a - b;
}
