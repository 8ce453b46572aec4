// The pictures of marks: a ring of chains for many, a shape of its own for each kind of feature.

import {draw} from "../elements.js";
import {catalogue} from "../messages.js";

export const NO_CHAIN = "#a9afb8";

/** @type {Map<string, string>} */
const colours = new Map(catalogue.clusters.map(({id, colour}) => [id, colour]));

/** @type {Map<string, string>} */
const shapes = new Map(catalogue.kinds.map(({kind, symbol}) => [kind, symbol]));

/** Closed outlines on a 24 × 24 field, centred, of about equal visual weight. */
const OUTLINES = {
  circle: "M12 4a8 8 0 1 1 0 16a8 8 0 0 1 0-16z",
  hexagon: "M12 3l7.8 4.5v9L12 21l-7.8-4.5v-9z",
  square: "M5 5h14v14H5z",
  diamond: "M12 2.5l9.5 9.5l-9.5 9.5L2.5 12z",
  triangle: "M12 3.5l9.2 16H2.8z",
  line: "M3.2 16.2l5.6-9.4a2 2 0 0 1 3.3-.2l3.4 4.6l3-4.2l3 2.2l-4.6 6.6a2 2 0 0 1-3.2 0l-3.1-4.2l-4.2 7z",
  flag: "M6 3h13l-3 5l3 5H9v8.5H6z",
  bubble: "M5 4h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 5v-5H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z",
  bar: "M4 12h4.4v8H4zM9.8 4h4.4v16H9.8zM15.6 8H20v12h-4.4z",
  sheet: "M6 3h8l5 5v13H6z",
};

/**
 * The colour of a chain cluster; "" is no chain.
 * @param {string} cluster
 */
export function colourOf(cluster) {
  return colours.get(cluster) || NO_CHAIN;
}

/**
 * A kind's outline, as the data of a path on a field of 24 × 24.
 * @param {string} kind
 */
export function outlineOf(kind) {
  return OUTLINES[/** @type {keyof typeof OUTLINES} */ (shapes.get(kind) || "circle")] || OUTLINES.circle;
}

/**
 * A kind's shape, filled.
 * @param {string} kind
 * @param {string} colour
 * @param {{demo?: boolean, size?: number}} [options]
 * @returns {SVGSVGElement}
 */
export function symbol(kind, colour, {demo = false, size = 26} = {}) {
  const outline = outlineOf(kind);
  return draw("svg", {viewBox: "-2 -2 28 28", width: size, height: size, class: "mark-symbol", "aria-hidden": "true", focusable: "false"}, [
    draw("path", {d: outline, class: "mark-halo"}),
    draw("path", {d: outline, fill: colour, class: demo ? "mark-fill is-demo" : "mark-fill"}),
  ]);
}

/**
 * A ring whose arcs are the shares of the chain clusters.
 * @param {[string, number][]} mix
 * @param {number} size outer diameter in pixels
 * @param {boolean} demo all of it is demonstration data
 * @returns {SVGSVGElement}
 */
export function ring(mix, size, demo) {
  const width = Math.max(5, Math.round(size / 8));
  const radius = (size - width) / 2 - 1;
  const length = 2 * Math.PI * radius;
  const total = mix.reduce((sum, [, n]) => sum + n, 0) || 1;
  const middle = size / 2;
  let start = 0;
  const arcs = mix.map(([cluster, n]) => {
    const part = (n / total) * length;
    // A hair of white between arcs; a whole circle has none.
    const gap = mix.length > 1 ? Math.min(1.5, part / 3) : 0;
    const arc = draw("circle", {
      cx: middle, cy: middle, r: radius, fill: "none", stroke: colourOf(cluster), "stroke-width": width,
      "stroke-dasharray": `${(part - gap).toFixed(2)} ${(length - part + gap).toFixed(2)}`,
      "stroke-dashoffset": (-start).toFixed(2), transform: `rotate(-90 ${middle} ${middle})`,
    });
    start += part;
    return arc;
  });
  return draw("svg", {viewBox: `0 0 ${size} ${size}`, width: size, height: size, class: "ring", "aria-hidden": "true", focusable: "false"}, [
    draw("circle", {cx: middle, cy: middle, r: size / 2 - 0.5, class: demo ? "ring-face is-demo" : "ring-face"}),
    ...arcs,
  ]);
}

/**
 * A flat bar whose parts are the shares of the chain clusters.
 * @param {[string, number][]} mix
 * @returns {SVGSVGElement}
 */
export function bar(mix) {
  const total = mix.reduce((sum, [, n]) => sum + n, 0) || 1;
  let start = 0;
  const parts = mix.map(([cluster, n]) => {
    const share = (n / total) * 100;
    const part = draw("rect", {x: start, y: 0, width: share, height: 4, fill: colourOf(cluster)});
    start += share;
    return part;
  });
  return draw("svg", {viewBox: "0 0 100 4", preserveAspectRatio: "none", class: "mix-bar", "aria-hidden": "true", focusable: "false"}, parts);
}
