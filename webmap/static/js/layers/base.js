// The base map: counties as calm areas with thin borders, cities with stronger ones.

import {draw} from "../elements.js";

/** @typedef {import("leaflet").Map} LeafletMap */
/** @typedef {BoundariesAnswer["counties"]["features"][number]} CountyFeature */

/** Counties and city borders on the map, and which unit is where. */
export class Base {
  /**
   * @param {LeafletMap} map
   * @param {BoundariesAnswer} answer
   * @param {(adcode: string, event: L.LeafletMouseEvent) => void} open what a click on a county does
   */
  constructor(map, answer, open) {
    this.map = map;
    this.cities = answer.cities;
    this.features = answer.counties.features;
    /** @type {Map<string, L.Path>} */
    this.paths = new Map();
    /** @type {Map<string, L.LatLngBounds>} */
    this.bounds = new Map();
    this.selected = "";
    /** @type {{[adcode: string]: string}} what counties are coloured with; none while they are calm */
    this.colours = {};

    this.counties = L.geoJSON(/** @type {any} */ (answer.counties), /** @type {L.GeoJSONOptions & L.PathOptions} */ ({
      pane: "counties",
      renderer: L.svg({pane: "counties", padding: 0.3}),
      className: "county",
      style: {weight: 1, fillOpacity: 1},
      onEachFeature: (feature, layer) => this.adopt(/** @type {any} */ (feature), /** @type {any} */ (layer), open),
    }));
  }

  /** Draw them where the map looks. Until then their places are known already, so that the map can look there first and draw once. */
  show() {
    this.counties.addTo(this.map);
    L.polyline(/** @type {any} */ (cityBorders(this.features)), {
      pane: "borders",
      renderer: L.svg({pane: "borders", padding: 0.3}),
      className: "city-border",
      interactive: false,
      smoothFactor: 0.5,
    }).addTo(this.map);
    this.hatch();
  }

  /**
   * @param {CountyFeature} feature
   * @param {L.Polygon} path
   * @param {(adcode: string, event: L.LeafletMouseEvent) => void} open
   */
  adopt(feature, path, open) {
    const {adcode} = feature.properties;
    this.paths.set(adcode, path);
    this.bounds.set(adcode, path.getBounds());
    path.on("mouseover", () => this.highlight(adcode, true));
    path.on("mouseout", () => this.highlight(adcode, false));
    path.on("click", (event) => open(adcode, event));
  }

  /**
   * Colour counties, or give back the calm fill.
   * @param {{[adcode: string]: string} | null} colours
   */
  paint(colours) {
    this.colours = colours || {};
    this.paths.forEach((path, adcode) => {
      const element = path.getElement();
      if (!element) return;
      const colour = colours ? colours[adcode] : "";
      element.classList.toggle("is-painted", Boolean(colour));
      // The style sheet's fill is the calm one; a value's colour is data and stands on the element.
      /** @type {SVGElement} */ (element).style.fill = colour || "";
    });
    this.map.fire("relitu:painted");
  }

  /** Whether counties are coloured at present. */
  isPainted() {
    return Object.keys(this.colours).length > 0;
  }

  /**
   * @param {string} adcode a county's or city's
   * @param {boolean} on
   */
  highlight(adcode, on) {
    for (const path of this.pathsOf(adcode)) toggle(path, "is-hovered", on);
  }

  /** @param {string} adcode of the open panel; empty for none */
  select(adcode) {
    for (const path of this.pathsOf(this.selected)) toggle(path, "is-selected", false);
    this.selected = adcode;
    for (const path of this.pathsOf(adcode)) {
      toggle(path, "is-selected", true);
      path.bringToFront();
    }
  }

  /**
   * @param {string} adcode
   * @returns {L.Path[]}
   */
  pathsOf(adcode) {
    const own = this.paths.get(adcode);
    if (own) return [own];
    return this.members(adcode).map((code) => /** @type {L.Path} */ (this.paths.get(code)));
  }

  /**
   * A county's name without its rank; nothing for another code.
   * @param {string} adcode
   */
  shortOf(adcode) {
    const found = this.features.find((feature) => feature.properties.adcode === adcode);
    return found ? found.properties.short : "";
  }

  /**
   * The counties of a city.
   * @param {string} city
   */
  members(city) {
    return this.features.filter((feature) => feature.properties.city === city).map((feature) => feature.properties.adcode);
  }

