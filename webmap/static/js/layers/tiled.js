// The tiles on the map: each a canvas that knows what it shows. Folium makes the layer; Leaflet says which tiles come and
// go; what stands on them stays until what comes after it is there.

import {filterQuery} from "../state.js";
import {Outdated} from "../tiles/fetching.js";
import {paint} from "../tiles/paint.js";
import {MOST_PIXELS} from "../tiles/sheet.js";
import {TileSource} from "../tiles/source.js";

const TILE_PX = 512;

/** Where servers disagree about the version one waits until they have come together. */
const RENEW_MS = 2000;

/** @typedef {import("../tiles/source.js").TileData} TileData */
/** @typedef {import("../tiles/source.js").Loading} Loading */
/** @typedef {{canvas: HTMLCanvasElement, coords: {x: number, y: number, z: number}, data: TileData | null, asked: string, loading: Loading | null, done: ((error?: Error) => void) | null}} Held */
/** @typedef {{changed: () => void, renewed: () => void, failed: (error: unknown) => void}} Acts */

/** The painter of Folium's layer. */
export class Tiled {
  /**
   * @param {import("leaflet").Map} map
   * @param {TileSettings} settings
   * @param {string} version
   * @param {string} lang
   * @param {Acts} acts
   */
  constructor(map, settings, version, lang, acts) {
    this.map = map;
    this.acts = acts;
    this.source = new TileSource(settings, version, lang);
    this.grid = window.relitu.tiles;
    /** @type {Map<HTMLElement, Held>} */
    this.held = new Map();
    this.asked = "";
    this.round = 0;
    this.renewedAt = 0;
    this.look = {plain: false, faint: false, only: /** @type {string | null} */ (null)};
    /** @type {(() => void)[]} */
    this.waiting = [];
    this.grid.painter = this;
    this.grid.on("tileunload", (event) => this.drop(/** @type {any} */ (event).tile));
    map.on("zoomend", () => this.repaint());
    window.addEventListener("beforeprint", () => this.repaint());
  }

  /**
   * Folium's layer asks for a tile.
   * @param {{x: number, y: number, z: number}} coords in tiles of 512 pixels
   * @param {(error?: Error) => void} done
   * @returns {HTMLCanvasElement}
   */
  create(coords, done) {
    const canvas = document.createElement("canvas");
    canvas.className = "vector-tile";
    /** @type {Held} */
    const held = {canvas, coords: {x: coords.x, y: coords.y, z: coords.z}, data: null, asked: "", loading: null, done};
    this.held.set(canvas, held);
    this.fill(held);
    return canvas;
  }

  /**
   * Bring what a tile shows under the present filter and version; null where it did not come, or something else is wanted meanwhile.
   * @param {Held} held
   * @param {boolean} [now] whether to show it at once
   * @returns {Promise<TileData | null>}
   */
  async fill(held, now = true) {
    if (held.loading) held.loading.cancel();
    held.asked = this.asked;
    const {x, y, z} = held.coords;
    const loading = this.source.load({x, y, z: z - 1});
    held.loading = loading;
    try {
      const data = await loading.data;
      if (held.loading !== loading || !this.held.has(held.canvas)) return null;
      if (now) this.take(held, data);
      return data;
    } catch (error) {
      if (held.loading === loading && this.held.has(held.canvas)) this.lose(held, error);
      return null;
    } finally {
      loading.cancel();
      this.settle();
    }
  }

  /**
   * @param {Held} held
   * @param {TileData} data
   */
  take(held, data) {
    held.data = data;
    held.loading = null;
    this.paint(held);
    if (held.done) held.done();
    held.done = null;
    this.acts.changed();
  }

  /**
   * @param {Held} held
   * @param {unknown} error
   */
  lose(held, error) {
    held.loading = null;
    held.asked = "";
    if (error instanceof Outdated) {
      this.renew(error.current);
      return;
    }
    this.acts.failed(error);
  }

  /**
   * Another version is served now: everything is asked for anew.
   * @param {string} version
   */
  renew(version) {
    if (version === this.source.version) return;
    const early = this.renewedAt + RENEW_MS - Date.now();
    this.renewedAt = Date.now() + Math.max(0, early);
    this.source.renew(version);
    if (early > 0) window.setTimeout(() => this.acts.renewed(), early);
    else this.acts.renewed();
  }

