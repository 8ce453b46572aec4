// The heat of signed investment, computed here as the server does it (geo/draw/heat.py, heat_grid.py).

import {Refusal} from "../api.js";
import {say} from "../messages.js";
import {piece} from "./data.js";
import {figure} from "./figures.js";
import {known, once, sums} from "./money.js";
import {picture, positions} from "./heat_picture.js";
import {rint} from "./marks.js";

const REACH = 4;
const LOG_DECADES = 3;
const TICK_DISTANCE = 0.16;
const LOWEST_TICK = 0.05;

/** @typedef {{values: Float64Array, rows: number, columns: number}} Raster */

/**
 * @param {OfflineSelection} selection
 * @param {OfflineSite} site
 * @param {string} scale
 * @returns {Promise<HeatAnswer>}
 */
export async function heat(selection, site, scale) {
  if (!Object.prototype.hasOwnProperty.call(positions, scale)) throw new Refusal(say("offline.unfit_value", {name: "scale", value: scale}), 400);
  /** @type {OfflineHeat} */
  const grid = await piece("heat");
  const projects = sums(selection, site);
  const signed = projects.filter((sum) => sum.signed && known(sum));
  const weighing = once(signed);
  const density = spread(weighing, grid);
  const greatest = density.values.reduce((a, b) => Math.max(a, b), 0);
  const {image, bounds} = picture(density, greatest, scale, grid);
  const [west, south, east, north] = bounds;
  return {
    image,
    bounds: [[south, west], [north, east]],
    unit: grid.unit,
    bandwidth_m: grid.exact_m,
    max: greatest,
    legend: legend(greatest, scale, grid),
    note: note(projects, signed, weighing, site, grid),
    projects: weighing.length,
  };
}

/**
 * Each project's weight where it is known to lie, blurred, 100M CNY/km².
 * @param {import("./money.js").Sum[]} weighing
 * @param {OfflineHeat} grid
 * @returns {Raster}
 */
function spread(weighing, grid) {
  const [rows, columns] = grid.shape;
  const area = new Float64Array(rows * columns);
  const places = new Float64Array(rows * columns);
  /** @type {Map<string, number>} */
  const units = new Map();
  for (const {row, unit, amount} of weighing) {
    const [how, column, line] = grid.where[row];
    if (how === "area") units.set(unit, (units.get(unit) || 0) + amount);
    else share(how === "point" ? area : places, columns, column, line, amount);
  }
  overUnits(area, units, grid);
  const wide = Math.sqrt(grid.place_m * grid.place_m - grid.exact_m * grid.exact_m);
  const blurred = smoothed({values: places, rows, columns}, wide / grid.cell_m).values;
  for (let at = 0; at < area.length; at += 1) area[at] += blurred[at];
  const all = smoothed({values: area, rows, columns}, grid.exact_m / grid.cell_m);
  const cell = (grid.cell_m / 1000) * (grid.cell_m / 1000);
  all.values.forEach((value, at) => {
    all.values[at] = value / cell;
  });
  return all;
}

/**
 * An amount at a point, shared by its four nearest cells.
 * @param {Float64Array} values
 * @param {number} columns
 * @param {number} column
 * @param {number} line
 * @param {number} amount
 */
function share(values, columns, column, line, amount) {
  const [left, low] = [Math.floor(column), Math.floor(line)];
  const [right, up] = [column - left, line - low];
  for (const [dx, dy] of [[0, 0], [1, 0], [0, 1], [1, 1]]) {
    values[(low + dy) * columns + left + dx] += amount * (dx ? right : 1 - right) * (dy ? up : 1 - up);
  }
}

/**
 * Each unit's amount evenly over its cells. `grid.county` holds runs: how many cells, and whose they are (-1 outside).
 * @param {Float64Array} values
 * @param {Map<string, number>} units
 * @param {OfflineHeat} grid
 */
function overUnits(values, units, grid) {
  const cells = new Float64Array(grid.counties.length);
  for (let at = 0; at < grid.county.length; at += 2) if (grid.county[at + 1] >= 0) cells[grid.county[at + 1]] += grid.county[at];
  const each = new Float64Array(grid.counties.length);
  units.forEach((amount, unit) => {
    const members = grid.members[unit] || [];
    const whole = members.reduce((sum, member) => sum + cells[member], 0);
    for (const member of members) each[member] += amount / whole;
  });
  let cell = 0;
  for (let at = 0; at < grid.county.length; at += 2) {
    const [length, county] = [grid.county[at], grid.county[at + 1]];
    if (county >= 0 && each[county]) for (let step = 0; step < length; step += 1) values[cell + step] += each[county];
    cell += length;
  }
}

