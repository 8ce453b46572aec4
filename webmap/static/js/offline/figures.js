// Round numbers for legends, and classes of values (geo/draw/figures.py, geo/draw/classes.py).

const MANTISSAS = [1, 0.5, 0.2];
const DEPTH = 15;
const MOST = 5;

/** @param {number} exponent exactly, which Math.pow is not */
function ten(exponent) {
  return Number(`1e${exponent}`);
}

/**
 * A number with commas and at least four significant digits where it has them.
 * @param {number} value
 */
export function figure(value) {
  if (value === 0) return "0";
  const places = Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value))));
  const [whole, rest = ""] = value.toFixed(places).split(".");
  const digits = rest.replace(/0+$/, "");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (digits ? `.${digits}` : "");
}

/**
 * The number with the fewest digits in [low, high).
 * @param {number} low
 * @param {number} high
 */
function roundest(low, high) {
  const size = Math.floor(Math.log10(Math.max(Math.abs(low), Math.abs(high))));
  for (let exponent = size + 1; exponent > size - DEPTH; exponent -= 1) {
    for (const mantissa of MANTISSAS) {
      const step = mantissa * ten(exponent);
      const candidate = Number((Math.ceil(low / step - 1e-9) * step).toFixed(Math.max(0, 1 - exponent)));
      if (candidate >= low && candidate < high) return candidate;
    }
  }
  return low;
}

/**
 * The edges of at most five classes over positive values; empty where there is none.
 * @param {number[]} values
 * @param {string} method
 * @param {boolean} whole
 * @returns {number[]}
 */
export function edges(values, method, whole) {
  const sorted = values.slice().sort((a, b) => a - b);
  const distinct = sorted.filter((value, at) => at === 0 || value !== sorted[at - 1]);
  if (!distinct.length) return [];
  const greatest = distinct[distinct.length - 1];
  const found = distinct.length <= MOST ? distinct.slice(0, -1) : method === "quantile" ? quantiles(sorted) : fisher(sorted);
  const uppers = Array.from(new Set(found)).filter((value) => value < greatest).sort((a, b) => a - b);
  const inner = uppers.map((low) => roundest(low, /** @type {number} */ (distinct.find((value) => value > low))));
  if (whole) return [distinct[0], ...inner, greatest];
  return [-roundest(-distinct[0], -distinct[0] * 0.7), ...inner, roundest(greatest, greatest * 1.1)];
}

/**
 * The class of a value; a class holds its upper edge, the lowest one its lower edge too.
 * @param {number} value
 * @param {number[]} cuts
 */
export function classOf(value, cuts) {
  return cuts.slice(1, -1).filter((cut) => cut < value).length;
}

/** @param {number[]} sorted */
function quantiles(sorted) {
  return Array.from({length: MOST - 1}, (_, at) => sorted[Math.max(0, Math.ceil(sorted.length * ((at + 1) / MOST) - 1))]);
}

/**
 * Fisher–Jenks: the greatest value of each class but the last, the squared deviations within classes being least.
 * @param {number[]} sorted
 */
function fisher(sorted) {
  const n = sorted.length;
  const lower = Array.from({length: n + 1}, () => new Array(MOST + 1).fill(0));
  const cost = Array.from({length: n + 1}, () => new Array(MOST + 1).fill(Number.MAX_VALUE));
  lower[1].fill(1);
  cost[1][1] = 0;
  for (let end = 2; end <= n; end += 1) {
    let [sum, squares, count, spread] = [0, 0, 0, 0];
    for (let size = 1; size <= end; size += 1) {
      const start = end - size + 1;
      const value = sorted[start - 1];
      count += 1;
      sum += value;
      squares += value * value;
      spread = squares - (sum * sum) / count;
      if (start === 1) continue;
      for (let k = 2; k <= MOST; k += 1) {
        if (cost[end][k] >= spread + cost[start - 1][k - 1]) {
          lower[end][k] = start;
          cost[end][k] = spread + cost[start - 1][k - 1];
        }
      }
    }
    lower[end][1] = 1;
    cost[end][1] = spread;
  }
  const uppers = [];
  let end = n;
  for (let k = MOST; k > 1; k -= 1) {
    uppers.unshift(sorted[lower[end][k] - 2]);
    end = lower[end][k] - 1;
  }
  return uppers;
}
