// The marks of a selection at a zoom, as the server makes them (geo/draw/marks.py).

import {CITY_LEVEL, COUNTY_LEVEL} from "../layers/looks.js";
import {gather, tally} from "./gathered.js";

const SEPARATE_ZOOM = 15;
const CELL_PX = 64;
const TILE_PX = 256;
const TOP_CHAINS = 3;
const SAME_PLACE = 1e7;
const MAX_LATITUDE = 85.0511287798066;

/** @typedef {import("./gathered.js").Member} Member */
/** @typedef {{type: Mark["type"], id: string, lon: number, lat: number, name: string, members: Member[], bounds?: Bounds}} Group */

/**
 * @param {OfflineSelection} selection
 * @param {OfflineSite} site
 * @param {OfflineWords} words
 * @param {number} zoom
 * @param {Bounds | null} within
 * @returns {Mark[]}
 */
export function marks(selection, site, words, zoom, within) {
  const members = gather(selection, site);
  const groups = grouped(members, site, words, zoom, within);
  const order = new Map(Object.keys(site.chains).map((chain, at) => [chain, at]));
  return groups.filter((group) => !within || inside(group.lon, group.lat, within))
    .map((group) => counted(group, site, words, (chain) => (order.has(chain) ? /** @type {number} */ (order.get(chain)) : order.size)));
}

/**
 * @param {Member[]} members
 * @param {OfflineSite} site
 * @param {OfflineWords} words
 * @param {number} zoom
 * @param {Bounds | null} within
 * @returns {Group[]}
 */
function grouped(members, site, words, zoom, within) {
  const unit = (/** @type {string} */ code) => unitGroup(code, site, words);
  if (zoom <= CITY_LEVEL) return by(members, (member) => member.city, (code) => ({...unit(code), type: "city"}));
  if (zoom <= COUNTY_LEVEL) return by(members, (member) => member.unit, unit);
  const located = members.filter((member) => !Number.isNaN(member.lon));
  const elsewhere = members.filter((member) => Number.isNaN(member.lon));
  const isPlace = (/** @type {string} */ place) => Boolean(place && site.places[place]);
  return [
    ...cells(located, zoom, within),
    ...by(elsewhere, (member) => (isPlace(member.place) ? `place ${member.place}` : member.unit), (key) =>
      (key.startsWith("place ") ? placeGroup(key.slice("place ".length), site, words) : unit(key))),
  ];
}

/**
 * @param {Member[]} members
 * @param {(member: Member) => string} keyOf
 * @param {(key: string) => Omit<Group, "members">} make
 * @returns {Group[]}
 */
function by(members, keyOf, make) {
  return Array.from(split(members, keyOf), ([key, own]) => ({...make(key), members: own}));
}

/**
 * @param {Member[]} members
 * @param {(member: Member) => string} keyOf
 * @returns {Map<string, Member[]>}
 */
function split(members, keyOf) {
  /** @type {Map<string, Member[]>} */
  const found = new Map();
  for (const member of members) {
    const key = keyOf(member);
    const own = found.get(key);
    if (own) own.push(member);
    else found.set(key, [member]);
  }
  return found;
}

/**
 * @param {string} adcode
 * @param {OfflineSite} site
 * @param {OfflineWords} words
 * @returns {Omit<Group, "members">}
 */
function unitGroup(adcode, site, words) {
  const {rank, anchor} = site.units[adcode];
  return {type: rank, id: adcode, lon: anchor[0], lat: anchor[1], name: words.units[adcode]};
}

/**
 * @param {string} place
 * @param {OfflineSite} site
 * @param {OfflineWords} words
 * @returns {Omit<Group, "members">}
 */
function placeGroup(place, site, words) {
  const [lon, lat] = /** @type {[number, number]} */ (site.places[place]);
  return {type: "place", id: place, lon, lat, name: words.places[place]};
}

/**
 * Located features that share a cell; a cell of one is that feature.
 * @param {Member[]} located
 * @param {number} zoom
 * @param {Bounds | null} within cells that meet it stay whole
 * @returns {Group[]}
 */
