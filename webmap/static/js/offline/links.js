// Addresses of the map and the list with a filter, and the filter's conditions in words.

import {number, say} from "../messages.js";

/**
 * The map or the list under some parameters.
 * @param {"map" | "list"} page
 * @param {[string, string][]} pairs
 * @param {OfflineWords} words
 */
export function address(page, pairs, words) {
  const [path, own] = words.pages[page];
  const readable = (/** @type {string} */ value) => encodeURIComponent(value).replace(/%2C/g, ",").replace(/%2F/g, "/").replace(/%3A/g, ":");
  const search = pairs.concat(own).filter(([, value]) => value).map(([name, value]) => `${name}=${readable(value)}`).join("&");
  return search || !path ? `${path}?${search}` : path;
}

/**
 * The conditions of a filter as pairs of parameter and value, as the server writes them.
 * @param {Wanted} wanted
 * @returns {[string, string][]}
 */
export function conditionsOf(wanted) {
  /** @type {[string, string][]} */
  const found = [];
  wanted.lists.forEach((codes, param) => codes.slice().sort().forEach((code) => found.push([param, code])));
  wanted.ranges.forEach(([low, high], param) => {
    if (low !== null) found.push([`${param}_min`, String(low)]);
    if (high !== null) found.push([`${param}_max`, String(high)]);
  });
  const [from, to] = wanted.years;
  if (from !== null) found.push(["year_from", String(from).padStart(4, "0")]);
  if (to !== null) found.push(["year_to", String(to).padStart(4, "0")]);
  if (wanted.q) found.push(["q", wanted.q]);
  if (wanted.bbox) found.push(["bbox", wanted.bbox.join(",")]);
  if (wanted.near) found.push(["near", wanted.near.join(",")]);
  return found.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
}

/**
 * The same as a query has them: the values of one parameter together.
 * @param {[string, string][]} conditions
 * @returns {[string, string][]}
 */
export function pairsOf(conditions) {
  /** @type {Map<string, string>} */
  const joined = new Map();
  conditions.forEach(([param, value]) => joined.set(param, joined.has(param) ? `${joined.get(param)},${value}` : value));
  return Array.from(joined);
}

/**
 * A condition in words.
 * @param {string} param
 * @param {string} value
 * @param {OfflineWords} words
 */
export function inWords(param, value, words) {
  if (param === "q") return say("filter.text", {q: value});
  if (param === "bbox" || param === "near") return say(`filter.${param}`);
  if (param === "year_from") return say("filter.years_from", {from: value});
  if (param === "year_to") return say("filter.years_to", {to: value});
  const codes = words.codes[param];
  if (codes) return codes[value] || value;
  const {label, unit} = words.ranges[param.slice(0, -4)] || {label: param, unit: ""};
  const shown = unit ? say("unit.joined", {n: number(Number(value)), unit}) : number(Number(value));
  return param.endsWith("_min") ? say("filter.from_only", {label, minimum: shown}) : say("filter.to_only", {label, maximum: shown});
}
