// A small map: the counties below, the geometry as it was dashed, as it is now solid.

/**
 * @typedef {object} Sight
 * @property {any} before GeoJSON or null
 * @property {any} after GeoJSON or null
 * @property {string} county
 * @property {[number, number, number, number] | null} box west, south, east, north of the county
 * @property {string} boundaries address of the counties
 * @property {{before: string, after: string, label: string, zoom_in: string, zoom_out: string, metres: string, kilometres: string}} words
 */

import {scaleBar} from "../layers/scale.js";

const NEAREST_ZOOM = 16;
const POINT_ZOOM = 13;
const START = /** @type {[number, number]} */ ([34.3, 113.6]);

document.querySelectorAll("[data-sight]").forEach((element) => {
  const frame = /** @type {HTMLElement} */ (element);
  const data = document.getElementById(frame.dataset.sight || "");
  if (data) show(frame, JSON.parse(data.textContent || "{}"));
});

/**
 * @param {HTMLElement} frame
 * @param {Sight} sight
 */
async function show(frame, sight) {
  const map = L.map(frame, {zoomControl: false, attributionControl: false, scrollWheelZoom: false, minZoom: 6, maxZoom: 19, zoomSnap: 0.5});
  L.control.zoom({position: "topright", zoomInTitle: sight.words.zoom_in, zoomOutTitle: sight.words.zoom_out}).addTo(map);
  scaleBar((unit, n) => sight.words[unit].replace("{n}", String(n)), 100).addTo(map);
  map.createPane("units").style.zIndex = "310";
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  const shapes = [outline(sight.before, "shape-before", sight.words.before), outline(sight.after, "shape-after", sight.words.after)]
    .filter((layer) => layer !== null);
  fit(map, shapes.map((layer) => layer.getBounds()), sight.box);
  shapes.forEach((layer) => layer.addTo(map));
  await ground(map, sight);
  frame.dataset.ready = "true";
}

/**
 * @param {L.Map} map
 * @param {L.LatLngBounds[]} boxes
 * @param {Sight["box"]} home
 */
function fit(map, boxes, home) {
  const whole = boxes.reduce((all, one) => all.extend(one), L.latLngBounds([]));
  if (whole.isValid()) {
    const isPoint = whole.getNorthEast().equals(whole.getSouthWest());
    if (isPoint) map.setView(whole.getCenter(), POINT_ZOOM);
    else map.fitBounds(whole.pad(0.35), {maxZoom: NEAREST_ZOOM});
  } else if (home) {
    map.fitBounds([[home[1], home[0]], [home[3], home[2]]]);
  } else {
    map.setView(START, 7);
  }
}

/**
 * @param {any} geometry
 * @param {string} name of its class
 * @param {string} word what it is
 */
function outline(geometry, name, word) {
  if (!geometry) return null;
  return L.geoJSON(geometry, /** @type {L.GeoJSONOptions & L.PathOptions} */ ({
    style: (feature) => ({className: `${name}${feature && /Line/.test(feature.geometry.type) ? " shape-line" : ""}`, color: null, fillColor: null, fillOpacity: 1}),
    pointToLayer: (_, at) => L.circleMarker(at, {radius: 8, className: name, color: undefined, fillColor: undefined, fillOpacity: 1}),
  })).bindTooltip(word, {sticky: true});
}

/**
 * The counties; where they cannot be had the shapes stand alone.
 * @param {L.Map} map
 * @param {Sight} sight
 */
async function ground(map, sight) {
  try {
    const response = await fetch(sight.boundaries, {credentials: "same-origin"});
    if (!response.ok) return;
    /** @type {BoundariesAnswer} */
    const answer = await response.json();
    L.geoJSON(/** @type {any} */ (answer.counties), /** @type {L.GeoJSONOptions & L.PathOptions} */ ({
      pane: "units",
      renderer: L.svg({pane: "units", padding: 0.3}),
      interactive: false,
      style: (feature) => ({className: `unit${isOwn(feature, sight.county) ? " is-own" : ""}`, fillOpacity: 1}),
    })).addTo(map);
    answer.counties.features.forEach(({properties}) => {
      L.tooltip({permanent: true, direction: "center", className: "unit-tip", opacity: 1, interactive: false})
        .setLatLng([properties.anchor[1], properties.anchor[0]]).setContent(text(properties.short)).addTo(map);
    });
  } catch (error) {
    frameless(map);
  }
}

/**
 * @param {any} feature
 * @param {string} county
 */
function isOwn(feature, county) {
  return feature.properties.adcode === county || feature.properties.city === county;
}

/** @param {string} words */
function text(words) {
  const element = document.createElement("span");
  element.textContent = words;
  return element;
}

/** @param {L.Map} map */
function frameless(map) {
  map.getContainer().dataset.ground = "missing";
}
