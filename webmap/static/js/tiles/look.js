// How features of tiles look. Nothing here asks for data: a change of look draws anew what is decoded already.

import {colourOf} from "../layers/symbols.js";

/** Areas smaller than this across are specks; smaller than the second, plain; from the third on demo data are dashed. */
export const SPECK_PX = 2.5;
export const SOLID_PX = 13;
export const DASHED_FROM_PX = 24;

/** The share of its strength that what is not meant keeps while one cluster is brought out. */
export const DIMMED = 0.16;

/** @typedef {{plain: boolean, faint: boolean, only: string | null}} Look plain: over another scale of colours; faint: many lines; only: the cluster to bring out */
/** @typedef {{cluster: string, demo: boolean, members: Uint32Array}} Group features of a layer that look alike */

const INK = "#4a515b";

/**
 * The colour of a cluster's features.
 * @param {string} cluster
 * @param {Look} look
 */
export function inkOf(cluster, look) {
  return look.plain ? INK : colourOf(cluster);
}

/**
 * @param {string} cluster
 * @param {Look} look
 */
export function strengthOf(cluster, look) {
  return look.only !== null && look.only !== cluster ? DIMMED : 1;
}

/** @type {WeakMap<import("./mvt.js").TileLayer, Group[]>} */
const grouped = new WeakMap();

/**
 * The features of a layer by their look, in the order in which they came: the largest first.
 * @param {import("./mvt.js").TileLayer} layer
 * @returns {Group[]}
 */
export function groupsOf(layer) {
  const known = grouped.get(layer);
  if (known) return known;
  /** @type {Map<string, {cluster: string, demo: boolean, members: number[]}>} */
  const found = new Map();
  for (let index = 0; index < layer.length; index += 1) {
    const cluster = String(layer.get(index, "cluster") || "");
    const demo = Boolean(layer.get(index, "demo"));
    const key = `${demo}${cluster}`;
    const group = found.get(key);
    if (group) group.members.push(index);
    else found.set(key, {cluster, demo, members: [index]});
  }
  const groups = [...found.values()].map((group) => ({...group, members: Uint32Array.from(group.members)}));
  grouped.set(layer, groups);
  return groups;
}
