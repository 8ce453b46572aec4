// What of the tiles lies under the pointer.

import {discRadius} from "./signs.js";
import {AREA, LINE} from "./mvt.js";

/** How far from its middle a symbol, and a dot, is still meant. */
const SYMBOL_REACH_PX = 13;
const DOT_REACH_PX = 5;

/** @typedef {import("./mvt.js").TileLayer} TileLayer */
/** @typedef {import("./places.js").Shown} Shown */
/** @typedef {import("./places.js").Found} Found */
/** @typedef {{found: Found[], rest: import("./places.js").Rest | null, x: number, y: number, data: import("./source.js").TileData | null}} Hit */

/**
 * The topmost thing at a place, else null: a point, what is left undrawn, a line, the smallest area. Several features of
 * one spot come together.
 * @param {{tiles: Shown[], spots: import("./places.js").Spot[], rests: import("./places.js").Rest[]}} content
 * @param {{x: number, y: number}} at in pixels of the map's world
 * @param {number} reach how many pixels a finger or a mouse may be off
 * @returns {Hit | null}
 */
export function hit({tiles, spots, rests}, {x, y}, reach) {
  const rest = rests.find((one) => Math.hypot(one.x - x, one.y - y) <= discRadius(one.n));
  if (rest) return {found: [], rest, x: rest.x, y: rest.y, data: null};
  const spot = nearestSpot(spots, x, y, reach);
  if (spot) return {found: spot.found, rest: null, x: spot.x, y: spot.y, data: spot.data};
  const found = shape(tiles, x, y, reach);
  return found && {found: [found], rest: null, x, y, data: null};
}

/**
 * @param {import("./places.js").Spot[]} spots
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 */
function nearestSpot(spots, x, y, reach) {
  let best = null;
  let least = Infinity;
  for (const spot of spots) {
    const far = Math.hypot(spot.x - x, spot.y - y) - (spot.dot ? DOT_REACH_PX : SYMBOL_REACH_PX);
    if (far <= reach / 2 && far < least) {
      best = spot;
      least = far;
    }
  }
  return best;
}

/**
 * @param {Shown[]} tiles
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 * @returns {Found | null}
 */
function shape(tiles, x, y, reach) {
  /** @type {Found | null} */
  let best = null;
  let least = Infinity;
  for (const tile of tiles) {
    const {data, size} = tile;
    if (x < tile.x - reach || y < tile.y - reach || x > tile.x + size + reach || y > tile.y + size + reach) continue;
    const k = size / data.extent;
    const [u, v, room] = [(x - tile.x) / k, (y - tile.y) / k, reach / k];
    for (const {kind, layer} of data.parts) {
      for (let index = 0; index < layer.length; index += 1) {
        const rank = rankOf(layer, index, u, v, room);
        if (rank < least) {
          least = rank;
          best = {kind, layer, index};
        }
      }
    }
  }
  return best;
}

/**
 * How much a feature is meant by a place: lines before areas that hold it, smaller before larger ones, and after them
 * the nearest; Infinity where it is not.
 * @param {TileLayer} layer
 * @param {number} index
 * @param {number} u
 * @param {number} v
 * @param {number} room
 */
function rankOf(layer, index, u, v, room) {
  const {boxes, types} = layer;
  const [left, top, right, bottom] = [boxes[4 * index], boxes[4 * index + 1], boxes[4 * index + 2], boxes[4 * index + 3]];
  if (u < left - room || u > right + room || v < top - room || v > bottom + room) return Infinity;
  if (types[index] === LINE) {
    const far = distance(layer, index, u, v);
    return far <= room ? far - 2e9 : Infinity;
  }
  if (types[index] !== AREA) return Infinity;
  if (holds(layer, index, u, v)) return (right - left) * (bottom - top) - 1e9;
  const far = distance(layer, index, u, v);
  return far <= room ? far : Infinity;
}

/**
 * Even-odd rule over all rings.
 * @param {TileLayer} layer
 * @param {number} index
 * @param {number} u
 * @param {number} v
 */
export function holds({xy, rings, starts}, index, u, v) {
  let inside = false;
  for (let ring = starts[index]; ring < starts[index + 1]; ring += 1) {
    const end = rings[ring + 1];
    for (let at = rings[ring], last = end - 1; at < end; last = at, at += 1) {
      const [x1, y1, x2, y2] = [xy[2 * at], xy[2 * at + 1], xy[2 * last], xy[2 * last + 1]];
      if (y1 > v !== y2 > v && u < ((x2 - x1) * (v - y1)) / (y2 - y1) + x1) inside = !inside;
    }
  }
  return inside;
}

/**
 * From a place to the nearest edge, in steps.
 * @param {TileLayer} layer
 * @param {number} index
 * @param {number} u
 * @param {number} v
 */
function distance({xy, rings, starts, types}, index, u, v) {
  let least = Infinity;
  for (let ring = starts[index]; ring < starts[index + 1]; ring += 1) {
    const [first, end] = [rings[ring], rings[ring + 1]];
    for (let at = first; at < end; at += 1) {
      if (at + 1 === end && types[index] !== AREA) break;
      const next = at + 1 < end ? at + 1 : first;
      least = Math.min(least, toEdge(u - xy[2 * at], v - xy[2 * at + 1], xy[2 * next] - xy[2 * at], xy[2 * next + 1] - xy[2 * at + 1]));
    }
  }
  return least;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} dx
 * @param {number} dy
 */
function toEdge(x, y, dx, dy) {
  const length = dx * dx + dy * dy;
  const along = length ? Math.min(1, Math.max(0, (x * dx + y * dy) / length)) : 0;
  return Math.hypot(x - along * dx, y - along * dy);
}
