// What the tiles say to a reader: the tip of what is under the pointer, what the legend shows, how many are not drawn.

import {make} from "../elements.js";
import {catalogue, number, say} from "../messages.js";
import {groupsOf} from "../tiles/look.js";
import {AREA, LINE, POINT} from "../tiles/mvt.js";

/** Features of one spot stand within so many pixels of it. */
const SPOT_PX = 3;

/** @typedef {import("../tiles/hit.js").Hit} Hit */

/** @param {string} kind */
function labelOf(kind) {
  const found = catalogue.kinds.find((entry) => entry.kind === kind);
  return found ? found.label : kind;
}

/**
 * @param {Hit} found
 * @returns {HTMLElement}
 */
export function tipOf({found, rest}) {
  if (rest) return make("div", {class: "tip"}, [make("strong", {class: "tip-title"}, [say("more_here", {n: rest.n})]), ...chainLine(rest.mix)]);
  if (found.length > 1) return make("div", {class: "tip"}, [make("strong", {class: "tip-title"}, [say("results", {n: found.length})])]);
  const [{kind, layer, index}] = found;
  return make("div", {class: "tip"}, [
    make("strong", {class: "tip-title"}, [String(layer.get(index, "name") || "")]),
    make("span", {class: "tip-line"}, [labelOf(kind)]),
    ...(layer.get(index, "demo") ? [make("span", {class: "tip-line tip-demo"}, [say("demo")])] : []),
  ]);
}

/** @param {{[cluster: string]: number}} mix */
function chainLine(mix) {
  const largest = Object.entries(mix).sort(([, a], [, b]) => b - a).slice(0, 3);
  if (!largest.length) return [];
  const words = largest.map(([cluster, n]) => {
    const known = catalogue.clusters.find(({id}) => id === cluster);
    return `${known ? known.label : say("no_chain")} ${number(n)}`;
  });
  return [make("span", {class: "tip-line tip-chains"}, [words.join(" · ")])];
}

/**
 * The name of what is there, for who hears the map.
 * @param {Hit} found
 */
export function nameOf({found, rest}) {
  if (rest) return say("more_here", {n: rest.n});
  const names = found.map(({layer, index}) => String(layer.get(index, "name") || ""));
  return names.slice(0, 3).join(say("list_separator"));
}

/**
 * What a click opens, as the address names it: a feature, or the list of what stands at one spot.
 * @param {import("leaflet").Map} map
 * @param {Hit} hit
 */
export function selectionOfHit(map, {found, x, y}) {
  const [{kind, layer, index}] = found;
  if (found.length === 1) return `${kind}/${layer.get(index, "id")}`;
  const low = map.unproject([x - SPOT_PX, y + SPOT_PX]);
  const high = map.unproject([x + SPOT_PX, y - SPOT_PX]);
  const box = [low.lng, low.lat, high.lng, high.lat];
  return `within/${box.map((degree) => degree.toFixed(6)).join(",")}`;
}

/**
 * What stands in view: clusters, and kinds by how they are drawn.
 * @param {import("leaflet").Map} map
 * @param {{tiles: import("../tiles/places.js").Shown[], rests: import("../tiles/places.js").Rest[]}} content
 */
export function presentOf(map, {tiles, rests}) {
  const clusters = new Set();
  const kinds = [new Set(), new Set(), new Set(), new Set()];
  let demo = false;
  const isSeen = seenIn(map);
  for (const tile of tiles) {
    for (const {kind, layer} of tile.data.parts) {
      for (const group of groupsOf(layer)) {
        for (const index of group.members) {
          const met = kinds[layer.types[index]];
          if ((clusters.has(group.cluster) && met.has(kind) && (demo || !group.demo)) || !isSeen(tile, layer, index)) continue;
          clusters.add(group.cluster);
          met.add(kind);
          demo = demo || group.demo;
        }
      }
    }
  }
  const view = map.getPixelBounds();
  const near = rests.filter(({x, y}) => view.contains([x, y]));
  for (const {mix} of near) Object.keys(mix).forEach((cluster) => clusters.add(cluster));
  return {clusters, points: kinds[POINT], lines: kinds[LINE], areas: kinds[AREA], demo, rest: near.length > 0};
}

/**
 * A test of whether a feature's box meets the view.
 * @param {import("leaflet").Map} map
 */
function seenIn(map) {
  const {min, max} = map.getPixelBounds();
  const [low, high] = [/** @type {L.Point} */ (min), /** @type {L.Point} */ (max)];
  return (/** @type {import("../tiles/places.js").Shown} */ {data, x, y, size}, /** @type {import("../tiles/mvt.js").TileLayer} */ {boxes}, /** @type {number} */ index) => {
    const [k, at] = [size / data.extent, 4 * index];
    return x + boxes[at] * k <= high.x && x + boxes[at + 2] * k >= low.x && y + boxes[at + 1] * k <= high.y && y + boxes[at + 3] * k >= low.y;
  };
}

/**
 * How many of the features in view are not drawn one by one.
 * @param {import("leaflet").Map} map
 * @param {import("../tiles/places.js").Rest[]} rests
 */
export function undrawn(map, rests) {
  const view = map.getPixelBounds();
  const kinds = new Set();
  let n = 0;
  for (const rest of rests) {
    if (!view.contains([rest.x, rest.y])) continue;
    n += rest.n;
    rest.kinds.forEach((kind) => kinds.add(kind));
  }
  const [only] = kinds;
  const found = kinds.size === 1 ? catalogue.kinds.find(({kind}) => kind === only) : null;
  return {n, plural: found ? found.plural : ""};
}

/**
 * Whether anything of the tiles lies in view.
 * @param {import("leaflet").Map} map
 * @param {{tiles: import("../tiles/places.js").Shown[], rests: import("../tiles/places.js").Rest[]}} content
 */
export function isAnythingInView(map, {tiles, rests}) {
  const view = map.getPixelBounds();
  const isSeen = seenIn(map);
  return rests.some(({x, y}) => view.contains([x, y])) || tiles.some((tile) => tile.data.parts.some(({layer}) => {
    for (let index = 0; index < layer.length; index += 1) if (isSeen(tile, layer, index)) return true;
    return false;
  }));
}
