// One row of an import on the map: its shape, its findings, its neighbours, and each repair beside what it mends.

import {make} from "../elements.js";
import {ground, look} from "./ground.js";
import {Neighbours} from "./neighbours.js";
import {Sketch} from "./sketch.js";

const frame = document.getElementById("map-frame");
const data = document.getElementById("row-sight");
if (frame && data && window.relitu) start(frame, JSON.parse(data.textContent || "{}"));

/**
 * @param {HTMLElement} root
 * @param {any} sight
 */
function start(root, sight) {
  const map = ground(root.dataset.boundaries || "");
  const options = (/** @type {string} */ name) => /** @type {any} */ ({
    style: () => ({className: name}),
    pointToLayer: (/** @type {any} */ _, /** @type {L.LatLng} */ at) => L.circleMarker(at, {radius: 6, className: name}),
    interactive: false,
  });
  const repaired = L.layerGroup([]);
  if (sight.shape) {
    look(map, Sketch.of(sight.shape, "Polygon").box, 18);
    L.geoJSON(sight.shape, options(`row-shape worst-${sight.worst}`)).addTo(map);
  }
  repaired.addTo(map);
  for (const finding of sight.findings || []) {
    L.geoJSON(finding.geometry, {...options(`spot is-${finding.severity}`), interactive: true})
      .bindTooltip(() => make("div", {class: "tip"}, [finding.message]), {className: "mark-tip", sticky: true, opacity: 1})
      .addTo(map);
  }
  if (root.dataset.nearby && sight.shape) new Neighbours(map, root.dataset.nearby, root.dataset.id || "", () => undefined);
  for (const button of document.querySelectorAll("[data-show-repair]")) {
    const shown = /** @type {HTMLButtonElement} */ (button);
    shown.hidden = false;
    shown.setAttribute("aria-pressed", "false");
    shown.addEventListener("click", () => {
      const on = shown.getAttribute("aria-pressed") !== "true";
      document.querySelectorAll("[data-show-repair]").forEach((other) => other.setAttribute("aria-pressed", "false"));
      shown.setAttribute("aria-pressed", String(on));
      repaired.clearLayers();
      const shape = on && sight.repairs[String(shown.dataset.showRepair)];
      if (shape) repaired.addLayer(L.geoJSON(shape, options("repaired")));
    });
  }
  document.documentElement.dataset.ready = "true";
}
