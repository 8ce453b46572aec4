// The filter of a query string, read as the server reads it; which parameters there are, the kinds' declarations say.

import {Refusal} from "../api.js";
import {say} from "../messages.js";

const SINGLES = new Set(["year_from", "year_to", "q", "bbox", "near"]);
const OF_THE_VIEW = new Set(["view", "measure", "classes", "scale", "map", "select", "sort", "offset", "limit", "lang", "v", "fragment", "zoom", "within", "located", "page"]);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const LONGEST_TEXT = 200;
// What Python's str.split() takes for a blank.
const BLANKS = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/**
 * The conditions that `params` set. Throws Refusal, naming every fault.
 * @param {URLSearchParams} params
 * @param {OfflineSite} site
 * @returns {Wanted}
 */
export function read(params, site) {
  /** @type {string[]} */
  const faults = [];
  /** @type {Map<string, string[]>} */
  const singles = new Map();
  /** @type {Wanted} */
  const wanted = {lists: new Map(), ranges: new Map(), years: [null, null], q: "", words: [], bbox: null, near: null};
  params.forEach((value, name) => {
    if (OF_THE_VIEW.has(name)) return;
    const isBound = /_(min|max)$/.test(name) && site.parameters.ranges[name.slice(0, -4)] !== undefined;
    if (SINGLES.has(name) || isBound) {
      const text = trim(value);
      if (text) singles.set(name, (singles.get(name) || []).concat(text));
    } else if (site.parameters.lists.includes(name)) {
      const codes = value.split(",").map(trim).filter(Boolean);
      if (codes.length) wanted.lists.set(name, Array.from(new Set((wanted.lists.get(name) || []).concat(codes))));
    } else faults.push(say("offline.unknown_parameter", {name}));
  });
  wanted.lists.forEach((codes, name) => {
    const known = site.parameters.codes[name];
    if (known) codes.filter((code) => !known.includes(code)).forEach((value) => faults.push(say("offline.unknown_value", {name, value})));
  });
  singles.forEach((values, name) => {
    if (values.length > 1) faults.push(say("offline.unfit_value", {name, value: values[1]}));
    else if (!accept(wanted, name, values[0])) faults.push(say("offline.unfit_value", {name, value: values[0]}));
  });
  crossed(wanted).forEach((name) => faults.push(say("offline.unfit_value", {name, value: (singles.get(name) || [""])[0]})));
  if (faults.length) throw new Refusal(faults.join(" "), 400);
  return wanted;
}

/** @param {string} text */
function trim(text) {
  return text.split(BLANKS).filter((part, at, all) => part || (at > 0 && at < all.length - 1)).join(" ");
}

/**
 * Take over a parameter that may stand once; false where its value is no such value.
 * @param {Wanted} wanted
 * @param {string} name
 * @param {string} text
 */
function accept(wanted, name, text) {
  if (name === "q") {
    const words = text.split(BLANKS).filter(Boolean);
    wanted.q = words.join(" ");
    wanted.words = wanted.q.toLowerCase().split(BLANKS).filter(Boolean);
    return Array.from(wanted.q).length <= LONGEST_TEXT;
  }
  if (name === "year_from" || name === "year_to") {
    wanted.years[name === "year_from" ? 0 : 1] = Number(text);
    return /^\d{4}$/.test(text) && Number(text) > 0;
  }
  const numbers = text.split(",").map(number);
  if (name === "bbox") {
    const [west, south, east, north] = numbers;
    wanted.bbox = /** @type {Bounds} */ (numbers);
    return numbers.length === 4 && isPlace(west, south) && isPlace(east, north) && south <= north && west <= east;
  }
  if (name === "near") {
    const [lon, lat, km] = numbers;
    wanted.near = [lon, lat, km];
    return numbers.length === 3 && isPlace(lon, lat) && km > 0;
  }
  const range = name.slice(0, -4);
  const bounds = wanted.ranges.get(range) || [null, null];
  bounds[name.endsWith("_min") ? 0 : 1] = numbers[0];
  wanted.ranges.set(range, bounds);
  return numbers.length === 1 && Number.isFinite(numbers[0]);
}

/** @param {string} text */
function number(text) {
  const trimmed = trim(text);
  return NUMBER.test(trimmed) && Number.isFinite(Number(trimmed)) ? Number(trimmed) : NaN;
}

/**
 * @param {number} lon
 * @param {number} lat
 */
function isPlace(lon, lat) {
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
}

/**
 * Lower ends that lie above their upper ones.
 * @param {Wanted} wanted
 */
function crossed(wanted) {
  const found = [];
  const [from, to] = wanted.years;
  if (from !== null && to !== null && from > to) found.push("year_from");
  wanted.ranges.forEach(([low, high], name) => {
    if (low !== null && high !== null && low > high) found.push(`${name}_min`);
  });
  return found;
}
