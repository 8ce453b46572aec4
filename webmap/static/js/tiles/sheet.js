// The sheet above all tiles: points, what is left undrawn, and what is under the pointer or open. Drawn for the view and
// some room around it, so that no edge of a tile cuts a symbol and a hovered feature costs no tile.

import {fontOf, disc, discRadius, dot, pile, symbolAt} from "./signs.js";
import {groupsOf, inkOf, strengthOf} from "./look.js";
import {AREA, LINE} from "./mvt.js";
import {stops, trace} from "./paint.js";

const ROOM = 0.15;

/** More pixels than two for one of the page cost memory that nobody sees. */
export const MOST_PIXELS = 2;

/** @typedef {import("./places.js").Spot} Spot */
/** @typedef {import("./places.js").Rest} Rest */
/** @typedef {import("./places.js").Shown} Shown */
/** @typedef {import("./look.js").Look} Look */
/** @typedef {{kind: string, id: string}} Named */

/** A canvas in a pane of its own. */
export class Sheet {
  /** @param {import("leaflet").Map} map */
  constructor(map) {
    this.map = map;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "feature-sheet leaflet-zoom-hide";
    this.canvas.setAttribute("aria-hidden", "true");
    /** @type {HTMLElement} */ (map.getPane("points")).append(this.canvas);
    this.ctx = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    /** The canvas's corner in pixels of the map's world. */
    this.corner = L.point(0, 0);
    this.size = L.point(0, 0);
    this.pixel = 1;
    this.font = fontOf(map.getContainer());
  }

  /** Whether the view has left what is drawn. */
  isLeft() {
    const view = this.map.getPixelBounds();
    const [low, high] = [/** @type {L.Point} */ (view.min), /** @type {L.Point} */ (view.max)];
    return low.x < this.corner.x || low.y < this.corner.y || high.x > this.corner.x + this.size.x || high.y > this.corner.y + this.size.y;
  }

  /** Lie over the present view. */
  place() {
    const view = this.map.getSize();
    const room = L.point(Math.round(view.x * ROOM), Math.round(view.y * ROOM));
    const at = this.map.containerPointToLayerPoint([0, 0]).subtract(room).round();
    const size = view.add(room.multiplyBy(2));
    this.pixel = Math.min(window.devicePixelRatio || 1, MOST_PIXELS);
    if (!size.equals(this.size) || this.canvas.width !== Math.round(size.x * this.pixel)) {
      this.canvas.width = Math.round(size.x * this.pixel);
      this.canvas.height = Math.round(size.y * this.pixel);
      this.canvas.style.width = `${size.x}px`;
      this.canvas.style.height = `${size.y}px`;
    }
    this.size = size;
    L.DomUtil.setPosition(this.canvas, at);
    this.corner = at.add(this.map.getPixelOrigin());
  }