/**
 * Values after a Gaussian kernel of `sigma` cells.
 * @param {Raster} raster
 * @param {number} sigma
 * @returns {Raster}
 */
function smoothed({values, rows, columns}, sigma) {
  const reach = Math.floor(REACH * sigma + 0.5);
  const kernel = Array.from({length: 2 * reach + 1}, (_, at) => Math.exp((-0.5 / (sigma * sigma)) * (at - reach) * (at - reach)));
  const whole = kernel.reduce((sum, weight) => sum + weight, 0);
  const weights = kernel.map((weight) => weight / whole);
  return along(along({values, rows, columns}, weights, reach, columns, 1), weights, reach, rows, columns);
}

/**
 * One pass along the columns (stride 1) or the rows; what is zero is passed over.
 * @param {Raster} raster
 * @param {number[]} weights
 * @param {number} reach
 * @param {number} length of a line
 * @param {number} stride between the cells of a line
 * @returns {Raster}
 */
function along({values, rows, columns}, weights, reach, length, stride) {
  const made = new Float64Array(values.length);
  for (let cell = 0; cell < values.length; cell += 1) {
    const value = values[cell];
    if (!value) continue;
    const place = stride === 1 ? cell % columns : Math.floor(cell / columns);
    const [from, to] = [Math.max(-reach, -place), Math.min(reach, length - 1 - place)];
    for (let step = from; step <= to; step += 1) made[cell + step * stride] += value * weights[step + reach];
  }
  return {values: made, rows, columns};
}

/**
 * Round values, far enough apart on the ramp to be told from one another, with their colours.
 * @param {number} greatest
 * @param {string} scale
 * @param {OfflineHeat} grid
 */
function legend(greatest, scale, grid) {
  /** @type {{value: number, label: string, colour: string}[]} */
  const rows = [];
  if (greatest <= 0) return rows;
  let last = Infinity;
  const top = Math.floor(Math.log10(greatest));
  for (let exponent = top; exponent > top - LOG_DECADES - 2; exponent -= 1) {
    for (const mantissa of grid.mantissas[scale]) {
      const value = Number((mantissa * Number(`1e${exponent}`)).toFixed(Math.max(0, -exponent)));
      const at = positions[/** @type {keyof typeof positions} */ (scale)](value / greatest);
      if (value > greatest || at < LOWEST_TICK || last - at < TICK_DISTANCE) continue;
      rows.push({value, label: figure(value), colour: colourAt(at, grid.ramp)});
      last = at;
    }
  }
  return rows;
}

/**
 * @param {number} position 0..1
 * @param {number[][]} ramp
 */
function colourAt(position, ramp) {
  const at = position * (ramp.length - 1);
  const low = Math.min(ramp.length - 2, Math.floor(at));
  const channels = [0, 1, 2].map((channel) => rint(ramp[low][channel] + (ramp[low + 1][channel] - ramp[low][channel]) * (at - low)));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * How the picture was made and what it leaves out.
 * @param {import("./money.js").Sum[]} projects
 * @param {import("./money.js").Sum[]} signed
 * @param {import("./money.js").Sum[]} weighing
 * @param {OfflineSite} site
 * @param {OfflineHeat} grid
 */
function note(projects, signed, weighing, site, grid) {
  const ways = {point: 0, place: 0, county: 0, city: 0};
  for (const {row, unit} of weighing) {
    const how = grid.where[row][0];
    ways[how === "area" ? site.units[unit].rank : how] += 1;
  }
  const count = (/** @type {import("./money.js").Sum[]} */ some) => String(some.length);
  const parts = [
    say("offline.heat_made", {count: count(weighing), km: String(grid.exact_m / 1000)}),
    say("offline.heat_ways", {
      point: String(ways.point), place: String(ways.place), km: String(grid.place_m / 1000), county: String(ways.county), city: String(ways.city),
    }),
    say("offline.heat_left_out", {
      before: count(projects.filter((sum) => !sum.signed)),
      unknown: count(projects.filter((sum) => sum.signed && !known(sum) && !sum.foreign)),
      other: count(projects.filter((sum) => sum.signed && sum.foreign)),
    }),
  ];
  if (signed.length > weighing.length) parts.push(say("offline.note_repeated", {count: String(signed.length - weighing.length)}));
  const demo = weighing.filter((sum) => sum.demo);
  if (demo.length) parts.push(say("offline.note_demo", {count: count(demo)}));
  return parts.join(say("offline.note_separator")) + say("offline.note_end");
}
