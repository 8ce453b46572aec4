// Areas and lines of a tile on its canvas. Points stand on the sheet above all tiles, where no edge cuts them.

import {DASHED_FROM_PX, groupsOf, inkOf, SOLID_PX, SPECK_PX, strengthOf} from "./look.js";
import {AREA, LINE} from "./mvt.js";

/** Outlines that are drawn together: more at once take longer than the same in pieces. */
const TOGETHER = 128;
const STOP_PX = 3;

/** How strong small areas are: a thousand of them must stay calm, a single one must be found. */
const SOLID = 0.55;
const FILL = 0.26;

/** @typedef {import("./look.js").Look} Look */
/** @typedef {import("./mvt.js").TileLayer} TileLayer */
/** @typedef {{k: number, dx: number, dy: number, size: number}} Placing pixels of a step, where the tile's corner lies, how many pixels are seen */

/**
 * Draw the tile anew.
 * @param {CanvasRenderingContext2D} ctx scaled so that one unit is one pixel of the page
 * @param {import("./source.js").TileData} data
 * @param {Placing} at
 * @param {Look} look
 */
export function paint(ctx, data, at, look) {
  ctx.clearRect(0, 0, at.size, at.size);
  ctx.lineJoin = "round";
  ctx.lineCap = "round";
  for (const {layer} of data.parts) {
    for (const group of groupsOf(layer)) {
      ctx.fillStyle = inkOf(group.cluster, look);
      ctx.strokeStyle = ctx.fillStyle;
      paintAreas(ctx, layer, group, at, strengthOf(group.cluster, look) * (look.plain ? 0.35 : 1));
    }
  }
  for (const {layer} of data.parts) {
    for (const group of groupsOf(layer)) {
      ctx.strokeStyle = inkOf(group.cluster, look);
      paintLines(ctx, layer, group, at, strengthOf(group.cluster, look), look.faint);
    }
  }
  ctx.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {TileLayer} layer
 * @param {import("./look.js").Group} group
 * @param {Placing} at
 * @param {number} strength
 */
function paintAreas(ctx, layer, group, at, strength) {
  /** @type {number[]} */
  const solid = [];
  /** @type {number[]} */
  const outlined = [];
  /** @type {number[]} */
  const dashed = [];
  ctx.globalAlpha = SOLID * strength;
  for (const index of group.members) {
    if (layer.types[index] !== AREA || !isSeen(layer, index, at)) continue;
    const across = extentOf(layer, index) * at.k;
    if (across >= SOLID_PX) (group.demo && across >= DASHED_FROM_PX ? dashed : outlined).push(index);
    else if (across >= SPECK_PX) solid.push(index);
    else speck(ctx, layer, index, at);
  }
  batches(solid, (part) => {
    trace(ctx, layer, part, at, true);
    ctx.fill();
  });
  const both = (/** @type {number[]} */ part) => {
    trace(ctx, layer, part, at, true);
    ctx.globalAlpha = FILL * strength;
    ctx.fill();
    ctx.globalAlpha = 0.9 * strength;
    ctx.stroke();
  };
  ctx.lineWidth = 1.25;
  batches(outlined, both);
  ctx.setLineDash([5, 4]);
  batches(dashed, both);
  ctx.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {TileLayer} layer
 * @param {number} index
 * @param {Placing} at
 */
function speck(ctx, layer, index, {k, dx, dy}) {
  const {boxes} = layer;
  const x = ((boxes[4 * index] + boxes[4 * index + 2]) / 2) * k + dx;
  const y = ((boxes[4 * index + 1] + boxes[4 * index + 3]) / 2) * k + dy;
  ctx.fillRect(x - SPECK_PX / 2, y - SPECK_PX / 2, SPECK_PX, SPECK_PX);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {TileLayer} layer
 * @param {import("./look.js").Group} group
 * @param {Placing} at
 * @param {number} strength
 * @param {boolean} faint
 */
function paintLines(ctx, layer, group, at, strength, faint) {
  const lines = Array.from(group.members).filter((index) => layer.types[index] === LINE && isSeen(layer, index, at));
  if (!lines.length) return;
  ctx.globalAlpha = strength * (faint ? 0.4 : 1);
  ctx.lineWidth = faint ? 1.5 : 3;
  if (group.demo) ctx.setLineDash([6, 5]);
  batches(lines, (part) => {
    trace(ctx, layer, part, at, false);
    ctx.stroke();
  });
  ctx.setLineDash([]);
  ctx.lineWidth = 1.5;
  ctx.fillStyle = "#ffffff";
  for (const index of lines) stops(ctx, layer, index, at);
}

/**
 * A line's corners are its stops.
 * @param {CanvasRenderingContext2D} ctx
 * @param {TileLayer} layer
 * @param {number} index
 * @param {Placing} at
 */
export function stops(ctx, layer, index, {k, dx, dy}) {
  const {xy, rings, starts} = layer;
  for (let at = rings[starts[index]]; at < rings[starts[index + 1]]; at += 1) {
    ctx.beginPath();
    ctx.arc(xy[2 * at] * k + dx, xy[2 * at + 1] * k + dy, STOP_PX, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
}

/**
 * The outlines of features as the current path.
 * @param {CanvasRenderingContext2D} ctx
 * @param {TileLayer} layer
 * @param {ArrayLike<number>} members
 * @param {Placing} at
 * @param {boolean} closed
 */
export function trace(ctx, layer, members, {k, dx, dy}, closed) {
  const {xy, rings, starts} = layer;
  ctx.beginPath();
  for (let one = 0; one < members.length; one += 1) {
    const index = members[one];
    for (let ring = starts[index]; ring < starts[index + 1]; ring += 1) {
      let at = 2 * rings[ring];
      const end = 2 * rings[ring + 1];
      ctx.moveTo(xy[at] * k + dx, xy[at + 1] * k + dy);
      for (at += 2; at < end; at += 2) ctx.lineTo(xy[at] * k + dx, xy[at + 1] * k + dy);
      if (closed) ctx.closePath();
    }
  }
}

/**
 * The longer side of a feature's box, in steps.
 * @param {TileLayer} layer
 * @param {number} index
 */
export function extentOf({boxes}, index) {
  return Math.max(boxes[4 * index + 2] - boxes[4 * index], boxes[4 * index + 3] - boxes[4 * index + 1]);
}

/**
 * @param {TileLayer} layer
 * @param {number} index
 * @param {Placing} at
 */
function isSeen({boxes}, index, {k, dx, dy, size}) {
  const room = 4;
  return boxes[4 * index] * k + dx <= size + room && boxes[4 * index + 2] * k + dx >= -room
    && boxes[4 * index + 1] * k + dy <= size + room && boxes[4 * index + 3] * k + dy >= -room;
}

/**
 * @param {number[]} members
 * @param {(part: number[]) => void} draw
 */
function batches(members, draw) {
  for (let start = 0; start < members.length; start += TOGETHER) draw(members.slice(start, start + TOGETHER));
}