  clear() {
    this.ctx.setTransform(1, 0, 0, 1, 0, 0);
    this.ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /**
   * Draw all of it anew.
   * @param {{tiles: Shown[], spots: Spot[], rests: Rest[], look: Look, hovered: Named | null, selected: Named | null}} content
   */
  draw({tiles, spots, rests, look, hovered, selected}) {
    this.clear();
    this.ctx.setTransform(this.pixel, 0, 0, this.pixel, -this.corner.x * this.pixel, -this.corner.y * this.pixel);
    if (selected) this.emphasise(tiles, selected, look, true);
    if (hovered) this.emphasise(tiles, hovered, look, false);
    this.points(spots, look, hovered, selected);
    for (const rest of rests) disc(this.ctx, rest, this.font, look);
  }

  /**
   * Dots below, symbols above, what is meant last.
   * @param {Spot[]} spots
   * @param {Look} look
   * @param {Named | null} hovered
   * @param {Named | null} selected
   */
  points(spots, look, hovered, selected) {
    /** @type {[Spot, "" | "hovered" | "selected"][]} */
    const last = [];
    for (const spot of spots) {
      const meant = holds(spot, selected) ? "selected" : holds(spot, hovered) ? "hovered" : "";
      if (meant) last.push([spot, meant]);
      else if (spot.dot) this.point(spot, look, "");
    }
    for (const spot of spots) if (!spot.dot && !holds(spot, selected) && !holds(spot, hovered)) this.point(spot, look, "");
    for (const [spot, meant] of last) this.point(spot, look, meant);
  }

  /**
   * @param {Spot} spot
   * @param {Look} look
   * @param {"" | "hovered" | "selected"} meant
   */
  point({x, y, found, dot: small}, look, meant) {
    const [{kind, layer, index}] = found;
    const cluster = String(layer.get(index, "cluster") || "");
    const demo = Boolean(layer.get(index, "demo"));
    this.ctx.globalAlpha = strengthOf(cluster, look);
    if (found.length > 1) pile(this.ctx, x, y, found.length, this.font, inkOf(cluster, look), meant);
    else if (small && !meant) dot(this.ctx, x, y, inkOf(cluster, look));
    else symbolAt(this.ctx, x, y, {kind, colour: inkOf(cluster, look), demo, meant, pixel: this.pixel});
    this.ctx.globalAlpha = 1;
  }

  /**
   * The outline of one feature, in each tile that shows a part of it; each part ends with its tile.
   * @param {Shown[]} tiles
   * @param {Named} named
   * @param {Look} look
   * @param {boolean} selected
   */
  emphasise(tiles, {kind, id}, look, selected) {
    const {ctx} = this;
    for (const {data, x, y, size} of tiles) {
      for (const part of data.parts) {
        if (part.kind !== kind) continue;
        const {layer} = part;
        const index = layer.find("id", id);
        if (index < 0 || (layer.types[index] !== AREA && layer.types[index] !== LINE)) continue;
        const group = groupsOf(layer).find(({members}) => members.includes(index));
        const ink = selected ? accentOf(this.map) : inkOf((group && group.cluster) || "", look);
        ctx.save();
        ctx.beginPath();
        ctx.rect(x, y, size, size);
        ctx.clip();
        const at = {k: size / data.extent, dx: x, dy: y, size};
        const isArea = layer.types[index] === AREA;
        trace(ctx, layer, [index], at, isArea);
        ctx.lineJoin = "round";
        ctx.lineCap = "round";
        ctx.strokeStyle = "#ffffff";
        ctx.lineWidth = (selected ? 3 : 2.5) + 3;
        ctx.stroke();
        if (isArea) {
          ctx.fillStyle = ink;
          ctx.globalAlpha = 0.3;
          ctx.fill();
          ctx.globalAlpha = 1;
        }
        ctx.strokeStyle = ink;
        ctx.lineWidth = selected ? 3 : isArea ? 2.5 : 4;
        ctx.stroke();
        ctx.fillStyle = "#ffffff";
        ctx.lineWidth = 1.5;
        if (!isArea) stops(ctx, layer, index, at);
        ctx.restore();
      }
    }
  }
}

/**
 * @param {Spot} spot
 * @param {Named | null} named
 */
function holds({found}, named) {
  return named !== null && found.some(({kind, layer, index}) => kind === named.kind && layer.get(index, "id") === named.id);
}

/** @param {import("leaflet").Map} map */
function accentOf(map) {
  return getComputedStyle(map.getContainer()).getPropertyValue("--accent").trim() || "#0f5c5c";
}

/**
 * The room that a disc takes, in pixels of the map's layer.
 * @param {Rest} rest
 * @param {L.Point} origin
 */
export function boxOf(rest, origin) {
  const radius = discRadius(rest.n) + 2;
  const [x, y] = [rest.x - origin.x, rest.y - origin.y];
  return {left: x - radius, right: x + radius, top: y - radius, bottom: y + radius};
}
