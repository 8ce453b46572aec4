// Room on the map: boxes that overlap are pushed apart, each at most a little way from where it belongs.

const ROUNDS = 60;
const MOST_PX = 64;

/** @typedef {{at: {x: number, y: number}, width: number, height: number, fixed: boolean}} Item */

/**
 * Where the centres of these boxes should be. Fixed ones stay; the others leave their place by at most some 64 px, so
 * that crowded places may still touch.
 * @param {Item[]} items
 * @returns {{x: number, y: number}[]}
 */
export function spread(items) {
  const spots = items.map(({at}) => ({x: at.x, y: at.y}));
  for (let round = 0; round < ROUNDS; round += 1) {
    let moved = false;
    for (let i = 0; i < items.length; i += 1) {
      for (let j = i + 1; j < items.length; j += 1) {
        if (items[i].fixed && items[j].fixed) continue;
        if (part(items[i], spots[i], items[j], spots[j])) moved = true;
      }
    }
    items.forEach((item, index) => hold(item, spots[index]));
    if (!moved) break;
  }
  return spots;
}

/**
 * Push two boxes apart along the axis on which they overlap less; true if they overlapped.
 * @param {Item} a
 * @param {{x: number, y: number}} atA
 * @param {Item} b
 * @param {{x: number, y: number}} atB
 */
function part(a, atA, b, atB) {
  const dx = atB.x - atA.x;
  const dy = atB.y - atA.y;
  const overX = (a.width + b.width) / 2 - Math.abs(dx);
  const overY = (a.height + b.height) / 2 - Math.abs(dy);
  if (overX <= 0 || overY <= 0) return false;
  const axis = overX < overY ? "x" : "y";
  const way = (axis === "x" ? dx : dy) < 0 ? -1 : 1;
  const over = (axis === "x" ? overX : overY) + 0.5;
  const shareA = a.fixed ? 0 : b.fixed ? 1 : 0.5;
  atA[axis] -= way * over * shareA;
  atB[axis] += way * over * (1 - shareA);
  return true;
}

/**
 * @param {Item} item
 * @param {{x: number, y: number}} spot
 */
function hold(item, spot) {
  const dx = spot.x - item.at.x;
  const dy = spot.y - item.at.y;
  const far = Math.hypot(dx, dy);
  if (far <= MOST_PX) return;
  spot.x = item.at.x + (dx / far) * MOST_PX;
  spot.y = item.at.y + (dy / far) * MOST_PX;
}
