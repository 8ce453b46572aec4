// The tiles that the map draws from, made here of the selected features' points and outlines.

import {AREA, LINE, POINT} from "../tiles/mvt.js";
import {piece} from "./data.js";
import {cutArea, cutLine, EXTENT, ROOM} from "./cutting.js";
import {several} from "./gathered.js";
import {boxOf} from "./match.js";

const MAX_LATITUDE = 85.0511287798066;

/** @typedef {{z: number, x: number, y: number}} Tile */
/** @typedef {{row: number, type: number, rings: number[][]}} Drawn one feature: each ring or line as x, y, x, y … in steps of the tile */

/**
 * The layer of a kind in a tile; none where nothing of it is there.
 * @param {string} kind
 * @param {Tile} tile
 * @param {OfflineSelection} selection
 * @param {OfflineSite} site
 * @param {OfflineWords} words
 * @returns {Promise<{layers: import("../tiles/mvt.js").TileLayer[]}>}
 */
export async function tileOf(kind, tile, selection, site, words) {
  const table = site.tables[kind];
  const mask = selection.get(kind);
  if (!table || !mask) return {layers: []};
  const [west, south, east, north] = boundsOf(tile);
  const rows = [];
  for (let row = 0; row < table.located; row += 1) {
    const box = boxOf(table, row);
    if (mask[row] && box[0] <= east && box[2] >= west && box[1] <= north && box[3] >= south) rows.push({row, size: box[2] - box[0] + box[3] - box[1]});
  }
  rows.sort((a, b) => b.size - a.size || a.row - b.row);
  const drawn = await Promise.all(rows.map(({row}) => draw(table, row, tile, site)));
  const seen = drawn.filter(({rings}) => rings.length);
  return {layers: seen.length ? [/** @type {any} */ (new Layer(table, seen, site, words))] : []};
}

/**
 * @param {OfflineTable} table
 * @param {number} row
 * @param {Tile} tile
 * @param {OfflineSite} site
 * @returns {Promise<Drawn>}
 */
async function draw(table, row, tile, site) {
  const where = site.shapes[table.kind];
  const number = where ? where.piece[row] : -1;
  if (number < 0) return {row, type: POINT, rings: inside(place([table.lon[row], table.lat[row]], tile))};
  const {geometry} = (await piece(`shapes/${table.kind}-${number}`))[table.id[row]];
  const parts = geometry.type.startsWith("Multi") ? geometry.coordinates : [geometry.coordinates];
  const flat = (/** @type {number[][]} */ line) => line.reduce((/** @type {number[]} */ all, at) => all.concat(place(at, tile)), []);
  if (!geometry.type.endsWith("Polygon")) {
    return {row, type: LINE, rings: parts.reduce((/** @type {number[][]} */ all, /** @type {number[][]} */ line) => all.concat(cutLine(flat(line))), [])};
  }
  /** @type {number[][]} */
  const rings = [];
  for (const polygon of parts) for (const ring of polygon) rings.push(cutArea(flat(ring.slice(0, -1))));
  return {row, type: AREA, rings: rings.filter((ring) => ring.length >= 6)};
}

/** @param {number[]} at */
function inside([x, y]) {
  const [low, high] = [-ROOM, EXTENT + ROOM];
  return x >= low && x <= high && y >= low && y <= high ? [[Math.round(x), Math.round(y)]] : [];
}

/**
 * @param {number[]} degrees
 * @param {Tile} tile
 * @returns {[number, number]} in steps from the tile's north-western corner
 */
function place([lon, lat], {z, x, y}) {
  const phi = Math.min(MAX_LATITUDE, Math.max(-MAX_LATITUDE, lat)) * (Math.PI / 180);
  const size = Math.pow(2, z);
  return [(((lon + 180) / 360) * size - x) * EXTENT, (((1 - Math.asinh(Math.tan(phi)) / Math.PI) / 2) * size - y) * EXTENT];
}

/**
 * West, south, east, north of a tile with its room.
 * @param {Tile} tile
 * @returns {Bounds}
 */
function boundsOf({z, x, y}) {
  const size = Math.pow(2, z);
  const room = ROOM / EXTENT;
  const lon = (/** @type {number} */ column) => (column / size) * 360 - 180;
  const lat = (/** @type {number} */ line) => Math.atan(Math.sinh(Math.PI * (1 - (2 * line) / size))) * (180 / Math.PI);
  return [lon(x - room), lat(y + 1 + room), lon(x + 1 + room), lat(y - room)];
}

/** What a decoded layer of a tile is to whoever draws it: see tiles/mvt.js. */
class Layer {
  /**
   * @param {OfflineTable} table
   * @param {Drawn[]} drawn
   * @param {OfflineSite} site
   * @param {OfflineWords} words
   */
  constructor(table, drawn, site, words) {
    this.name = table.kind;
    this.extent = EXTENT;
    this.length = drawn.length;
    this.keys = ["id", "name", "cluster", "demo"];
    this.types = Uint8Array.from(drawn, ({type}) => type);
    this.ids = Float64Array.from(drawn, ({row}) => row + 1);
    this.boxes = new Int16Array(4 * drawn.length);
    this.starts = new Uint32Array(drawn.length + 1);
    /** @type {number[]} */
    const rings = [];
    /** @type {number[]} */
    const xy = [];
    drawn.forEach((one, index) => {
      for (const ring of one.rings) {
        rings.push(xy.length / 2);
        for (const number of ring) xy.push(number);
      }
      this.starts[index + 1] = rings.length;
      this.boxes.set(boxAround(one.rings), 4 * index);
    });
    this.rings = Uint32Array.from([...rings, xy.length / 2]);
    this.xy = Int16Array.from(xy);
    const demo = table.columns.demo;
    this.rows = drawn.map(({row}) => ({
      id: table.id[row],
      name: words.names[table.kind][row],
      cluster: site.chains[several(table, "chains", row)[0]] || undefined,
      demo: (demo.form === "flag" && Boolean(demo.values[row])) || undefined,
    }));
  }

  /**
   * @param {number} index
   * @param {string} key
   * @returns {any}
   */
  get(index, key) {
    return this.rows[index][/** @type {"id"} */ (key)];
  }

  /**
   * The feature with this text under a key; -1 for none.
   * @param {string} key
   * @param {string} text
   */
  find(key, text) {
    return this.rows.findIndex((row) => row[/** @type {"id"} */ (key)] === text);
  }
}

/** @param {number[][]} rings */
function boxAround(rings) {
  const box = [32767, 32767, -32768, -32768];
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      box[0] = Math.min(box[0], ring[at]);
      box[1] = Math.min(box[1], ring[at + 1]);
      box[2] = Math.max(box[2], ring[at]);
      box[3] = Math.max(box[3], ring[at + 1]);
    }
  }
  return box;
}
