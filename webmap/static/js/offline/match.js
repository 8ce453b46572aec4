// Which rows a filter selects: one mask a condition, the same as the server's (geo/query/match.py).

const EARTH_RADIUS_KM = 6371.0088;
const SLACK = 1e-9;

/**
 * The selected rows of every kind.
 * @param {Wanted} wanted
 * @param {OfflineSite} site
 * @returns {OfflineSelection}
 */
export function select(wanted, site) {
  const kinds = wanted.lists.get("kind");
  return new Map(site.kinds.map((kind) => {
    const table = site.tables[kind];
    const mask = new Uint8Array(table.rows);
    if (!kinds || kinds.includes(kind)) {
      mask.fill(1);
      conditions(wanted, table, site).forEach((held) => held.forEach((yes, row) => {
        if (!yes) mask[row] = 0;
      }));
    }
    return [kind, mask];
  }));
}

/**
 * One mask for each condition on the rows of a table, `kind` left aside; a range goes by its name, the years by `year`,
 * chain and segment are one condition, `chain`.
 * @param {Wanted} wanted
 * @param {OfflineTable} table
 * @param {OfflineSite} site
 * @returns {Map<string, Uint8Array>}
 */
export function conditions(wanted, table, site) {
  /** @type {Map<string, Uint8Array>} */
  const found = new Map();
  const {lists, ranges, years, words, bbox, near} = wanted;
  const segments = lists.get("segment");
  if (segments) found.set("chain", ofNodes(table, site, lists.get("chain"), segments));
  lists.forEach((codes, param) => {
    if (param === "kind" || param === "segment" || (param === "chain" && segments)) return;
    found.set(param, holding(table, site.parameters.any[param][table.kind], codes));
  });
  ranges.forEach((bounds, param) => {
    const {scale, fields} = site.parameters.ranges[param];
    found.set(param, between(table, fields[table.kind], bounds, scale));
  });
  if (years[0] !== null || years[1] !== null) {
    const [first, last] = [Math.max(years[0] || 1, 1), years[1] || Infinity];
    found.set("year", Uint8Array.from(table.year, (year) => Number(year >= first && year <= last)));
  }
  if (words.length) found.set("q", Uint8Array.from(table.search, (text) => Number(words.every((word) => text.includes(word)))));
  if (bbox) found.set("bbox", inBox(table, bbox, site));
  if (near) found.set("near", nearTo(table, near, site));
  return found;
}

/**
 * Rows that hold one of the codes; none where the kind has no such column. A flag holds `true` or `false`.
 * @param {OfflineTable} table
 * @param {string | undefined} name
 * @param {string[]} wanted
 */
function holding(table, name, wanted) {
  const mask = new Uint8Array(table.rows);
  const column = name === undefined ? undefined : table.columns[name];
  if (!column) return mask;
  if (column.form === "flag") {
    column.values.forEach((value, row) => {
      mask[row] = Number(wanted.includes(value ? "true" : "false"));
    });
    return mask;
  }
  if (column.form !== "codes") return mask;
  const hits = column.terms.map((term) => wanted.includes(term));
  each(column, (row, code) => {
    if (hits[code]) mask[row] = 1;
  });
  return mask;
}

/**
 * Every code of every row of a column.
 * @param {OfflineCodes} column
 * @param {(row: number, code: number) => void} act
 */
export function each(column, act) {
  const {codes, offsets} = column;
  if (!offsets) {
    codes.forEach((code, row) => {
      if (code >= 0) act(row, code);
    });
    return;
  }
  for (let row = 0; row + 1 < offsets.length; row += 1) {
    for (let at = offsets[row]; at < offsets[row + 1]; at += 1) act(row, codes[at]);
  }
}

/**
 * Rows with a node that is both of one of the chains (any, where there are none) and of one of the segments.
 * @param {OfflineTable} table
 * @param {OfflineSite} site
 * @param {string[] | undefined} chains
 * @param {string[]} segments
 */
function ofNodes(table, site, chains, segments) {
  const mask = new Uint8Array(table.rows);
  const hits = nodesOf(table, site, chains, segments);
  each(nodeColumn(table), (row, code) => {
    if (hits[code]) mask[row] = 1;
  });
  return mask;
}

