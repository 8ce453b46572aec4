// How many features each option of each filter would show: the server's count (geo/query/facets.py), done here.

import {conditions, each, nodeColumn, nodesOf} from "./match.js";

/** A county narrows its city: choosing another city must be possible. */
const OMITTED = /** @type {{[param: string]: string[]}} */ ({city: ["city", "county"]});

/** @typedef {{[code: string]: number}} Counts */

/**
 * @param {Wanted} wanted
 * @param {OfflineSite} site
 * @returns {{counts: {[param: string]: Counts}, years: {[year: string]: number}, undated: number}}
 */
export function facets(wanted, site) {
  /** @type {{[param: string]: Counts}} */
  const counts = {};
  for (const param of site.parameters.lists) counts[param] = {};
  /** @type {Counts} */
  const years = {};
  let undated = 0;
  const kinds = wanted.lists.get("kind");
  for (const kind of site.kinds) {
    const table = site.tables[kind];
    const rest = new Rest(conditions(wanted, table, site), table.rows);
    const selected = rest.without([]).reduce((sum, yes) => sum + yes, 0);
    if (selected) counts.kind[kind] = selected;
    if (kinds && !kinds.includes(kind)) continue;
    for (const param of site.parameters.lists) {
      const name = (site.parameters.any[param] || {})[kind];
      if (name !== undefined && param !== "chain") add(counts[param], tally(table.columns[name], rest.without(OMITTED[param] || [param])));
    }
    const free = rest.without(["chain"]);
    const [chains, segments] = [wanted.lists.get("chain"), wanted.lists.get("segment")];
    add(counts.chain, segments ? ofNodes(table, site, free, undefined, segments, 0) : tally(table.columns.chains, free));
    add(counts.segment, ofNodes(table, site, free, chains, undefined, 1));
    rest.without(["year"]).forEach((yes, row) => {
      if (!yes) return;
      if (table.year[row]) years[table.year[row]] = (years[table.year[row]] || 0) + 1;
      else undated += 1;
    });
  }
  return {counts, years, undated};
}

/** Which rows meet all conditions but some. */
class Rest {
  /**
   * @param {Map<string, Uint8Array>} held
   * @param {number} rows
   */
  constructor(held, rows) {
    this.held = held;
    this.failed = new Uint8Array(rows);
    held.forEach((mask) => mask.forEach((yes, row) => {
      if (!yes) this.failed[row] += 1;
    }));
  }

  /**
   * @param {string[]} params whose conditions are left aside
   * @returns {Uint8Array}
   */
  without(params) {
    const aside = params.map((param) => this.held.get(param));
    return this.failed.map((failed, row) => {
      let left = failed;
      for (const mask of aside) if (mask && !mask[row]) left -= 1;
      return Number(left === 0);
    });
  }
}

/**
 * How many rows of the mask hold each code.
 * @param {OfflineColumn} column
 * @param {Uint8Array} mask
 * @returns {Counts}
 */
function tally(column, mask) {
  /** @type {Counts} */
  const found = {};
  if (column.form === "flag") {
    mask.forEach((yes, row) => {
      const code = column.values[row] ? "true" : "false";
      if (yes) found[code] = (found[code] || 0) + 1;
    });
  } else if (column.form === "codes") {
    count(column, mask, (code) => column.terms[code], found);
  }
  return found;
}

/**
 * The chains (0) or segments (1) of the nodes that fit the other; a row counts once under each.
 * @param {OfflineTable} table
 * @param {OfflineSite} site
 * @param {Uint8Array} mask
 * @param {string[] | undefined} chains
 * @param {string[] | undefined} segments
 * @param {0 | 1} which
 */
function ofNodes(table, site, mask, chains, segments, which) {
  const column = nodeColumn(table);
  const fits = nodesOf(table, site, chains, segments);
  /** @type {Counts} */
  const found = {};
  count(column, mask, (code) => (fits[code] ? site.nodes[column.terms[code]][which] : ""), found);
  return found;
}

/**
 * @param {OfflineCodes} column
 * @param {Uint8Array} mask
 * @param {(code: number) => string} groupOf empty for none
 * @param {Counts} found
 */
function count(column, mask, groupOf, found) {
  let last = -1;
  let seen = new Set();
  each(column, (row, code) => {
    if (!mask[row]) return;
    if (row !== last) seen = new Set();
    last = row;
    const group = groupOf(code);
    if (!group || seen.has(group)) return;
    seen.add(group);
    found[group] = (found[group] || 0) + 1;
  });
}

/**
 * @param {Counts} sums
 * @param {Counts} more
 */
function add(sums, more) {
  for (const [code, n] of Object.entries(more)) sums[code] = (sums[code] || 0) + n;
}
