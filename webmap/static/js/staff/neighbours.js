// The records around: published ones, and those of one's own counties that are still on their way. One may snap to them.

import {OVERTAKEN, json} from "../api.js";
import {make} from "../elements.js";

const FROM_ZOOM = 13;

/** The layer of neighbours; it asks again when the view moves. */
export class Neighbours {
  /**
   * @param {import("leaflet").Map} map
   * @param {string} address
   * @param {string} except id of the record that is being edited
   * @param {(n: number, more: boolean) => void} tell how many are shown; -1: too far away
   */
  constructor(map, address, except, tell) {
    this.map = map;
    this.address = address;
    this.except = except;
    this.tell = tell;
    this.asked = "";
    this.layer = L.layerGroup([]).addTo(map);
    this.renderer = L.svg({padding: 0.3});
    map.on("moveend", () => this.refresh());
    this.refresh();
  }

  async refresh() {
    if (this.map.getZoom() < FROM_ZOOM) {
      this.asked = "";
      this.layer.clearLayers();
      this.tell(-1, false);
      return;
    }
    const bounds = this.map.getBounds().pad(0.2);
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map((degree) => degree.toFixed(5)).join(",");
    if (box === this.asked) return;
    this.asked = box;
    const mark = this.address.includes("?") ? "&" : "?";
    const found = await json("nearby", `${this.address}${mark}box=${box}&except=${encodeURIComponent(this.except)}`).catch(() => OVERTAKEN);
    if (found === OVERTAKEN) return;
    this.layer.clearLayers();
    this.layer.addLayer(L.geoJSON(found, /** @type {any} */ ({
      renderer: this.renderer,
      pmIgnore: true,
      snapIgnore: false, // said outright: what may not be edited may still be snapped to
      interactive: true,
      bubblingMouseEvents: true,
      style: (/** @type {any} */ feature) => ({className: `neighbour is-${feature.properties.state}`}),
      pointToLayer: (/** @type {any} */ feature, /** @type {L.LatLng} */ at) => L.circleMarker(at, /** @type {any} */ ({
        radius: 4, pmIgnore: true, snapIgnore: false, className: `neighbour is-${feature.properties.state}`,
      })),
      onEachFeature: (/** @type {any} */ feature, /** @type {L.Layer} */ layer) => {
        const {name, state_name: state} = feature.properties;
        layer.bindTooltip(() => make("div", {class: "tip"}, [`${name} · ${state}`]), {className: "mark-tip", sticky: true, opacity: 1});
      },
    })));
    this.tell(found.features.length, Boolean(found.more));
  }
}
