// The money of the selected projects (geo/draw/investment.py): what is known in yuan, each project once.

/**
 * @typedef {object} Sum
 * @property {number} row
 * @property {string} unit
 * @property {number} amount 100M CNY, NaN where none is known in yuan
 * @property {boolean} foreign
 * @property {boolean} signed
 * @property {boolean} demo
 * @property {number} record the row of the first record of the same project
 */

/**
 * @param {OfflineSelection} selection
 * @param {OfflineSite} site
 * @returns {Sum[]}
 */
export function sums(selection, site) {
  const {money} = site;
  const mask = money && selection.get(money.kind);
  /** @type {Sum[]} */
  const found = [];
  if (!money || !mask) return found;
  mask.forEach((yes, row) => {
    if (!yes) return;
    const amount = money.amount[row];
    found.push({
      row,
      unit: money.unit[row],
      amount: amount === null ? NaN : amount,
      foreign: Boolean(money.foreign[row]),
      signed: Boolean(money.signed[row]),
      demo: Boolean(money.demo[row]),
      record: money.record[row],
    });
  });
  return found;
}

/** @param {Sum} sum */
export function known(sum) {
  return !Number.isNaN(sum.amount);
}

/**
 * One record of every project among these: the one that the others refer to, else the first.
 * @param {Sum[]} among
 * @returns {Sum[]}
 */
export function once(among) {
  /** @type {Map<number, Sum>} */
  const first = new Map();
  for (const sum of among) {
    if (!first.has(sum.record) || sum.record === sum.row) first.set(sum.record, sum);
  }
  return among.filter((sum) => first.get(sum.record) === sum);
}
