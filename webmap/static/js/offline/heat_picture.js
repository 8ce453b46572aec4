// The heat's raster as a picture on Web-Mercator pixels.

const LOG_FLOOR = 0.001;
const LEVELS = 255;

/** A density's share of the greatest one → its place on the ramp. */
export const positions = {
  linear: (/** @type {number} */ share) => clip(share),
  sqrt: (/** @type {number} */ share) => Math.sqrt(clip(share)),
  log: (/** @type {number} */ share) => 1 + Math.log10(Math.max(clip(share), LOG_FLOOR)) / 3,
};

/** @param {number} share */
function clip(share) {
  return Math.min(1, Math.max(0, share));
}

/**
 * The picture as an address that holds it, and its edges.
 * @param {import("./heat.js").Raster} density
 * @param {number} greatest
 * @param {string} scale
 * @param {OfflineHeat} grid
 * @returns {{image: string, bounds: Bounds}}
 */
export function picture(density, greatest, scale, grid) {
  const {rows, columns, west, north, size} = grid.picture;
  const sampled = new Float64Array(rows * columns);
  const [first, last] = [[rows, columns], [-1, -1]];
  for (let line = 0; line < rows; line += 1) {
    for (let column = 0; column < columns; column += 1) {
      const value = at(density, place(grid, line, column));
      if (!value) continue;
      sampled[line * columns + column] = value;
      [first[0], last[0]] = [Math.min(first[0], line), Math.max(last[0], line)];
      [first[1], last[1]] = [Math.min(first[1], column), Math.max(last[1], column)];
    }
  }
  if (last[0] < 0) [first[0], first[1], last[0], last[1]] = [0, 0, 0, 0];
  const [top, left] = [Math.max(0, first[0] - 1), Math.max(0, first[1] - 1)];
  const [below, right] = [Math.min(rows, last[0] + 2), Math.min(columns, last[1] + 2)];
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [right - left, below - top];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const pixels = context.createImageData(canvas.width, canvas.height);
  const position = positions[/** @type {keyof typeof positions} */ (scale)];
  for (let line = top; line < below; line += 1) {
    for (let column = left; column < right; column += 1) {
      const share = greatest ? sampled[line * columns + column] / greatest : 0;
      const level = Math.ceil(clip(position(share)) * LEVELS - 0.5);
      pixels.data.set(grid.palette[Math.max(0, level)], ((line - top) * canvas.width + column - left) * 4);
    }
  }
  context.putImageData(pixels, 0, 0);
  const [x, y] = [(/** @type {number} */ column) => (west + column * size) * 360 - 180, (/** @type {number} */ line) => latitude(north + line * size)];
  return {image: canvas.toDataURL("image/png"), bounds: [x(left), y(below), x(right), y(top)]};
}

/** @param {number} y fraction of the Web-Mercator map, from the north */
function latitude(y) {
  return Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * (180 / Math.PI);
}

/**
 * Line and column on the grid of a pixel's centre, between the known ones around it.
 * @param {OfflineHeat} grid
 * @param {number} line
 * @param {number} column
 * @returns {[number, number]}
 */
function place(grid, line, column) {
  const {step, lines} = grid.picture;
  const [low, left] = [Math.floor(line / step), Math.floor(column / step)];
  const [up, right] = [line / step - low, column / step - left];
  const between = (/** @type {0 | 1} */ axis) => {
    const row = (/** @type {number} */ n) => lines[n][left][axis] * (1 - right) + lines[n][left + 1][axis] * right;
    return row(low) * (1 - up) + row(low + 1) * up;
  };
  return [between(0), between(1)];
}

/**
 * A raster's value between its cells; 0 outside.
 * @param {import("./heat.js").Raster} raster
 * @param {[number, number]} place
 */
function at({values, rows, columns}, [line, column]) {
  if (line < 0 || column < 0 || line > rows - 1 || column > columns - 1) return 0;
  const [low, left] = [Math.min(rows - 2, Math.floor(line)), Math.min(columns - 2, Math.floor(column))];
  const [up, right] = [line - low, column - left];
  const cell = low * columns + left;
  return (values[cell] * (1 - right) + values[cell + 1] * right) * (1 - up)
    + (values[cell + columns] * (1 - right) + values[cell + columns + 1] * right) * up;
}