function cells(located, zoom, within) {
  const corners = within ? [cellOf(within[0], within[1], zoom), cellOf(within[2], within[3], zoom)] : null;
  const near = (/** @type {[number, number]} */ [x, y]) => !corners || (
    x >= Math.min(corners[0][0], corners[1][0]) && x <= Math.max(corners[0][0], corners[1][0])
    && y >= Math.min(corners[0][1], corners[1][1]) && y <= Math.max(corners[0][1], corners[1][1]));
  const seen = located.filter((member) => near(cellOf(member.lon, member.lat, zoom)));
  return Array.from(split(seen, (member) => cellOf(member.lon, member.lat, zoom).join("/")), ([cell, members]) => {
    const [lons, lats] = [members.map((member) => member.lon), members.map((member) => member.lat)];
    const [lon, lat] = [middle(lons), middle(lats)];
    if (members.length === 1) return {type: "feature", id: "", lon, lat, name: "", members};
    return {type: "cluster", id: `${zoom}/${cell}`, lon, lat, name: "", members, bounds: [least(lons), least(lats), most(lons), most(lats)]};
  });
}

/** @param {number[]} degrees the mean may leave its members' box by the last bit */
function middle(degrees) {
  const mean = degrees.reduce((sum, degree) => sum + degree, 0) / degrees.length;
  return Math.min(most(degrees), Math.max(least(degrees), mean));
}

/** @param {number[]} numbers */
function least(numbers) {
  return numbers.reduce((a, b) => Math.min(a, b));
}

/** @param {number[]} numbers */
function most(numbers) {
  return numbers.reduce((a, b) => Math.max(a, b));
}

/**
 * @param {number} lon
 * @param {number} lat
 * @param {number} zoom
 * @returns {[number, number]}
 */
function cellOf(lon, lat, zoom) {
  if (zoom >= SEPARATE_ZOOM) return [rint(lon * SAME_PLACE), rint(lat * SAME_PLACE)];
  const phi = Math.min(MAX_LATITUDE, Math.max(-MAX_LATITUDE, lat)) * (Math.PI / 180);
  const scale = (Math.pow(2, zoom) * TILE_PX) / CELL_PX;
  return [Math.floor(((lon + 180) / 360) * scale), Math.floor(((1 - Math.asinh(Math.tan(phi)) / Math.PI) / 2) * scale)];
}

/**
 * The nearest whole number, the even one of two.
 * @param {number} value
 */
export function rint(value) {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest !== 0.5) return Math.round(value);
  return low % 2 === 0 ? low : low + 1;
}

/**
 * @param {number} lon
 * @param {number} lat
 * @param {Bounds} box
 */
function inside(lon, lat, [west, south, east, north]) {
  return lon >= west && lon <= east && lat >= south && lat <= north;
}

/**
 * @param {Group} group
 * @param {OfflineSite} site
 * @param {OfflineWords} words
 * @param {(chain: string) => number} order of the chains
 * @returns {Mark}
 */
function counted(group, site, words, order) {
  const {members, type, lon, lat, bounds} = group;
  const demos = members.filter((member) => member.demo).length;
  const one = type === "feature" ? members[0] : null;
  /** @type {string[]} */
  const chains = [];
  for (const member of members) chains.push(...member.chains);
  /** @type {Mark} */
  const mark = {
    type, lon, lat,
    id: one ? site.tables[one.kind].id[one.row] : group.id,
    n: members.length,
    name: one ? words.names[one.kind][one.row] : group.name,
    mix: tally(members.map((member) => member.cluster), (cluster) => cluster).map(([cluster, n]) => [site.clusters[cluster], n]),
    chains: tally(chains, order).slice(0, TOP_CHAINS),
    kinds: tally(members.map((member) => member.kind), (kind) => site.kinds.indexOf(kind)),
    demo: demos > 0 && demos < members.length ? "some" : demos > 0,
  };
  if (one) mark.kind = one.kind;
  if (bounds) mark.bounds = bounds;
  return mark;
}
