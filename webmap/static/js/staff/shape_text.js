// Coordinates as a person types them: GeoJSON, WKT, or a longitude and a latitude a line. The server reads the same.

/** @typedef {{type: string, coordinates: any}} Geometry */

const NUMBER = /[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g;

/**
 * The geometry that a text describes; null for a text that is none (yet).
 * @param {string} text
 * @param {boolean} line whether a list of points is a line
 * @returns {Geometry | null}
 */
export function readShape(text, line) {
  const trimmed = text.trim();
  if (!trimmed) return null;
  const read = trimmed[0] === "{" ? ofGeojson(trimmed) : /^[a-z]/i.test(trimmed) ? ofWkt(trimmed) : ofPoints(trimmed, line);
  return read && isInDegrees(read.coordinates) ? read : null;
}

/**
 * @param {string} text
 * @returns {Geometry | null}
 */
function ofGeojson(text) {
  try {
    let value = JSON.parse(text);
    if (value.type === "FeatureCollection" && value.features.length === 1) value = value.features[0];
    if (value.type === "Feature") value = value.geometry;
    return value && /^(Multi)?(Point|LineString|Polygon)$/.test(value.type) ? {type: value.type, coordinates: value.coordinates} : null;
  } catch (error) {
    return null;
  }
}

/** @type {{[word: string]: string}} */
const WKT = {
  POINT: "Point", LINESTRING: "LineString", POLYGON: "Polygon",
  MULTIPOINT: "MultiPoint", MULTILINESTRING: "MultiLineString", MULTIPOLYGON: "MultiPolygon",
};

/**
 * @param {string} text
 * @returns {Geometry | null}
 */
function ofWkt(text) {
  const found = /^(?:SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*(?:Z|M|ZM)?\s*(\([\s\S]*\))$/i.exec(text);
  if (!found || /[^-+.,()\d\seE]/.test(found[3])) return null;
  const type = WKT[`${found[1] || ""}${found[2]}`.toUpperCase()];
  const lists = found[3].replace(/\(/g, "[").replace(/\)/g, "]");
  const pairs = lists.replace(/[^,[\]]+/g, (piece) => {
    const figures = piece.match(NUMBER);
    return figures && figures.length >= 2 ? `[${figures[0]},${figures[1]}]` : piece;
  });
  try {
    const value = JSON.parse(pairs);
    return {type, coordinates: type === "Point" ? value[0] : value};
  } catch (error) {
    return null;
  }
}

/**
 * @param {string} text
 * @param {boolean} line
 * @returns {Geometry | null}
 */
function ofPoints(text, line) {
  const entries = text.split(/[;；\n]+/).filter((entry) => entry.trim());
  const points = entries.map((entry) => (entry.match(NUMBER) || []).map(Number));
  if (!points.every((point) => point.length === 2)) return null;
  if (points.length === 1) return {type: "Point", coordinates: points[0]};
  if (line || points.length === 2) return {type: "LineString", coordinates: points};
  const [first, last] = [points[0], points[points.length - 1]];
  const closed = first[0] === last[0] && first[1] === last[1];
  return {type: "Polygon", coordinates: [closed ? points : [...points, first]]};
}

/**
 * @param {any} coordinates
 * @returns {boolean}
 */
function isInDegrees(coordinates) {
  if (!Array.isArray(coordinates) || !coordinates.length) return false;
  if (Array.isArray(coordinates[0])) return coordinates.every(isInDegrees);
  return coordinates.length >= 2 && Math.abs(coordinates[0]) <= 180 && Math.abs(coordinates[1]) <= 90;
}
