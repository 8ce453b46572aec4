// Where tiles come from: their addresses under the present filter and version, and those decoded already.

import {answered, Refusal} from "../api.js";
import {catalogue} from "../messages.js";
import {question} from "../state.js";
import {bytesAt} from "./fetching.js";
import {decode} from "./mvt.js";
import {soon} from "./soon.js";

/** Layers of single kinds that are kept decoded: some three screens full. */
const KEPT = 160;
const MORE = "more";

/** @type {Bounds} */
const WORLD = [-180, -90, 180, 90];

/** @typedef {import("./mvt.js").TileLayer} TileLayer */
/** @typedef {{x: number, y: number, n: number, mix: {[cluster: string]: number}, kind: string}} Rest features of a tile that it does not draw, together at one point, in steps of `extent` */
/** @typedef {{kind: string, layer: TileLayer}} Part */
/** @typedef {{z: number, x: number, y: number, extent: number, parts: Part[], rest: Rest[]}} TileData */
/** @typedef {{promise: Promise<{layers: TileLayer[]}>, controller: AbortController, wanted: number, done: boolean}} Asked */
/** @typedef {{data: Promise<TileData>, cancel: () => void}} Loading */

/** Tiles of all kinds that can stand on the map. */
export class TileSource {
  /**
   * @param {TileSettings} settings
   * @param {string} version
   * @param {string} lang
   */
  constructor(settings, version, lang) {
    this.settings = settings;
    this.version = version;
    this.lang = lang === "zh" ? "" : lang;
    /** @type {Filter} */
    this.filter = {};
    /** Whether the bounds that the page came with still hold. */
    this.bounded = true;
    /** @type {Map<string, Asked>} */
    this.asked = new Map();
  }

  /** @param {string} version the one that is served now */
  renew(version) {
    this.version = version;
    this.bounded = false;
    for (const {kind} of catalogue.kinds) this.settings.kinds[kind] = this.settings.kinds[kind] || WORLD;
  }

  /**
   * The tile that shows a place of the map: itself, or beyond the last zoom the one around it.
   * @param {{z: number, x: number, y: number}} wanted
   */
  native({z, x, y}) {
    const beyond = Math.max(0, z - this.settings.maxzoom);
    return {z: z - beyond, x: x >> beyond, y: y >> beyond};
  }

  /**
   * @param {{z: number, x: number, y: number}} tile a native one
   * @returns {{kind: string, address: string}[]}
   */
  addresses({z, x, y}) {
    const wanted = this.filter.kind || [];
    const query = question(this.filter, this.lang);
    return Object.keys(this.settings.kinds)
      .filter((kind) => (!wanted.length || wanted.includes(kind)) && (!this.bounded || meets(this.settings.kinds[kind], z, x, y)))
      .map((kind) => {
        const parts = {version: this.version, kind, z, x, y};
        const path = this.settings.address.replace(/\{(\w+)\}/g, (_, name) => String(parts[/** @type {"kind"} */ (name)]));
        return {kind, address: query ? `${path}?${query}` : path};
      });
  }

  /**
   * Bring a tile, all kinds together.
   * @param {{z: number, x: number, y: number}} wanted
   * @returns {Loading}
   */
  load(wanted) {
    const tile = this.native(wanted);
    const asked = this.addresses(tile).map(({kind, address}) => ({kind, address, entry: this.ask(address)}));
    let given = false;
    const data = Promise.all(asked.map(({kind, entry}) => entry.promise.then(({layers}) => ({kind, layers}))))
      .then((found) => joined(tile, found));
    return {
      data,
      cancel: () => {
        if (given) return;
        given = true;
        asked.forEach(({address, entry}) => this.release(address, entry));
      },
    };
  }

  /**
   * @param {string} address
   * @returns {Asked}
   */
  ask(address) {
    const known = this.asked.get(address);
    if (known) {
      known.wanted += 1;
      this.asked.delete(address);
      this.asked.set(address, known);
      return known;
    }
    const controller = new AbortController();
    /** @type {Asked} */
    const entry = {controller, wanted: 1, done: false, promise: Promise.resolve({layers: []})};
    const brought = answered(address) || bytesAt(address, controller.signal).then((bytes) => soon(() => ({layers: decode(bytes)})));
    entry.promise = brought
      .then((found) => {
        entry.done = true;
        return found;
      }, (error) => {
        if (this.asked.get(address) === entry) this.asked.delete(address);
        // What cannot be read is the same to the reader as what did not come.
        throw error instanceof RangeError ? new Refusal("", 0) : error;
      });
    this.asked.set(address, entry);
    this.tidy();
    return entry;
  }

  /**
   * @param {string} address
   * @param {Asked} entry
   */
  release(address, entry) {
    entry.wanted -= 1;
    if (entry.wanted > 0 || entry.done) return;
    if (this.asked.get(address) === entry) this.asked.delete(address);
    entry.controller.abort();
  }

  /** Forget what was used longest ago and nobody waits for. */
  tidy() {
    for (const [address, entry] of this.asked) {
      if (this.asked.size <= KEPT) return;
      if (entry.done) this.asked.delete(address);
    }
  }
}

/**
 * @param {{z: number, x: number, y: number}} tile
 * @param {{kind: string, layers: TileLayer[]}[]} found
 * @returns {TileData}
 */
function joined(tile, found) {
  /** @type {TileData} */
  const data = {...tile, extent: 4096, parts: [], rest: []};
  for (const {kind, layers} of found) {
    for (const layer of layers) {
      data.extent = layer.extent;
      if (layer.name === kind) data.parts.push({kind, layer});
      else if (layer.name === MORE) data.rest.push(...restOf(layer, kind));
    }
  }
  return data;
}

/**
 * @param {TileLayer} layer
 * @param {string} kind
 * @returns {Rest[]}
 */
function restOf(layer, kind) {
  const clusters = layer.keys.filter((key) => key.startsWith("c."));
  return Array.from({length: layer.length}, (_, index) => {
    /** @type {{[cluster: string]: number}} */
    const mix = {};
    for (const key of clusters) {
      const n = layer.get(index, key);
      if (n) mix[key.slice(2)] = n;
    }
    const [x, y] = layer.boxes.subarray(4 * index, 4 * index + 2);
    return {x, y, n: Number(layer.get(index, "n")) || 0, mix, kind};
  });
}

/**
 * Whether a tile meets a box of degrees, with some room for what its features' outlines need.
 * @param {Bounds} bounds
 * @param {number} z
 * @param {number} x
 * @param {number} y
 */
function meets([west, south, east, north], z, x, y) {
  const size = Math.pow(2, z);
  const room = 1 / 64;
  const lon = (/** @type {number} */ column) => (column / size) * 360 - 180;
  const lat = (/** @type {number} */ line) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * line) / size))) * 180) / Math.PI;
  return lon(x - room) <= east && lon(x + 1 + room) >= west && lat(y + 1 + room) <= north && lat(y - room) >= south;
}
