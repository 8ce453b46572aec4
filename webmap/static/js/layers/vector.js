// Everything that has a place of its own, drawn from vector tiles: areas and lines on a canvas a tile, points and what is
// left undrawn on one sheet above them; and what the pointer means there.

import {Tiled} from "./tiled.js";
import {selectionOfHit, tipOf} from "./vector_words.js";
import {hit} from "../tiles/hit.js";
import {LINE} from "../tiles/mvt.js";
import {rests, spots} from "../tiles/places.js";
import {boxOf, Sheet} from "../tiles/sheet.js";

const MOUSE_REACH_PX = 4;
const FINGER_REACH_PX = 14;
const CLOSER = 2;

/** More lines than these are drawn faintly, but for the one under the pointer. */
const MANY_LINES = 6;

/** @typedef {import("../tiles/places.js").Shown} Shown */
/** @typedef {import("../tiles/places.js").Spot} Spot */
/** @typedef {import("../tiles/places.js").Rest} Rest */
/** @typedef {import("../tiles/sheet.js").Named} Named */
/** @typedef {{open: (select: string) => void, changed: () => void, renewed: () => void, failed: (error: unknown) => void}} Acts */

/** The layer of tiles and the sheet above it. */
export class Vector {
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
    this.sheet = new Sheet(map);
    this.tiled = new Tiled(map, settings, version, lang, {...acts, changed: () => this.compose()});
    /** The level whose tiles the sheet shows: the last one that was whole. */
    this.level = -1;
    this.hovered = /** @type {Named | null} */ (null);
    this.selected = /** @type {Named | null} */ (null);
    this.tip = L.tooltip({className: "mark-tip", direction: "top", offset: [0, -8], opacity: 1, interactive: false});
    this.content = {tiles: /** @type {Shown[]} */ ([]), spots: /** @type {Spot[]} */ ([]), rests: /** @type {Rest[]} */ ([])};
    this.frame = 0;
    this.listen();
  }

  listen() {
    const {map} = this;
    map.on("zoomstart", () => {
      this.sheet.canvas.hidden = true;
      this.leave();
    });
    map.on("zoomend", () => {
      this.sheet.canvas.hidden = false;
    });
    map.on("moveend resize viewreset", () => this.compose());
    map.on("move", () => {
      if (this.sheet.isLeft()) this.compose();
    });
    if (window.matchMedia("(hover: hover)").matches) {
      map.on("mousemove", (event) => this.follow(/** @type {L.LeafletMouseEvent} */ (event)));
      // Leaflet's own event ends with the county that the pointer was over.
      map.getContainer().addEventListener("mouseleave", () => this.leave());
    }
  }

  /** Whether the map is near enough for tiles; from farther away the marks count everything. */
  isActive() {
    return this.tiled.currentLevel() >= (this.tiled.grid.options.minZoom || 0);
  }

  /** Draw the sheet anew before the next frame. */
  compose() {
    if (this.frame) return;
    this.frame = window.requestAnimationFrame(() => {
      this.frame = 0;
      this.arrange();
      this.acts.changed();
    });
  }

  arrange() {
    const tiles = this.shown();
    const zoom = this.map.getZoom();
    const level = this.tiled.currentLevel();
    this.content = {tiles, spots: spots(tiles, level), rests: rests(tiles, this.map.getZoomScale(zoom, level))};
    this.sheet.place();
    this.draw();
    this.tiled.restyle({faint: this.countLines() > MANY_LINES});
  }

  countLines() {
    const lines = new Set();
    for (const {data} of this.content.tiles) {
      for (const {kind, layer} of data.parts) {
        for (let index = 0; index < layer.length; index += 1) if (layer.types[index] === LINE) lines.add(`${kind}${layer.ids[index]}`);
      }
    }
    return lines.size;
  }

  draw() {
    this.sheet.draw({...this.content, look: this.tiled.look, hovered: this.hovered, selected: this.selected});
  }

  /**
   * The tiles that the sheet shows: those of the present level, or of the one before until they are there.
   * @returns {Shown[]}
   */
  shown() {
    if (!this.isActive()) return [];
    const current = this.tiled.currentLevel();
    const all = [...this.tiled.held.values()];
    const missing = all.some((held) => !held.data && this.tiled.isSeen(held));
    if (!missing || !all.some(({coords, data}) => data && coords.z === this.level)) this.level = current;
    /** @type {Map<string, Shown>} */
    const found = new Map();
    for (const {coords, data} of all) {
      if (!data || coords.z !== this.level) continue;
      const size = 256 * Math.pow(2, this.map.getZoom() - data.z);
      found.set(`${data.y}/${data.x}`, {data, x: data.x * size, y: data.y * size, size});
    }
    return [...found.values()].sort((a, b) => a.y - b.y || a.x - b.x);
  }

  /**
   * @param {L.LatLng} place
   * @param {number} reach
   */
  under(place, reach) {
    return this.isActive() ? hit(this.content, this.map.project(place), reach) : null;
  }

  /**
   * A click or a tap: open what it meant; false if it meant nothing of ours.
   * @param {L.LeafletMouseEvent} event
   */
  press(event) {
    const pointer = /** @type {any} */ (event.originalEvent).pointerType;
    const finger = pointer === "touch" || pointer === "pen" || (!pointer && window.matchMedia("(hover: none)").matches);
    return this.openAt(event.latlng, finger ? FINGER_REACH_PX : MOUSE_REACH_PX);
  }

  /**
   * @param {L.LatLng} place
   * @param {number} reach
   */
  openAt(place, reach) {
    const found = this.under(place, reach);
    if (!found) return false;
    if (found.rest) this.map.setView(this.map.unproject([found.x, found.y]), Math.min(this.map.getMaxZoom(), this.map.getZoom() + CLOSER));
    else this.acts.open(selectionOfHit(this.map, found));
    return true;
  }

  /** @param {L.LeafletMouseEvent} event */
  follow(event) {
    const found = this.under(event.latlng, MOUSE_REACH_PX);
    this.map.getContainer().classList.toggle("is-over-feature", Boolean(found));
    if (!found) {
      this.leave();
      return;
    }
    const one = found.found[0];
    this.hover(one ? {kind: one.kind, id: String(one.layer.get(one.index, "id"))} : null);
    this.tip.setLatLng(found.rest || found.data ? this.map.unproject([found.x, found.y]) : event.latlng).setContent(tipOf(found));
    if (!this.map.hasLayer(this.tip)) this.tip.addTo(this.map);
  }

  leave() {
    this.map.getContainer().classList.remove("is-over-feature");
    this.tip.remove();
    this.hover(null);
  }

  /** @param {Named | null} named */
  hover(named) {
    const before = this.hovered;
    if (before === named || (before && named && before.kind === named.kind && before.id === named.id)) return;
    this.hovered = named;
    this.draw();
  }

  /** @param {string} select `<kind>/<id>` or anything else */
  select(select) {
    const [kind, ...rest] = select.split("/");
    const named = kind in this.tiled.source.settings.kinds ? {kind, id: rest.join("/")} : null;
    if (!named && !this.selected) return;
    this.selected = named;
    this.draw();
  }

  /**
   * Where a feature stands that a tile shows, else null.
   * @param {string} select
   * @returns {L.LatLng | null}
   */
  placeOf(select) {
    const [kind, ...rest] = select.split("/");
    for (const {data, x, y, size} of this.content.tiles) {
      for (const part of data.parts) {
        const index = part.kind === kind ? part.layer.find("id", rest.join("/")) : -1;
        if (index < 0) continue;
        const [left, top, right, bottom] = part.layer.boxes.subarray(4 * index, 4 * index + 4);
        const k = size / data.extent;
        return this.map.unproject([x + ((left + right) / 2) * k, y + ((top + bottom) / 2) * k]);
      }
    }
    return null;
  }

  /** The room that discs take, in pixels of the map's layer. */
  boxes() {
    return this.content.rests.map((rest) => boxOf(rest, this.map.getPixelOrigin()));
  }
}
