// An import on the map: shapes by their gravest finding, the findings where they are, the outlines of systems one may choose.

import {OVERTAKEN, json} from "../api.js";
import {make} from "../elements.js";
import {say} from "../messages.js";
import {ground, look} from "./ground.js";

const frame = document.getElementById("map-frame");
if (frame && window.relitu) start(frame);

/** @param {HTMLElement} root */
function start(root) {
  const map = ground(root.dataset.boundaries || "");
  const words = /** @type {HTMLElement} */ (document.querySelector(".map-say"));
  const canvas = L.canvas({padding: 0.3});
  const shapes = L.layerGroup([]).addTo(map);
  const outline = L.layerGroup([]).addTo(map);
  const colours = coloursOf(root);
  /** @type {Map<number, L.Path>} */
  let byRow = new Map();

  const refresh = async () => {
    const bounds = map.getBounds().pad(0.1);
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((degree) => degree.toFixed(6)).join(",");
    const address = String(root.dataset.shapes);
    const found = await json("shapes", `${address}${address.includes("?") ? "&" : "?"}box=${box}`).catch(() => OVERTAKEN);
    if (found === OVERTAKEN) return;
    byRow = new Map();
    shapes.clearLayers();
    shapes.addLayer(L.geoJSON(found, /** @type {any} */ ({
      renderer: canvas,
      style: (/** @type {any} */ feature) => styleOf(feature.properties.worst, colours),
      pointToLayer: (/** @type {any} */ feature, /** @type {L.LatLng} */ at) =>
        L.circleMarker(at, {renderer: canvas, radius: 6, ...styleOf(feature.properties.worst, colours)}),
      onEachFeature: (/** @type {any} */ feature, /** @type {any} */ layer) => {
        const {number, name, where} = feature.properties;
        byRow.set(number, layer);
        layer.bindTooltip(() => make("div", {class: "tip"}, [`${name} · ${where}`]), {className: "mark-tip", sticky: true, opacity: 1});
        layer.on("click", () => openRow(root, number));
      },
    })));
    shapes.addLayer(L.geoJSON(found.spots, /** @type {any} */ ({
      renderer: canvas,
      style: (/** @type {any} */ feature) => spotStyle(feature.properties.severity, colours),
      pointToLayer: (/** @type {any} */ feature, /** @type {L.LatLng} */ at) =>
        L.circleMarker(at, {renderer: canvas, radius: 5, ...spotStyle(feature.properties.severity, colours), fillOpacity: 1}),
      onEachFeature: (/** @type {any} */ feature, /** @type {any} */ layer) => {
        const {message, number} = feature.properties;
        layer.bindTooltip(() => make("div", {class: "tip"}, [message]), {className: "mark-tip", sticky: true, opacity: 1});
        layer.on("click", () => openRow(root, number));
      },
    })));
    const some = found.shown < found.total;
    words.textContent = found.total ? say(some ? "preview_some" : "preview_all", {shown: found.shown, total: found.total, n: found.total}) : say("preview_none");
    document.documentElement.dataset.ready = "true";
  };

  map.on("moveend", refresh);
  look(map, (root.dataset.box || "").split(",").map(Number));
  refresh();
  candidates(map, outline, colours);

  for (const row of document.querySelectorAll("tr[data-row]")) {
    const light = (/** @type {boolean} */ on) => {
      const layer = byRow.get(Number(/** @type {HTMLElement} */ (row).dataset.row));
      if (layer && layer.setStyle) layer.setStyle({weight: on ? 4 : 1.5});
    };
    row.addEventListener("mouseenter", () => light(true));
    row.addEventListener("mouseleave", () => light(false));
  }
}

/**
 * To the row in the table where it is on this page, else to its own page.
 * @param {HTMLElement} root
 * @param {number} number
 */
function openRow(root, number) {
  const row = document.getElementById(`row-${number}`);
  if (!row) {
    window.location.assign(String(root.dataset.row).replace(/\/row\/0/, `/row/${number}`));
    return;
  }
  row.scrollIntoView({block: "center"});
  const link = row.querySelector("a");
  if (link) link.focus();
}

/**
 * The outline of the system under the pointer or chosen.
 * @param {import("leaflet").Map} map
 * @param {L.LayerGroup} layer
 * @param {{[name: string]: string}} colours
 */
function candidates(map, layer, colours) {
  const element = document.getElementById("candidates");
  const known = element ? JSON.parse(element.textContent || "[]") : [];
  for (const radio of document.querySelectorAll("input[data-candidate]")) {
    radio.addEventListener("change", () => {
      layer.clearLayers();
      const chosen = known[Number(/** @type {HTMLElement} */ (radio).dataset.candidate)];
      if (!chosen || !chosen.outline) return;
      const shown = L.geoJSON(chosen.outline, {style: {color: colours.accent, weight: 2, dashArray: "6 4", fillOpacity: 0.06, interactive: false}});
      layer.addLayer(shown);
      map.fitBounds(shown.getBounds().pad(0.3), {animate: false, maxZoom: 15});
    });
  }
}

/**
 * The style sheet's colours, for a canvas does not read it.
 * @param {HTMLElement} root
 * @returns {{[name: string]: string}}
 */
function coloursOf(root) {
  const style = getComputedStyle(root);
  const read = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  return {error: read("wrong"), warning: read("demo"), good: read("good"), accent: read("accent"), quiet: read("ink-3")};
}

/**
 * @param {number} worst
 * @param {{[name: string]: string}} colours
 */
function styleOf(worst, colours) {
  const colour = worst === 3 ? colours.error : worst === 2 ? colours.warning : colours.good;
  return {color: colour, weight: 1.5, fillColor: colour, fillOpacity: worst >= 2 ? 0.28 : 0.16};
}

/**
 * @param {string} severity
 * @param {{[name: string]: string}} colours
 */
function spotStyle(severity, colours) {
  const colour = severity === "error" ? colours.error : colours.warning;
  return {color: colour, weight: 3, fillColor: colour, fillOpacity: 0.45};
}
