// Lines and rings cut to a tile with some room around it, and rounded to its steps.

export const EXTENT = 4096;
export const ROOM = 64;

const [LOW, HIGH] = [-ROOM, EXTENT + ROOM];

/**
 * A ring cut along the four edges one after the other (Sutherland and Hodgman); without its last point, as it came.
 * @param {number[]} ring x, y, x, y …
 * @returns {number[]}
 */
export function cutArea(ring) {
  let cut = ring;
  for (const axis of /** @type {const} */ ([0, 1])) {
    for (const sign of [1, -1]) {
      const edge = sign > 0 ? LOW : -HIGH;
      cut = cutEdge(cut, axis, sign, edge);
      if (!cut.length) return [];
    }
  }
  return rounded(cut, true);
}

/**
 * What of a ring lies where `sign` times its coordinate is at least `edge`.
 * @param {number[]} ring
 * @param {0 | 1} axis
 * @param {number} sign
 * @param {number} edge
 */
function cutEdge(ring, axis, sign, edge) {
  /** @type {number[]} */
  const kept = [];
  for (let at = 0; at < ring.length; at += 2) {
    const before = at === 0 ? ring.length - 2 : at - 2;
    const [a, b] = [sign * ring[before + axis] - edge, sign * ring[at + axis] - edge];
    if (a < 0 !== b < 0) {
      const share = a / (a - b);
      kept.push(ring[before] + share * (ring[at] - ring[before]), ring[before + 1] + share * (ring[at + 1] - ring[before + 1]));
    }
    if (b >= 0) kept.push(ring[at], ring[at + 1]);
  }
  return kept;
}

/**
 * The parts of a line that lie inside (Liang and Barsky, stretch by stretch).
 * @param {number[]} line
 * @returns {number[][]}
 */
export function cutLine(line) {
  /** @type {number[][]} */
  const parts = [];
  /** @type {number[] | null} */
  let open = null;
  for (let at = 2; at < line.length; at += 2) {
    const [x, y, dx, dy] = [line[at - 2], line[at - 1], line[at] - line[at - 2], line[at + 1] - line[at - 1]];
    let [from, to] = [0, 1];
    for (const [way, room] of [[-dx, x - LOW], [dx, HIGH - x], [-dy, y - LOW], [dy, HIGH - y]]) {
      if (way === 0) {
        if (room < 0) to = -1;
      } else if (way < 0) from = Math.max(from, room / way);
      else to = Math.min(to, room / way);
    }
    if (from > to) {
      open = null;
      continue;
    }
    if (!open || from > 0) {
      open = [x + from * dx, y + from * dy];
      parts.push(open);
    }
    open.push(x + to * dx, y + to * dy);
    if (to < 1) open = null;
  }
  return parts.map((part) => rounded(part, false)).filter((part) => part.length >= 4);
}

/**
 * Whole steps, no point twice in a row.
 * @param {number[]} line
 * @param {boolean} closed
 * @returns {number[]}
 */
function rounded(line, closed) {
  /** @type {number[]} */
  const made = [];
  for (let at = 0; at < line.length; at += 2) {
    const [x, y] = [Math.round(line[at]), Math.round(line[at + 1])];
    if (!made.length || x !== made[made.length - 2] || y !== made[made.length - 1]) made.push(x, y);
  }
  while (closed && made.length > 2 && made[0] === made[made.length - 2] && made[1] === made[made.length - 1]) made.length -= 2;
  return made;
}