  /**
   * @param {string} adcode a county's or city's
   * @returns {L.LatLngBounds | null}
   */
  boundsOf(adcode) {
    const own = this.bounds.get(adcode);
    if (own) return own;
    const members = this.members(adcode).map((code) => /** @type {L.LatLngBounds} */ (this.bounds.get(code)));
    return members.length ? members.reduce((all, one) => all.extend(one), L.latLngBounds([])) : null;
  }

  /**
   * The county whose polygon holds a point, else null.
   * @param {L.LatLng} point
   * @returns {UnitProperties | null}
   */
  countyAt(point) {
    const found = this.features.find((feature) => {
      const bounds = this.bounds.get(feature.properties.adcode);
      return bounds && bounds.contains(point) && holds(feature.geometry, point.lng, point.lat);
    });
    return found ? found.properties : null;
  }

  /** A pattern of thin strokes for "no data", so that it differs from zero by more than its colour. */
  hatch() {
    const svg = this.map.getPane("counties") && /** @type {HTMLElement} */ (this.map.getPane("counties")).querySelector("svg");
    if (!svg || svg.querySelector("#no-data")) return;
    const pattern = draw("pattern", {id: "no-data", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)"}, [
      draw("rect", {width: 6, height: 6, class: "hatch-ground"}),
      draw("line", {x1: 0, y1: 0, x2: 0, y2: 6, class: "hatch-line"}),
    ]);
    svg.insertBefore(draw("defs", {}, [pattern]), svg.firstChild);
  }
}

/**
 * @param {L.Path} path
 * @param {string} name
 * @param {boolean} on
 */
function toggle(path, name, on) {
  const element = path.getElement();
  if (element) element.classList.toggle(name, on);
}

/**
 * @param {any} geometry
 * @returns {number[][][]}
 */
function rings(geometry) {
  return geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.reduce(
    (/** @type {number[][][]} */ all, /** @type {number[][][]} */ polygon) => all.concat(polygon), []);
}

/**
 * Even-odd rule over all rings.
 * @param {any} geometry
 * @param {number} x
 * @param {number} y
 */
function holds(geometry, x, y) {
  let inside = false;
  for (const ring of rings(geometry)) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if ((yi > y) !== (yj > y) && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}

/** Steps of a degree that tell corners apart: finer than the answer's decimals. */
const STEPS = 1e5;
/** What stands for an edge of two cities, and for one that has been drawn; else it is its city's number, negative where two counties of it meet. */
const [BORDER, DRAWN] = [0, -Infinity];

/**
 * The lines along which two cities meet, or a city the outside: edges that no two counties of one city share.
 *
 * Corners and edges are numbers here: as texts they would cost the first view a tenth of its time.
 * @param {CountyFeature[]} features whose shared borders have the same corners
 * @returns {[number, number][][]} lat/lon lines
 */
export function cityBorders(features) {
  /** @type {Map<number, number>} */
  const corners = new Map();
  const cornerOf = (/** @type {number[]} */ [lon, lat]) => {
    const place = Math.round((lon + 180) * STEPS) * 181 * STEPS + Math.round((lat + 90) * STEPS);
    const known = corners.get(place);
    const corner = known === undefined ? corners.size : known;
    corners.set(place, corner);
    return corner;
  };
  const cities = [...new Set(features.map(({properties}) => properties.city))];
  const outlines = features.flatMap(({geometry, properties}) =>
    rings(geometry).map((ring) => ({ring, at: ring.map(cornerOf), city: cities.indexOf(properties.city) + 1})));
  const keyOf = (/** @type {number} */ a, /** @type {number} */ b) => Math.min(a, b) * corners.size + Math.max(a, b);
  /** @type {Map<number, number>} */
  const edges = new Map();
  for (const {at, city} of outlines) {
    for (let i = 1; i < at.length; i += 1) {
      const key = keyOf(at[i - 1], at[i]);
      const known = edges.get(key);
      edges.set(key, known === undefined ? city : Math.abs(known) === city ? -city : BORDER);
    }
  }
  /** @type {[number, number][][]} */
  const lines = [];
  for (const {ring, at} of outlines) {
    /** @type {[number, number][] | null} */
    let line = null;
    for (let i = 1; i < at.length; i += 1) {
      const key = keyOf(at[i - 1], at[i]);
      if (/** @type {number} */ (edges.get(key)) < BORDER) {
        line = null;
        continue;
      }
      edges.set(key, DRAWN);
      if (!line) {
        line = [[ring[i - 1][1], ring[i - 1][0]]];
        lines.push(line);
      }
      line.push([ring[i][1], ring[i][0]]);
    }
  }
  return lines;
}
