// The page's words, and numbers as the page's language writes them.

/**
 * @typedef {object} Catalogue What the page says about itself.
 * @property {{[key: string]: Message}} words
 * @property {{id: string, label: string, colour: string}[]} clusters chain clusters in order
 * @property {{[chain: string]: string}} chains
 * @property {{kind: string, label: string, plural: string, symbol: string}[]} kinds
 * @property {TileSettings} [tiles]
 */

const lang = document.body.dataset.lang || "zh";
const numbers = new Intl.NumberFormat(lang === "zh" ? "zh-CN" : lang, {maximumFractionDigits: 2});
// Browsers that know no short form write the number out.
const shortNumbers = new Intl.NumberFormat(lang === "zh" ? "zh-CN" : lang, /** @type {any} */ ({notation: "compact", maximumFractionDigits: 1}));
const plurals = new Intl.PluralRules(lang);

/** @type {Catalogue} */
export const catalogue = read();

/** @returns {Catalogue} */
function read() {
  const element = document.getElementById("messages");
  const found = element ? JSON.parse(element.textContent || "{}") : {};
  return {words: {}, clusters: [], chains: {}, kinds: [], ...found};
}

/** The language of the page. */
export function language() {
  return lang;
}

/**
 * The message `key` with its `{name}`s filled in; the plural form is chosen by `n`.
 * @param {string} key
 * @param {{[name: string]: string | number}} [values]
 */
export function say(key, values = {}) {
  const message = catalogue.words[key];
  if (message === undefined) return key;
  const text = typeof message === "string" ? message : message[plurals.select(Number(values.n))] || message.other;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

/** @param {number} value */
export function number(value) {
  return numbers.format(value);
}

/**
 * A number where there is little room: 1.2万, 12K.
 * @param {number} value
 */
export function shortNumber(value) {
  return value < 10000 ? number(value) : shortNumbers.format(value);
}

/**
 * A text that the server gives in both languages, or already in ours.
 * @param {any} value
 * @returns {string}
 */
export function text(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return value[lang] || value.zh || "";
  return String(value);
}
