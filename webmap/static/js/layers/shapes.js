// Plots as areas and routes as lines with their stops, once the map is near enough to tell them apart.

import {make} from "../elements.js";

export const SHAPES_FROM_ZOOM = 11;

/** More lines than these are drawn faintly, but for the one under the pointer. */
const MANY_LINES = 6;

/** The layer of areas and lines. */
export class Shapes {
  /**
   * @param {import("leaflet").Map} map
   * @param {(select: string) => void} open
   */
  constructor(map, open) {
    this.open = open;
    this.frame = map.getContainer();
    this.renderer = L.svg({pane: "shapes", padding: 0.3});
    this.layer = L.layerGroup([], {pane: "shapes"}).addTo(map);
  }

  clear() {
    this.layer.clearLayers();
  }

  /** @param {any} collection GeoJSON with properties id, kind, name, colour, demo */
  show(collection) {
    const shown = L.geoJSON(collection, /** @type {L.GeoJSONOptions & L.PathOptions} */ ({
      pane: "shapes",
      renderer: this.renderer,
      style: (feature) => styleOf(feature),
      onEachFeature: (feature, layer) => {
        const {kind, id, name} = feature.properties;
        layer.on("click", () => this.open(`${kind}/${id}`));
        layer.bindTooltip(() => make("div", {class: "tip"}, [name]), {sticky: true, className: "mark-tip", opacity: 1});
      },
    }));
    const lines = collection.features.filter((/** @type {any} */ feature) => /LineString/.test(feature.geometry.type));
    this.frame.classList.toggle("has-many-lines", lines.length > MANY_LINES);
    const stops = collection.features.filter((/** @type {any} */ feature) => feature.geometry.type === "LineString")
      .map((/** @type {any} */ feature) => stopsOf(feature, this.renderer));
    this.layer.clearLayers();
    this.layer.addLayer(shown);
    stops.forEach((/** @type {L.Layer} */ layer) => this.layer.addLayer(layer));
  }
}

/** @param {any} feature */
function styleOf(feature) {
  const {colour, demo} = feature.properties;
  const isLine = /LineString/.test(feature.geometry.type);
  return {
    color: colour,
    weight: isLine ? 3 : 1.5,
    fillColor: colour,
    fillOpacity: isLine ? 0 : 0.28,
    dashArray: demo ? "5 4" : undefined,
    className: isLine ? "shape shape-line" : "shape shape-area",
  };
}

/**
 * @param {any} feature a line whose corners are its stops
 * @param {L.Renderer} renderer
 */
function stopsOf(feature, renderer) {
  return L.layerGroup(feature.geometry.coordinates.map((/** @type {[number, number]} */ [lon, lat]) => L.circleMarker([lat, lon], {
    pane: "shapes", renderer, radius: 3, weight: 1.5, className: "shape-stop", color: feature.properties.colour, fillColor: "#ffffff", fillOpacity: 1, interactive: false,
  })));
}
