// Names of cities and counties that never lie on each other or on a mark: placed greedily, the important ones first.

import {fill, make} from "../elements.js";

const CITY_TO_ZOOM = 10;
const COUNTY_FROM_ZOOM = 8;
const GAP = 3;
/** Relative luminance below which white letters have more contrast than the dark ones of light ground. */
const DARK = 0.26;

/** @typedef {{left: number, top: number, right: number, bottom: number}} Box */
/** @typedef {{text: string, rank: "city" | "county", point: L.Point, weight: number, id: string}} Candidate */

/** The layer of names, in its own pane. */
export class Names {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./base.js").Base} base
   */
  constructor(map, base) {
    this.map = map;
    this.base = base;
    /** @type {Box[]} */
    this.taken = [];
    /** @type {Set<string>} */
    this.named = new Set();
    this.element = make("div", {class: "names leaflet-zoom-hide", "aria-hidden": "true"});
    /** @type {HTMLElement} */ (map.getPane("names")).append(this.element);
    map.on("zoomend viewreset moveend relitu:painted", () => this.place());
  }

  /**
   * Room that marks take (layer pixels), and units whose marks carry their name already.
   * @param {Box[]} taken
   * @param {Set<string>} named
   */
  avoid(taken, named) {
    this.taken = taken;
    this.named = named;
    this.place();
  }

  /** Choose anew what fits and draw it. */
  place() {
    const boxes = this.taken.slice();
    /** @type {HTMLElement[]} */
    const made = [];
    for (const candidate of this.candidates()) {
      const size = measure(candidate);
      const spot = [0, 16, -16, 23, -23].map((dy) => boxAt(candidate.point.add([0, dy]), size)).find((box) => !boxes.some((other) => meets(box, other)));
      if (!spot) continue;
      boxes.push(spot);
      const centre = L.point((spot.left + spot.right) / 2, (spot.top + spot.bottom) / 2);
      const label = make("span", {class: `unit-name unit-name-${candidate.rank}${this.groundAt(centre)}`}, [make("span", {}, [candidate.text])]);
      L.DomUtil.setPosition(label, centre);
      made.push(label);
    }
    fill(this.element, made);
  }

  /**
   * The class of a name above a coloured county, so that it is read on its colour; empty above any other ground.
   * @param {L.Point} point
   */
  groundAt(point) {
    if (!this.base.isPainted()) return "";
    const county = this.base.countyAt(this.map.layerPointToLatLng(point));
    const colour = county ? this.base.colours[county.adcode] || "" : "";
    if (!colour.startsWith("#")) return "";
    return luminance(colour) < DARK ? " is-on-dark" : " is-on-light";
  }

  /** @returns {Candidate[]} in view, the important ones first */
  candidates() {
    const zoom = this.map.getZoom();
    const view = this.map.getBounds().pad(0.1);
    const units = [];
    if (zoom < CITY_TO_ZOOM) units.push(...this.base.cities.map((unit) => ({unit, rank: /** @type {const} */ ("city"), weight: 1e6})));
    if (zoom >= COUNTY_FROM_ZOOM) {
      // A county that the province governs directly is its own city: one name is enough.
      const counties = this.base.features.filter(({properties}) => zoom >= CITY_TO_ZOOM || properties.city !== properties.adcode);
      units.push(...counties.map(({properties}) => ({unit: properties, rank: /** @type {const} */ ("county"), weight: properties.area_km2})));
    }
    return units
      .filter(({unit}) => !this.named.has(unit.adcode) && view.contains([unit.anchor[1], unit.anchor[0]]))
      .map(({unit, rank, weight}) => ({
        id: unit.adcode,
        text: rank === "city" || zoom < 10 ? unit.short : unit.name,
        rank,
        weight,
        point: this.map.latLngToLayerPoint([unit.anchor[1], unit.anchor[0]]),
      }))
      .sort((a, b) => b.weight - a.weight);
  }
}

/**
 * @param {Candidate} candidate
 * @returns {[number, number]} width and height in pixels, rather too large than too small
 */
function measure({text, rank}) {
  const em = rank === "city" ? 14 : 12;
  let width = 0;
  for (const letter of text) width += letter > "\u2e80" ? em * 1.08 : em * 0.6;
  return [width + 2 * GAP, em + 2 * GAP];
}

/**
 * Relative luminance as WCAG 2.2 defines it, 0 to 1.
 * @param {string} colour #rrggbb
 */
function luminance(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * @param {L.Point} centre
 * @param {[number, number]} size
 * @returns {Box}
 */
function boxAt(centre, [width, height]) {
  return {left: centre.x - width / 2, right: centre.x + width / 2, top: centre.y - height / 2, bottom: centre.y + height / 2};
}

/**
 * @param {Box} a
 * @param {Box} b
 */
export function meets(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
