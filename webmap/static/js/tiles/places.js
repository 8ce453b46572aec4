// What of the tiles stands at a point: single features, several at one spot, and what is left undrawn together.

import {POINT} from "./mvt.js";

/** Cells in which the undrawn are put together, in pixels of a whole zoom; they stay where they are as one pans. */
const CELL_PX = 128;
const EDGE_PX = 26;

/** From here on points of one spot can never be told apart by zooming further. */
const SPOT_LEVEL = 15;
const SPOT_PX = 2;

/** A symbol keeps this much to itself; what comes too near another is a dot. */
const ROOM_PX = 22;

/** @typedef {import("./mvt.js").TileLayer} TileLayer */
/** @typedef {{data: import("./source.js").TileData, x: number, y: number, size: number}} Shown a tile, its north-western corner and its size in pixels of the map's world at the present zoom */
/** @typedef {{kind: string, layer: TileLayer, index: number}} Found a feature of a tile */
/** @typedef {{x: number, y: number, found: Found[], dot: boolean, data: import("./source.js").TileData}} Spot */
/** @typedef {{x: number, y: number, n: number, mix: {[cluster: string]: number}, kinds: Set<string>}} Rest */

/**
 * The points, each feature once, those of one spot together; the first to come has room for its symbol.
 * @param {Shown[]} tiles
 * @param {number} level
 * @returns {Spot[]}
 */
export function spots(tiles, level) {
  /** @type {Spot[]} */
  const found = [];
  /** @type {Map<string, Spot>} */
  const same = new Map();
  const taken = new Set();
  for (const {data, x, y, size} of tiles) {
    const k = size / data.extent;
    for (const {kind, layer} of data.parts) {
      for (let index = 0; index < layer.length; index += 1) {
        if (layer.types[index] !== POINT) continue;
        const own = 4 * index;
        const [left, top] = [layer.boxes[own], layer.boxes[own + 1]];
        // The room around a tile belongs to its neighbour.
        if (left < 0 || top < 0 || left >= data.extent || top >= data.extent) continue;
        const [px, py] = [x + left * k, y + top * k];
        const spot = `${Math.round(px / SPOT_PX)},${Math.round(py / SPOT_PX)}`;
        const there = level >= SPOT_LEVEL ? same.get(spot) : undefined;
        if (there) {
          there.found.push({kind, layer, index});
          continue;
        }
        const made = {x: px, y: py, found: [{kind, layer, index}], dot: crowded(taken, px, py), data};
        same.set(spot, made);
        found.push(made);
      }
    }
  }
  return found;
}

/**
 * Whether a symbol is near already; if not, this one takes the room.
 * @param {Set<string>} taken
 * @param {number} x
 * @param {number} y
 */
function crowded(taken, x, y) {
  const [column, line] = [Math.floor(x / ROOM_PX), Math.floor(y / ROOM_PX)];
  for (let dx = -1; dx <= 1; dx += 1) {
    for (let dy = -1; dy <= 1; dy += 1) if (taken.has(`${column + dx},${line + dy}`)) return true;
  }
  taken.add(`${column},${line}`);
  return false;
}

/**
 * What the tiles do not draw one by one, together in cells.
 * @param {Shown[]} tiles
 * @param {number} scale pixels of the present zoom for one of the whole zoom that the cells belong to
 * @returns {Rest[]}
 */
export function rests(tiles, scale) {
  /** @type {Map<string, Rest & {column: number, line: number}>} */
  const cells = new Map();
  const cell = CELL_PX * scale;
  for (const {data, x, y, size} of tiles) {
    const k = size / data.extent;
    for (const one of data.rest) {
      const [px, py] = [x + one.x * k, y + one.y * k];
      const [column, line] = [Math.floor(px / cell), Math.floor(py / cell)];
      const key = `${column},${line}`;
      const there = cells.get(key) || {column, line, x: 0, y: 0, n: 0, mix: {}, kinds: new Set()};
      cells.set(key, there);
      there.x = (there.x * there.n + px * one.n) / (there.n + one.n);
      there.y = (there.y * there.n + py * one.n) / (there.n + one.n);
      there.n += one.n;
      there.kinds.add(one.kind);
      for (const [cluster, n] of Object.entries(one.mix)) there.mix[cluster] = (there.mix[cluster] || 0) + n;
    }
  }
  // Kept off their cell's edge, discs of neighbouring cells never touch.
  const within = (/** @type {number} */ at, /** @type {number} */ number) =>
    Math.min(Math.max(at, number * cell + EDGE_PX), (number + 1) * cell - EDGE_PX);
  return [...cells.values()].filter(({n}) => n > 0).map((one) => ({...one, x: within(one.x, one.column), y: within(one.y, one.line)}));
}
