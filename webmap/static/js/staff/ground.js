// The map of the staff's pages: the same shell as the public one, without its bounds, with the counties as calm ground.

import {OVERTAKEN, json} from "../api.js";
import {scaleBar} from "../layers/scale.js";
import {say} from "../messages.js";

const FARTHEST = 4;

/**
 * The map, ready to draw on.
 * @param {string} boundaries address of the counties, empty for none
 * @returns {import("leaflet").Map}
 */
export function ground(boundaries) {
  const {map, baseMap} = window.relitu;
  map.setMaxBounds(/** @type {any} */ (null));
  map.setMinZoom(FARTHEST);
  scaleBar((unit, n) => say(unit, {n}), 120).addTo(map);
  map.invalidateSize(false); // the shell may have been made while its place was still hidden
  const frame = map.getContainer().parentElement;
  if (frame) frame.setAttribute("data-base-map", baseMap);
  if (boundaries) counties(map, boundaries);
  return map;
}

/**
 * @param {import("leaflet").Map} map
 * @param {string} address
 */
async function counties(map, address) {
  const answer = await json("boundaries", address).catch(() => OVERTAKEN);
  if (answer === OVERTAKEN) return;
  L.geoJSON(answer.counties, /** @type {any} */ ({
    pane: "counties",
    renderer: L.svg({pane: "counties", padding: 0.3}),
    interactive: false,
    pmIgnore: true,
    snapIgnore: true,
    className: "county",
    style: {weight: 1, fillOpacity: 1},
  })).addTo(map);
}

/**
 * Bring a box into view.
 * @param {import("leaflet").Map} map
 * @param {number[] | null | undefined} box west, south, east, north
 * @param {number} [nearest]
 */
export function look(map, box, nearest = 17) {
  if (!box || box.length !== 4) return;
  map.fitBounds([[box[1], box[0]], [box[3], box[2]]], {animate: false, padding: [32, 32], maxZoom: nearest});
}
