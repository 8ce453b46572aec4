// The selected features of all kinds side by side, as the marks count them (geo/draw/gathering.py).

/**
 * @typedef {object} Member
 * @property {string} kind
 * @property {number} row
 * @property {string} unit the county, or the city where only that is known
 * @property {string} city
 * @property {string} place empty where none is named
 * @property {number} cluster of the first chain, as a place in `site.clusters`; the last one for none
 * @property {string[]} chains
 * @property {boolean} demo
 * @property {number} lon NaN where the feature has no geometry
 * @property {number} lat
 */

/**
 * @param {OfflineSelection} selection
 * @param {OfflineSite} site
 * @returns {Member[]}
 */
export function gather(selection, site) {
  /** @type {Member[]} */
  const found = [];
  selection.forEach((mask, kind) => {
    const table = site.tables[kind];
    mask.forEach((yes, row) => {
      if (!yes) return;
      const chains = several(table, "chains", row);
      const located = row < table.located;
      found.push({
        kind, row, chains,
        unit: term(table, "county", row),
        city: term(table, "city", row),
        place: term(table, "place", row),
        cluster: clusterOf(chains[0], site),
        demo: flag(table, "demo", row),
        lon: located ? table.lon[row] : NaN,
        lat: located ? table.lat[row] : NaN,
      });
    });
  });
  return found;
}

/**
 * @param {string | undefined} chain
 * @param {OfflineSite} site
 */
function clusterOf(chain, site) {
  const cluster = chain === undefined ? undefined : site.chains[chain];
  return cluster === undefined ? site.clusters.length - 1 : site.clusters.indexOf(cluster);
}

/**
 * The code in a cell; empty where there is none or the kind has no such column.
 * @param {OfflineTable} table
 * @param {string} name
 * @param {number} row
 */
export function term(table, name, row) {
  const column = /** @type {OfflineCodes | undefined} */ (table.columns[name]);
  return (column && column.terms[column.codes[row]]) || "";
}

/**
 * @param {OfflineTable} table
 * @param {string} name
 * @param {number} row
 * @returns {string[]}
 */
export function several(table, name, row) {
  const column = /** @type {OfflineCodes} */ (table.columns[name]);
  const offsets = /** @type {number[]} */ (column.offsets);
  return column.codes.slice(offsets[row], offsets[row + 1]).map((code) => column.terms[code]);
}

/**
 * @param {OfflineTable} table
 * @param {string} name
 * @param {number} row
 */
export function flag(table, name, row) {
  const column = table.columns[name];
  return column.form === "flag" && Boolean(column.values[row]);
}

/**
 * How often each key stands in a list, most frequent first, then in the order given.
 * @template T
 * @param {T[]} keys
 * @param {(key: T) => number} order
 * @returns {[T, number][]}
 */
export function tally(keys, order) {
  /** @type {Map<T, number>} */
  const counts = new Map();
  for (const key of keys) counts.set(key, (counts.get(key) || 0) + 1);
  return Array.from(counts).sort((a, b) => b[1] - a[1] || order(a[0]) - order(b[0]));
}
