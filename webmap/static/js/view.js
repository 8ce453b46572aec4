// Where the map looks: the address's place, else the counties that hold what is selected.

const FIT_MOST = 11;

const WIDE_PX = 900;
const LEGEND_PX = 230;

const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");

/** A lone feature far away must not shrink all others: cities that together hold no more than this share may lie outside. */
const MAY_LIE_OUTSIDE = 0.02;

/** The view of the map and its part of the state. */
export class View {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./layers/base.js").Base} base
   * @param {import("./state.js").Store} store
   */
  constructor(map, base, store) {
    this.map = map;
    this.base = base;
    this.store = store;
    /** Whether a person has moved the map; until then its place is ours and not part of the address. */
    this.touched = Boolean(store.state.map);
    const container = map.getContainer();
    for (const name of ["pointerdown", "wheel", "keydown"]) {
      container.addEventListener(name, () => {
        this.touched = true;
      }, {passive: true});
    }
    map.on("moveend", () => this.write());
  }

  write() {
    if (!this.touched) return;
    const {lat, lng} = this.map.getCenter();
    this.store.change({map: {zoom: this.map.getZoom(), lat, lon: lng}}, "replace");
  }

  /**
   * Look where the state says; false if it leaves that open.
   * @param {State["map"]} place
   */
  restore(place) {
    if (!place) return false;
    const centre = this.map.getCenter();
    const here = Math.abs(centre.lat - place.lat) < 1e-4 && Math.abs(centre.lng - place.lon) < 1e-4;
    if (!here || Math.abs(this.map.getZoom() - place.zoom) > 0.01) {
      this.map.setView([place.lat, place.lon], place.zoom, {animate: false});
    }
    return true;
  }

  /**
   * Look at every county that holds something selected.
   * @param {Summary} summary
   * @param {Filter} filter
   */
  fit(summary, filter) {
    const bounds = this.extent(summary, filter);
    if (bounds) this.show(bounds, {animate: false, maxZoom: FIT_MOST});
  }

  /**
   * @param {L.LatLngBounds} bounds
   * @param {L.FitBoundsOptions} [options]
   */
  show(bounds, options = {}) {
    const [top, bottom] = this.covered();
    // On a wide map the legend lies open in the lower right corner.
    const right = this.map.getSize().x >= WIDE_PX ? LEGEND_PX : 0;
    const padding = {paddingTopLeft: L.point(16, 16 + top), paddingBottomRight: L.point(16 + right, 16 + bottom)};
    this.map.fitBounds(bounds, {animate: !STILL.matches, ...padding, ...options});
  }

  /**
   * Look at a box or a unit, as the page around an embed asks.
   * @param {{bbox?: number[], county?: string}} place
   */
  fitTo(place) {
    const {bbox, county} = place || {};
    const box = Array.isArray(bbox) && bbox.length === 4 && bbox.every(Number.isFinite)
      ? L.latLngBounds([bbox[1], bbox[0]], [bbox[3], bbox[2]]) : this.base.boundsOf(String(county || ""));
    if (!box) return;
    this.touched = true;
    this.show(box);
  }

  /** @returns {[number, number]} pixels of the map that the controls above and a sheet below cover */
  covered() {
    const frame = this.map.getContainer().getBoundingClientRect();
    const panel = document.getElementById("panel");
    const sheet = panel && panel.getBoundingClientRect();
    const over = sheet && sheet.width > frame.width * 0.8 && sheet.top > frame.top ? frame.bottom - sheet.top : 0;
    return [frame.width < 720 ? 48 : 24, Math.max(0, Math.min(over, frame.height * 0.6))];
  }

  /**
   * A facet leaves its own parameter out, so the filter's counties and cities are applied here.
   * @param {Summary} summary
   * @param {Filter} filter
   * @returns {L.LatLngBounds | null}
   */
  extent(summary, filter) {
    const counts = summary.facets.county || {};
    const wanted = (filter.county || []).concat(filter.city || []);
    const cityOf = new Map(this.base.features.map(({properties}) => [properties.adcode, properties.city]));
    const units = Object.keys(counts).filter((code) =>
      counts[code] > 0 && (!wanted.length || wanted.includes(code) || wanted.includes(cityOf.get(code) || "")));
    const kept = weighty(units, counts, cityOf);
    const counties = units.filter((code) => cityOf.has(code) && kept.has(cityOf.get(code) || ""));
    const cities = units.filter((code) => kept.has(code) && !cityOf.has(code) && !counties.some((county) => cityOf.get(county) === code));
    const boxes = /** @type {L.LatLngBounds[]} */ ([...counties, ...cities].map((code) => this.base.boundsOf(code)).filter(Boolean));
    return boxes.length ? boxes.reduce((all, one) => all.extend(one), L.latLngBounds([])) : null;
  }

  /**
   * Move as little as needed so that a point is in view and not under a panel.
   * @param {L.LatLngExpression} point
   */
  reveal(point) {
    const detail = document.getElementById("detail");
    const frame = this.map.getContainer().getBoundingClientRect();
    const panel = detail && !detail.hidden ? detail.getBoundingClientRect() : null;
    const [top, below] = this.covered();
    let [right, bottom] = [24, 24 + below];
    if (panel && panel.width > frame.width * 0.8) bottom = Math.max(bottom, frame.bottom - panel.top + 56);
    else if (panel && panel.left > frame.left) right = Math.max(right, frame.right - panel.left + 56);
    this.map.panInside(point, {animate: !STILL.matches, paddingTopLeft: [32, 32 + top], paddingBottomRight: [right, Math.min(bottom, frame.height - 96)]});
  }
}

/**
 * The cities that hold what is selected, without the few features that lie far from the rest.
 * @param {string[]} units adcodes of counties and cities
 * @param {{[adcode: string]: number}} counts
 * @param {Map<string, string>} cityOf
 * @returns {Set<string>}
 */
function weighty(units, counts, cityOf) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  let total = 0;
  for (const unit of units) {
    const city = cityOf.get(unit) || unit;
    sums.set(city, (sums.get(city) || 0) + counts[unit]);
    total += counts[unit];
  }
  const ordered = Array.from(sums).sort((a, b) => a[1] - b[1]);
  let dropped = 0;
  while (ordered.length > 1 && dropped + ordered[0][1] <= MAY_LIE_OUTSIDE * total) dropped += /** @type {[string, number]} */ (ordered.shift())[1];
  return new Set(ordered.map(([city]) => city));
}
