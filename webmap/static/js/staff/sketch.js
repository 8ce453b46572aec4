// A drawing as data: parts of one sort with their rings, and as layers of the map.

/** @typedef {import("./shape_text.js").Geometry} Geometry */
/** @typedef {import("./geodesy.js").Position} Position */

/** @typedef {"Polygon" | "LineString" | "Point"} Sort */

/** A geometry taken apart. For an area each part is a list of rings, closed; for a line its points; for a point itself. */
export class Sketch {
  /**
   * @param {Sort} sort
   * @param {any[]} [parts]
   */
  constructor(sort, parts = []) {
    this.sort = sort;
    this.parts = parts;
  }

  /**
   * @param {Geometry | null} geometry
   * @param {Sort} otherwise the sort of nothing
   */
  static of(geometry, otherwise) {
    if (!geometry) return new Sketch(otherwise);
    const sort = /** @type {Sort} */ (geometry.type.replace("Multi", ""));
    return new Sketch(sort, geometry.type.startsWith("Multi") ? geometry.coordinates : [geometry.coordinates]);
  }

  /** @returns {Geometry | null} */
  get geometry() {
    if (!this.parts.length) return null;
    return this.parts.length === 1 ? {type: this.sort, coordinates: this.parts[0]} : {type: `Multi${this.sort}`, coordinates: this.parts};
  }

  /** The text that the form sends: every digit as it came. */
  get text() {
    return this.geometry ? JSON.stringify(this.geometry) : "";
  }

  get points() {
    const depth = this.sort === "Polygon" ? 2 : this.sort === "LineString" ? 1 : 0;
    let found = this.parts;
    for (let level = 0; level < depth; level += 1) found = found.reduce((all, part) => all.concat(part), []);
    return /** @type {Position[]} */ (found);
  }

  get holes() {
    return this.sort === "Polygon" ? this.parts.reduce((n, rings) => n + rings.length - 1, 0) : 0;
  }

  /** @returns {number[] | null} west, south, east, north */
  get box() {
    const points = this.points;
    if (!points.length) return null;
    return points.reduce(([w, s, e, n], [lon, lat]) => [Math.min(w, lon), Math.min(s, lat), Math.max(e, lon), Math.max(n, lat)],
      [180, 90, -180, -90]);
  }

  /**
   * Which part holds a point.
   * @param {Position} point
   */
  partAt(point) {
    return this.parts.findIndex((rings) => inside(rings[0], point) && !rings.slice(1).some((/** @type {Position[]} */ hole) => inside(hole, point)));
  }
}

/**
 * @param {Position[]} ring
 * @param {Position} point
 */
export function inside(ring, [x, y]) {
  let result = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if ((yi > y) !== (yj > y) && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) result = !result;
  }
  return result;
}

/**
 * The coordinates of a layer, longitude first, rings closed.
 * @param {any} layer
 * @param {Sort} sort
 */
export function coordinatesOf(layer, sort) {
  const pair = (/** @type {L.LatLng} */ at) => [at.lng, at.lat];
  if (sort === "Point") return pair(layer.getLatLng());
  if (sort === "LineString") return layer.getLatLngs().map(pair);
  return layer.getLatLngs().filter((/** @type {L.LatLng[]} */ ring) => ring.length > 2)
    .map((/** @type {L.LatLng[]} */ ring) => [...ring.map(pair), pair(ring[0])]);
}

/**
 * A part as a layer.
 * @param {any} part
 * @param {Sort} sort
 * @returns {any}
 */
export function layerOf(part, sort) {
  const at = (/** @type {Position} */ [lon, lat]) => /** @type {[number, number]} */ ([lat, lon]);
  if (sort === "Point") {
    return L.circleMarker(at(part), {radius: 7, className: "drawn drawn-point"});
  }
  if (sort === "LineString") return L.polyline(part.map(at), {className: "drawn drawn-line"});
  return L.polygon(part.map((/** @type {Position[]} */ ring) => ring.map(at)), {className: "drawn drawn-area"});
}
