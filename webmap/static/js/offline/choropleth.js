// Counties coloured by their selected projects (geo/draw/choropleth.py).

import {Refusal} from "../api.js";
import {language, say} from "../messages.js";
import {classOf, edges, figure} from "./figures.js";
import {rint} from "./marks.js";
import {known, once, sums} from "./money.js";

const DECIMALS = 1e6;
const WAN_IN_YI = 10000;

/**
 * @param {OfflineSelection} selection
 * @param {OfflineSite} site
 * @param {string} measure
 * @param {string} method
 * @returns {ChoroplethAnswer}
 */
export function choropleth(selection, site, measure, method) {
  const chosen = site.choropleth.measures[measure];
  if (!chosen) throw new Refusal(say("offline.unfit_value", {name: "measure", value: measure}), 400);
  if (!site.choropleth.methods.includes(method)) throw new Refusal(say("offline.unfit_value", {name: "classes", value: method}), 400);
  const projects = sums(selection, site);
  const values = valuesOf(projects, site, measure);
  const numbers = Object.values(values).filter((value) => value !== null);
  const breaks = edges(numbers.filter((value) => value > 0), method, chosen.whole);
  const colours = spread(site.choropleth.ramp, breaks.length - 1);
  return {
    measure, values, breaks, colours,
    unit: chosen.unit,
    zero_colour: site.choropleth.zero,
    dark_colours: spread(site.choropleth.dark_ramp, colours.length),
    dark_zero_colour: site.choropleth.dark_zero,
    no_data_colour: site.choropleth.missing,
    legend: legend(Object.values(values), breaks, colours, chosen, site),
    note: note(projects, chosen.whole),
  };
}

/**
 * @param {import("./money.js").Sum[]} projects
 * @param {OfflineSite} site
 * @param {string} measure
 * @returns {{[adcode: string]: number | null}}
 */
function valuesOf(projects, site, measure) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @type {Map<string, number>} */
  const amounts = new Map();
  for (const {unit} of projects) counts.set(unit, (counts.get(unit) || 0) + 1);
  for (const {unit, amount} of once(projects.filter(known))) amounts.set(unit, (amounts.get(unit) || 0) + amount);
  /** @type {{[adcode: string]: number | null}} */
  const values = {};
  for (const adcode of site.counties) {
    const amount = amounts.get(adcode);
    const area = /** @type {number} */ (site.units[adcode].area_km2);
    const value = measure === "projects" ? counts.get(adcode) || 0
      : amount === undefined ? null : measure === "amount" ? amount : (amount * WAN_IN_YI) / area;
    values[adcode] = value === null ? null : rint(value * DECIMALS) / DECIMALS;
  }
  return values;
}

/**
 * @param {string[]} ramp
 * @param {number} count
 */
function spread(ramp, count) {
  if (count < 1) return [];
  if (count === 1) return [ramp[Math.floor(ramp.length / 2)]];
  return Array.from({length: count}, (_, at) => ramp[rint((at * (ramp.length - 1)) / (count - 1))]);
}

/**
 * @param {(number | null)[]} values
 * @param {number[]} breaks
 * @param {string[]} colours
 * @param {OfflineMeasure} measure
 * @param {OfflineSite} site
 */
function legend(values, breaks, colours, measure, site) {
  const numbers = /** @type {number[]} */ (values.filter((value) => value !== null));
  const members = numbers.filter((value) => value > 0).map((value) => classOf(value, breaks));
  /** @type {{colour: string, label: string, n: number, missing?: boolean}[]} */
  const rows = colours.map((colour, at) => ({
    colour,
    label: withUnit(range(breaks[at], breaks[at + 1], at === 0, measure.whole), measure),
    n: members.filter((member) => member === at).length,
  }));
  const zero = numbers.filter((value) => value === 0).length;
  const missing = values.length - numbers.length;
  if (zero) rows.push({colour: site.choropleth.zero, label: withUnit("0", measure), n: zero});
  if (missing) rows.push({colour: site.choropleth.missing, label: say("offline.no_data"), n: missing, missing: true});
  return rows;
}

/**
 * @param {number} low
 * @param {number} high
 * @param {boolean} first
 * @param {boolean} whole
 */
function range(low, high, first, whole) {
  const from = whole && !first ? low + 1 : low;
  return from === high ? figure(from) : `${figure(from)}–${figure(high)}`;
}

/**
 * @param {string} text
 * @param {OfflineMeasure} measure
 */
function withUnit(text, measure) {
  const counted = (text === "1" && measure.one) || measure.unit;
  const unit = language() === "zh" ? counted.zh : counted.en;
  return language() === "zh" || measure.whole ? `${text} ${unit}` : `${text} (${unit})`;
}

/**
 * What the colours count, and what they cannot.
 * @param {import("./money.js").Sum[]} projects
 * @param {boolean} whole
 */
function note(projects, whole) {
  const parts = [say("offline.note_counted")];
  if (!whole) {
    const amounts = projects.filter(known);
    const repeated = amounts.length - once(amounts).length;
    const foreign = projects.filter((sum) => sum.foreign).length;
    parts.push(say("offline.note_left_out", {unknown: String(projects.length - amounts.length - foreign), foreign: String(foreign)}));
    if (repeated) parts.push(say("offline.note_repeated", {count: String(repeated)}));
  }
  const demo = projects.filter((sum) => sum.demo).length;
  if (demo) parts.push(say("offline.note_demo", {count: String(demo)}));
  return parts.join(say("offline.note_separator")) + say("offline.note_end");
}
