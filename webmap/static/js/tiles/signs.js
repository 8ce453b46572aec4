// The signs on the sheet: a kind's symbol, a dot where there is no room for it, a number for several of one spot, and a
// disc for what is not drawn one by one.

import {colourOf, outlineOf} from "../layers/symbols.js";
import {shortNumber} from "../messages.js";

const SYMBOL_PX = 26;
const DOT_PX = 3.5;
const ACCENT = "#0f5c5c";

/** @typedef {{kind: string, colour: string, demo: boolean, meant: "" | "hovered" | "selected", pixel: number}} Sign */

/** @type {Map<string, HTMLCanvasElement>} */
const sprites = new Map();

/**
 * A kind's symbol, as the list and the legend have it; drawn once, then copied.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {Sign} sign
 */
export function symbolAt(ctx, x, y, sign) {
  const across = SYMBOL_PX + (sign.meant ? 12 : 6);
  const key = [sign.kind, sign.colour, sign.demo, sign.meant, sign.pixel].join();
  const sprite = sprites.get(key) || draw(sign, across);
  sprites.set(key, sprite);
  ctx.drawImage(sprite, x - across / 2, y - across / 2, across, across);
}

/**
 * @param {Sign} sign
 * @param {number} across
 */
function draw({kind, colour, demo, meant, pixel}, across) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(across * pixel);
  canvas.height = canvas.width;
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const scale = ((SYMBOL_PX / 28) * canvas.width) / across;
  const outline = new Path2D(outlineOf(kind));
  ctx.translate(canvas.width / 2, canvas.width / 2);
  ctx.scale(scale, scale);
  ctx.translate(-12, -12);
  ctx.lineJoin = "round";
  ctx.strokeStyle = meant === "selected" ? ACCENT : "#ffffff";
  ctx.lineWidth = meant ? 8 : 5;
  ctx.stroke(outline);
  ctx.fillStyle = colour;
  ctx.fill(outline);
  ctx.strokeStyle = demo ? "#22282f" : "rgba(32, 36, 31, 0.55)";
  ctx.lineWidth = demo ? 1.8 : 1;
  if (demo) ctx.setLineDash([3, 2.2]);
  ctx.stroke(outline);
  return canvas;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {string} colour
 */
export function dot(ctx, x, y, colour) {
  ctx.beginPath();
  ctx.arc(x, y, DOT_PX, 0, 2 * Math.PI);
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.strokeStyle = "#ffffff";
  ctx.lineWidth = 1.25;
  ctx.stroke();
}

/**
 * Several features at one spot.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} n
 * @param {string} font
 * @param {string} colour
 * @param {"" | "hovered" | "selected"} meant
 */
export function pile(ctx, x, y, n, font, colour, meant) {
  circle(ctx, x, y, 14, "#ffffff");
  ctx.strokeStyle = meant === "selected" ? ACCENT : colour;
  ctx.lineWidth = meant ? 5 : 4;
  ctx.beginPath();
  ctx.arc(x, y, 12, 0, 2 * Math.PI);
  ctx.stroke();
  write(ctx, x, y, String(n), `600 12px ${font}`);
}

/** @param {number} n */
export function discRadius(n) {
  return Math.min(24, 12 + 1.7 * Math.log10(Math.max(n, 1)) * 1.6);
}

/**
 * What a tile does not draw one by one: how many, and of which clusters.
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("./places.js").Rest} rest
 * @param {string} font
 * @param {import("./look.js").Look} look
 */
export function disc(ctx, {x, y, n, mix}, font, look) {
  const radius = discRadius(n);
  ctx.globalAlpha = 0.92;
  circle(ctx, x, y, radius, "#fffefb");
  ctx.globalAlpha = 1;
  const parts = look.plain ? [] : Object.entries(mix).sort(([, a], [, b]) => b - a);
  const total = parts.reduce((sum, [, one]) => sum + one, 0);
  let from = -Math.PI / 2;
  ctx.lineWidth = 3;
  for (const [cluster, one] of total ? parts : /** @type {[string, number][]} */ ([["", 1]])) {
    const to = from + (2 * Math.PI * one) / (total || 1);
    ctx.beginPath();
    ctx.arc(x, y, radius - 1.5, from, to);
    ctx.strokeStyle = total ? colourOf(cluster) : "#8b8676";
    ctx.globalAlpha = look.only !== null && look.only !== cluster ? 0.2 : 0.85;
    ctx.stroke();
    from = to;
  }
  ctx.globalAlpha = 1;
  write(ctx, x, y, `+${shortNumber(n)}`, `600 ${n < 1000 ? 11 : 10}px ${font}`);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {string} colour
 */
function circle(ctx, x, y, radius, colour) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = colour;
  ctx.shadowColor = "rgba(32, 36, 31, 0.25)";
  ctx.shadowBlur = 3;
  ctx.fill();
  ctx.shadowBlur = 0;
  ctx.shadowColor = "transparent";
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {string} text
 * @param {string} font
 */
function write(ctx, x, y, text, font) {
  ctx.font = font;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = "#20241f";
  ctx.fillText(text, x, y + 0.5);
}

/**
 * The page's typeface, as a canvas takes it.
 * @param {HTMLElement} element
 */
export function fontOf(element) {
  return getComputedStyle(element).fontFamily || "sans-serif";
}
