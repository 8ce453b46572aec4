// Which part of the map is asked for: somewhat more than what is in view, so that small moves need nothing new.

const STEP_DEGREES = 0.2;
const STEP_LEVEL = 11;

/**
 * A box around the view, its edges on a grid, so that small moves ask for the same.
 * @param {L.LatLngBounds} view
 * @param {number} level
 */
export function around(view, level) {
  const step = STEP_DEGREES * Math.pow(2, STEP_LEVEL - level);
  const padded = view.pad(0.15);
  const low = (/** @type {number} */ degree) => Math.floor(degree / step) * step;
  const high = (/** @type {number} */ degree) => Math.ceil(degree / step) * step;
  return L.latLngBounds([low(padded.getSouth()), low(padded.getWest())], [high(padded.getNorth()), high(padded.getEast())]);
}

/** @param {L.LatLngBounds} box */
export function boxText(box) {
  return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((degree) => Number(degree.toFixed(5))).join(",");
}
