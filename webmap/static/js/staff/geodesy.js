// Areas and lengths on the ellipsoid of WGS-84, as the server computes them: to better than one part in 100,000.

const A = 6378137;
const F = 1 / 298.257223563;
const E2 = F * (2 - F);
const E1 = Math.sqrt(E2);
const RADIANS = Math.PI / 180;
const LONGEST_EDGE = 0.001; // degrees; a longer edge is divided along its great circle first

/** @typedef {[number, number]} Position longitude, latitude in degrees */

export const MU_M2 = 2000 / 3;

/** q of Snyder (1987), eq. 3-12: the height in an equal-area cylinder, in units of a/2 without the factor (1 - e²).
 * @param {number} sine of the latitude */
function q(sine) {
  const es = E1 * sine;
  return (1 - E2) * (sine / (1 - es * es) + Math.atanh(es) / E1);
}

/** Q at the pole. */
const Q_POLE = q(1);
/** Radius of the sphere with the ellipsoid's surface. */
const R2 = (A * A * Q_POLE) / 2;

/**
 * Where a point lies in the equal-area cylinder: x in radians, y as the sine of the authalic latitude.
 * @param {Position} point
 * @returns {[number, number]}
 */
function flat([lon, lat]) {
  return [lon * RADIANS, q(Math.sin(lat * RADIANS)) / Q_POLE];
}

/**
 * Points between two others on the great circle of the auxiliary sphere, both ends left out.
 * @param {Position} one
 * @param {Position} two
 * @returns {Position[]}
 */
function between(one, two) {
  const pieces = Math.ceil(Math.max(Math.abs(two[0] - one[0]), Math.abs(two[1] - one[1])) / LONGEST_EDGE);
  if (pieces < 2) return [];
  const [u, v] = [onSphere(one), onSphere(two)];
  const angle = Math.acos(Math.min(1, u[0] * v[0] + u[1] * v[1] + u[2] * v[2]));
  if (!angle) return [];
  /** @type {Position[]} */
  const points = [];
  for (let i = 1; i < pieces; i += 1) {
    const f = i / pieces;
    const s = Math.sin((1 - f) * angle) / Math.sin(angle);
    const t = Math.sin(f * angle) / Math.sin(angle);
    const [x, y, z] = [0, 1, 2].map((k) => s * u[k] + t * v[k]);
    const reduced = Math.atan2(z, Math.hypot(x, y));
    points.push([Math.atan2(y, x) / RADIANS, Math.atan(Math.tan(reduced) / (1 - F)) / RADIANS]);
  }
  return points;
}

/** @param {Position} point */
function onSphere([lon, lat]) {
  const reduced = Math.atan((1 - F) * Math.tan(lat * RADIANS));
  const c = Math.cos(reduced);
  return [c * Math.cos(lon * RADIANS), c * Math.sin(lon * RADIANS), Math.sin(reduced)];
}

/**
 * The area of a ring in square metres, whichever way it runs; it may be closed or not.
 * @param {Position[]} ring
 */
export function ringArea(ring) {
  if (ring.length < 3) return 0;
  /** @type {[number, number][]} */
  const points = [];
  ring.forEach((point, i) => {
    points.push(flat(point));
    between(point, ring[(i + 1) % ring.length]).forEach((extra) => points.push(flat(extra)));
  });
  // The products are of numbers near one another, so they are taken from the first point on.
  const [x0, y0] = points[0];
  let sum = 0;
  for (let i = 0; i < points.length; i += 1) {
    const [x1, y1] = points[i];
    const [x2, y2] = points[(i + 1) % points.length];
    sum += (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
  }
  return (Math.abs(sum) / 2) * R2;
}

/**
 * The area of polygons in square metres, their holes taken off.
 * @param {Position[][][]} polygons
 */
export function area(polygons) {
  return polygons.reduce((sum, [outer, ...holes]) =>
    sum + ringArea(outer || []) - holes.reduce((inner, hole) => inner + ringArea(hole), 0), 0);
}

/**
 * The length of a line in metres: chords on the ellipsoid, short ones, so that they differ from geodesics by less than a millimetre
 * in a kilometre.
 * @param {Position[]} line
 */
export function length(line) {
  let sum = 0;
  for (let i = 1; i < line.length; i += 1) {
    const points = [line[i - 1], ...between(line[i - 1], line[i]), line[i]];
    for (let k = 1; k < points.length; k += 1) sum += chord(points[k - 1], points[k]);
  }
  return sum;
}

/**
 * @param {Position} one
 * @param {Position} two
 */
function chord(one, two) {
  const [a, b] = [one, two].map(([lon, lat]) => {
    const s = Math.sin(lat * RADIANS);
    const n = A / Math.sqrt(1 - E2 * s * s);
    const c = n * Math.cos(lat * RADIANS);
    return [c * Math.cos(lon * RADIANS), c * Math.sin(lon * RADIANS), n * (1 - E2) * s];
  });
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