/**
 * For each node of a table whether it is of the chains and segments; undefined allows all.
 * @param {OfflineTable} table
 * @param {OfflineSite} site
 * @param {string[] | undefined} chains
 * @param {string[] | undefined} segments
 */
export function nodesOf(table, site, chains, segments) {
  return nodeColumn(table).terms.map((node) => {
    const [chain, segment] = site.nodes[node] || ["", ""];
    return chain !== "" && (!chains || chains.includes(chain)) && (!segments || segments.includes(segment));
  });
}

/**
 * @param {OfflineTable} table
 * @returns {OfflineCodes}
 */
export function nodeColumn(table) {
  return /** @type {OfflineCodes} */ (table.columns.nodes);
}

/**
 * @param {OfflineTable} table
 * @param {string | undefined} name
 * @param {[number | null, number | null]} bounds
 * @param {number} scale what one unit of the bounds is in the column's unit
 */
function between(table, name, [low, high], scale) {
  const mask = new Uint8Array(table.rows);
  const column = name === undefined ? undefined : table.columns[name];
  if (!column || column.form !== "number") return mask;
  const least = low === null ? -Infinity : low * scale - SLACK * Math.abs(low * scale);
  const most = high === null ? Infinity : high * scale + SLACK * Math.abs(high * scale);
  column.values.forEach((value, row) => {
    mask[row] = Number(value !== null && value >= least && value <= most);
  });
  return mask;
}

/**
 * @param {OfflineTable} table
 * @param {Bounds} bbox
 * @param {OfflineSite} site
 */
function inBox(table, [west, south, east, north], site) {
  const meets = (/** @type {ArrayLike<number>} */ box) => box[0] <= east && box[2] >= west && box[1] <= north && box[3] >= south;
  return byPlace(table, site, (row) => meets(boxOf(table, row)), (unit) => meets(unit.bbox));
}

/**
 * The box of a row that has a geometry; a point's own is not written down.
 * @param {OfflineTable} table
 * @param {number} row
 * @returns {number[]}
 */
export function boxOf(table, row) {
  const [lon, lat] = [table.lon[row], table.lat[row]];
  return table.box[row] || [lon, lat, lon, lat];
}

/**
 * @param {OfflineTable} table
 * @param {[number, number, number]} near
 * @param {OfflineSite} site
 */
function nearTo(table, [lon, lat, km], site) {
  const reached = (/** @type {number} */ x, /** @type {number} */ y) => distance(x, y, lon, lat) <= km;
  return byPlace(table, site, (row) => reached(table.lon[row], table.lat[row]), (unit) => reached(unit.anchor[0], unit.anchor[1]));
}

/**
 * A verdict on each row: on its own place where it has one, else on its county or city.
 * @param {OfflineTable} table
 * @param {OfflineSite} site
 * @param {(row: number) => boolean} own
 * @param {(unit: OfflineUnit) => boolean} ofUnit
 */
function byPlace(table, site, own, ofUnit) {
  const mask = new Uint8Array(table.rows);
  const counties = /** @type {OfflineCodes} */ (table.columns.county);
  const verdicts = counties.terms.map((adcode) => site.units[adcode] !== undefined && ofUnit(site.units[adcode]));
  for (let row = 0; row < table.rows; row += 1) {
    mask[row] = Number(row < table.located ? own(row) : Boolean(verdicts[counties.codes[row]]));
  }
  return mask;
}

/**
 * Great-circle distance on the mean sphere, km.
 * @param {number} lon
 * @param {number} lat
 * @param {number} lon0
 * @param {number} lat0
 */
function distance(lon, lat, lon0, lat0) {
  const radians = (/** @type {number} */ degrees) => degrees * (Math.PI / 180);
  const [a, b, c, d] = [lon0, lat0, lon, lat].map(radians);
  const half = Math.sin((d - b) / 2) ** 2 + Math.cos(b) * Math.cos(d) * Math.sin((c - a) / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, Math.max(0, half))));
}
