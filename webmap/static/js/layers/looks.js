// What a mark looks like and what it says: ring, badge or shape, tooltip, the sentence for who hears the map.

import {fill, make} from "../elements.js";
import {catalogue, number, say, shortNumber} from "../messages.js";
import {bar, colourOf, ring, symbol} from "./symbols.js";

// The levels at which the server gives one mark a city, and one a county.
export const CITY_LEVEL = 8;
export const COUNTY_LEVEL = 10;

/** @typedef {"ring" | "badge" | "feature"} Look */

/**
 * @param {Mark} mark
 * @param {number} level
 * @returns {Look} a ring stands for all there is; a badge for what is known to a place, county or city only
 */
export function lookOf(mark, level) {
  if (mark.type === "feature") return "feature";
  if (mark.type === "cluster" || level <= CITY_LEVEL) return "ring";
  return mark.type === "county" && level <= COUNTY_LEVEL ? "ring" : "badge";
}

/**
 * @param {Mark} mark
 * @param {boolean} plain
 */
function diameter(mark, plain) {
  if (plain) return 20 + 5 * String(mark.n).length;
  return Math.round(Math.min(60, 27 + 4.2 * Math.log2(1 + mark.n)));
}

/**
 * @param {Mark} mark
 * @param {Look} look
 * @param {boolean} plain
 * @param {string} label what stands on the mark
 * @returns {[number, number]}
 */
export function sizeOf(mark, look, plain, label) {
  if (look === "feature") return [30, 30];
  if (look === "badge") return [Math.round(34 + widthOf(label) + 7.5 * String(mark.n).length), 30];
  const across = diameter(mark, plain);
  return mark.type === "cluster" || plain ? [across, across] : [Math.max(across, Math.round(widthOf(label)) + 6), across + 17];
}

/**
 * The width of a text of 12 px, rather too large than too small.
 * @param {string} text
 */
function widthOf(text) {
  let width = 0;
  for (const letter of text) width += letter > "\u2e80" ? 12.4 : 6.8;
  return width;
}

/**
 * @param {Mark} mark
 * @param {Look} look
 * @param {boolean} plain
 * @param {string} label
 * @returns {HTMLElement}
 */
export function pictureOf(mark, look, plain, label) {
  const face = make("span", {class: "mark-face"});
  if (look === "feature") {
    const [cluster] = mark.mix[0] || [""];
    fill(face, [symbol(mark.kind || "", colourOf(cluster), {demo: Boolean(mark.demo)})]);
  } else if (look === "badge") {
    fill(face, [
      make("span", {class: "badge-name"}, [label]),
      make("span", {class: "badge-count"}, [number(mark.n)]),
      ...(plain ? [] : [bar(mark.mix)]),
    ]);
  } else if (plain) {
    fill(face, [make("span", {class: "plain-count"}, [shortNumber(mark.n)])]);
  } else {
    const across = diameter(mark, plain);
    fill(face, [
      make("span", {class: "ring-box"}, [ring(mark.mix, across, mark.demo === true), make("span", {class: "ring-count"}, [shortNumber(mark.n)])]),
    ]);
    if (mark.type !== "cluster") face.append(make("span", {class: "ring-name"}, [label]));
  }
  return face;
}

/**
 * The most frequent chains, with their numbers.
 * @param {Mark} mark
 */
function chainsOf(mark) {
  return mark.chains.map(([chain, n]) => ({name: catalogue.chains[chain] || chain, n}));
}

/** @param {Mark} mark */
function precisionOf(mark) {
  if (mark.type === "feature" || mark.type === "cluster") return "";
  if (mark.type === "place") return say("only_place");
  return mark.type === "city" ? say("only_city") : say("only_county");
}

/** @param {Mark} mark */
export function tooltipOf(mark) {
  const kind = catalogue.kinds.find((entry) => entry.kind === mark.kind);
  const title = mark.type === "feature" ? mark.name : say("cluster", {name: mark.name, n: mark.n}).replace(/^[:：]\s*/, "");
  const rows = [make("strong", {class: "tip-title"}, [title])];
  const lines = [];
  if (kind) lines.push(kind.label);
  if (mark.type !== "feature") {
    lines.push(...mark.kinds.slice(0, 3).map(([code, n]) => `${labelOf(code)} ${number(n)}`));
  }
  if (lines.length) rows.push(/** @type {any} */ (make("span", {class: "tip-line"}, [lines.join(" · ")])));
  const chains = chainsOf(mark).map(({name, n}) => (mark.type === "feature" ? name : `${name} ${number(n)}`));
  if (chains.length) rows.push(/** @type {any} */ (make("span", {class: "tip-line tip-chains"}, [chains.join(" · ")])));
  if (mark.demo) rows.push(/** @type {any} */ (make("span", {class: "tip-line tip-demo"}, [say(mark.demo === "some" ? "demo_some" : "demo")])));
  return make("div", {class: "tip"}, rows);
}

/** @param {string} kind */
function labelOf(kind) {
  const found = catalogue.kinds.find((entry) => entry.kind === kind);
  return found ? found.label : kind;
}

/**
 * The mark in one sentence, for who hears the map.
 * @param {Mark} mark
 */
export function sentenceOf(mark) {
  const parts = [mark.type === "feature" ? mark.name : say("cluster", {name: mark.name, n: mark.n}).replace(/^[:：]\s*/, "")];
  if (mark.kind) parts.push(labelOf(mark.kind));
  parts.push(...chainsOf(mark).map(({name, n}) => (mark.type === "feature" ? name : `${name} ${number(n)}`)));
  if (mark.demo) parts.push(say(mark.demo === "some" ? "demo_some" : "demo"));
  const precision = precisionOf(mark);
  return parts.concat(precision || []).filter(Boolean).join(say("list_separator"));
}