  /** @param {HTMLElement} tile */
  drop(tile) {
    const held = this.held.get(tile);
    if (!held) return;
    this.held.delete(tile);
    if (held.loading) held.loading.cancel();
    // Some browsers keep a canvas's memory until its size is gone.
    held.canvas.width = 0;
    this.settle();
  }

  /**
   * Show what a filter selects; settles when it stands there. What stood there before stays until then.
   * @param {Filter} filter
   * @returns {Promise<void>}
   */
  async show(filter) {
    this.source.filter = filter;
    this.asked = `${this.source.version}?${filterQuery(filter)}`;
    if (!this.map.hasLayer(this.grid)) this.map.addLayer(this.grid);
    const stale = [...this.held.values()].filter((held) => held.asked !== this.asked);
    if (stale.length) await this.swap(stale);
    await this.settled();
  }

  /**
   * Bring tiles anew and change those in sight at once; the others after them.
   * @param {Held[]} stale
   */
  async swap(stale) {
    this.round += 1;
    const {round} = this;
    const seen = stale.filter((held) => this.isSeen(held));
    const found = await Promise.all(seen.map((held) => this.fill(held, false)));
    if (round !== this.round) return;
    seen.forEach((held, index) => {
      const data = found[index];
      if (data && this.held.has(held.canvas)) this.take(held, data);
    });
    for (const held of stale) if (!seen.includes(held) && this.held.has(held.canvas)) this.fill(held);
  }

  /** @returns {Promise<void>} when no tile in sight is awaited */
  settled() {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.settle();
    });
  }

  settle() {
    for (const held of this.held.values()) if (held.loading && this.isSeen(held)) return;
    this.waiting.splice(0).forEach((resolve) => resolve());
  }

  /** The whole zoom whose tiles cover the present view. */
  currentLevel() {
    return Math.round(this.map.getZoom());
  }

  /** @param {Held} held */
  isSeen({coords}) {
    if (coords.z !== this.currentLevel()) return false;
    const size = TILE_PX * this.map.getZoomScale(this.map.getZoom(), coords.z);
    const {min, max} = this.map.getPixelBounds();
    const [low, high] = [/** @type {L.Point} */ (min), /** @type {L.Point} */ (max)];
    return (coords.x + 1) * size > low.x && coords.x * size < high.x && (coords.y + 1) * size > low.y && coords.y * size < high.y;
  }

  /**
   * Draw a tile on its canvas, sharp at zooms between whole ones too.
   * @param {Held} held
   */
  paint({canvas, coords, data}) {
    if (!data) return;
    const size = TILE_PX * this.map.getZoomScale(this.map.getZoom(), coords.z);
    const pixel = Math.min(window.devicePixelRatio || 1, MOST_PIXELS);
    const width = Math.min(Math.ceil(size * pixel), 2 * TILE_PX * pixel);
    if (canvas.width !== width || canvas.height !== width) {
      canvas.width = width;
      canvas.height = width;
    }
    const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    ctx.setTransform(width / size, 0, 0, width / size, 0, 0);
    const beyond = coords.z - 1 - data.z;
    const whole = size * Math.pow(2, beyond);
    const dx = -(coords.x - data.x * Math.pow(2, beyond)) * size;
    const dy = -(coords.y - data.y * Math.pow(2, beyond)) * size;
    paint(ctx, data, {k: whole / data.extent, dx, dy, size}, this.look);
  }

  /** Draw every tile anew from what is decoded. */
  repaint() {
    const level = this.currentLevel();
    for (const held of this.held.values()) if (held.coords.z === level) this.paint(held);
    this.acts.changed();
  }

  /**
   * Change how things look; nothing is asked for.
   * @param {Partial<import("../tiles/look.js").Look>} part
   */
  restyle(part) {
    const next = {...this.look, ...part};
    if (JSON.stringify(next) === JSON.stringify(this.look)) return;
    this.look = next;
    this.repaint();
  }
}
