// Areas, lengths and places in words.

import {number, say} from "../messages.js";
import {MU_M2, area, length} from "./geodesy.js";

/** @typedef {import("./geodesy.js").Position} Position */

/** @param {number} m2 */
export function areaWords(m2) {
  return say("draw_area", {mu: number(m2 / MU_M2), m2: number(m2)});
}

/** @param {Position[][]} lines */
export function lengthWords(lines) {
  return say("draw_length", {km: number(lines.reduce((sum, line) => sum + length(line), 0) / 1000)});
}

/**
 * What there is to say of a drawing: its area, length or place.
 * @param {import("./sketch.js").Sketch} sketch
 */
export function figureOf(sketch) {
  if (!sketch.parts.length) return say("draw_nothing");
  if (sketch.sort === "LineString") return lengthWords(sketch.parts);
  if (sketch.sort === "Point") return sketch.parts[0].map((/** @type {number} */ degree) => degree.toFixed(6)).join(", ");
  const several = sketch.parts.length > 1 || sketch.holes > 0;
  const more = several ? ` · ${say("draw_parts", {parts: sketch.parts.length, holes: sketch.holes})}` : "";
  return areaWords(area(sketch.parts)) + more;
}
