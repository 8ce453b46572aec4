// What answers in place of a server: the same questions as under /api/ and the fragments of pages, out of the data.

import {Refusal} from "../api.js";
import {catalogue, language, say} from "../messages.js";
import {choropleth} from "./choropleth.js";
import {held, install, piece} from "./data.js";
import {facets} from "./facets.js";
import {heat} from "./heat.js";
import {marks} from "./marks.js";
import {select} from "./match.js";
import {area, detail} from "./pieces.js";
import {read} from "./query.js";
import {results} from "./results.js";
import {tileOf} from "./tile.js";

const REMEMBERED = 8;
const IN_PANEL = 20;

/** The data of the site and the answers that they give. */
export class Backend {
  /**
   * @param {OfflineSite} site
   * @param {OfflineWords} words
   */
  constructor(site, words) {
    this.site = site;
    this.words = words;
    /** @type {Map<string, Promise<OfflineSelection> | OfflineSelection>} */
    this.selections = new Map();
  }

  /**
   * Load what every answer needs.
   * @returns {Promise<Backend>}
   */
  static async open() {
    install();
    const [site, words] = await Promise.all([piece("site"), piece(`${language()}/words`)]);
    Object.assign(catalogue.words, words.words);
    return new Backend(site, words);
  }

  /** Make the map of a site that is one file, whose script waits among the data. */
  shell() {
    const make = held(`${this.words.lang}/shell`);
    if (typeof make === "function") make();
  }

  /**
   * The rows that a filter selects; those of the last few filters are remembered.
   * @param {Wanted} wanted
   * @param {string} key
   * @returns {OfflineSelection}
   */
  select(wanted, key) {
    const kept = /** @type {OfflineSelection | undefined} */ (this.selections.get(key));
    if (kept) return kept;
    const made = select(wanted, this.site);
    this.selections.set(key, made);
    if (this.selections.size > REMEMBERED) this.selections.delete(this.selections.keys().next().value || "");
    return made;
  }

  /**
   * The answer to a question that the page would put to its server. Throws Refusal.
   * @param {string} path
   * @returns {Promise<any>}
   */
  async answer(path) {
    const [where, search = ""] = path.split("?");
    const parts = where.split("/").map(decodeURIComponent);
    const params = new URLSearchParams(search);
    if (parts[1] === "api") return this.api(parts[2], params);
    if (parts[1] === "list") return this.list(params);
    if (parts[1] === "tiles") return this.tile(parts, params);
    const {site, words} = this;
    const found = parts[1] === "f" ? await detail(parts[2], parts.slice(3).join("/"), site, words)
      : parts[1] === "county" || parts[1] === "place" ? await area(parts[1], parts[2], site, words) : "";
    if (!found) throw new Refusal(say("offline.not_here"), 404);
    return found;
  }

  /**
   * @param {string} name
   * @param {URLSearchParams} params
   * @returns {Promise<any>}
   */
  async api(name, params) {
    const {site, words} = this;
    if (name === "boundaries") return words.boundaries;
    const wanted = read(params, site);
    const selection = this.select(wanted, keyOf(params));
    if (name === "summary") return summary(selection, wanted, site);
    if (name === "marks") {
      const counted = params.get("located") === "no" ? unlocated(selection, site) : selection;
      return {marks: marks(counted, site, words, Number(params.get("zoom") || 9), box(params))};
    }
    if (name === "choropleth") return choropleth(selection, site, params.get("measure") || "projects", params.get("classes") || "fisher");
    if (name === "heat") return heat(selection, site, params.get("scale") || "sqrt");
    throw new Refusal(say("offline.not_here"), 404);
  }

  /**
   * The layer of a kind in a tile: `/tiles/<version>/<kind>/<z>/<x>/<y>.mvt`.
   * @param {string[]} parts
   * @param {URLSearchParams} params
   */
  tile(parts, params) {
    const [kind, z, x, y] = [parts[3], Number(parts[4]), Number(parts[5]), parseInt(parts[6], 10)];
    return tileOf(kind, {z, x, y}, this.select(read(params, this.site), keyOf(params)), this.site, this.words);
  }

  /**
   * The list as a fragment, for the panels of the map.
   * @param {URLSearchParams} params
   * @returns {Promise<string>}
   */
  list(params) {
    const wanted = read(params, this.site);
    const part = {sort: params.get("sort") || "", offset: Number(params.get("offset") || 0), limit: IN_PANEL};
    return results(this.select(wanted, keyOf(params)), wanted, part, this.site, this.words);
  }
}

/**
 * Of a selection what has no geometry: tiles show the rest.
 * @param {OfflineSelection} selection
 * @param {OfflineSite} site
 * @returns {OfflineSelection}
 */
function unlocated(selection, site) {
  return new Map(Array.from(selection, ([kind, mask]) => [kind, mask.map((yes, row) => Number(yes && row >= site.tables[kind].located))]));
}

/** @param {URLSearchParams} params */
function keyOf(params) {
  const pairs = Array.from(params).filter(([name]) => !["lang", "zoom", "within", "located", "scale", "measure", "classes", "fragment"].includes(name));
  return JSON.stringify(pairs);
}

/**
 * @param {URLSearchParams} params
 * @returns {Bounds | null}
 */
function box(params) {
  const text = params.get("within");
  return text === null ? null : /** @type {Bounds} */ (text.split(",").map(Number));
}

/**
 * @param {OfflineSelection} selection
 * @param {Wanted} wanted
 * @param {OfflineSite} site
 * @returns {Summary}
 */
function summary(selection, wanted, site) {
  /** @type {{[kind: string]: number}} */
  const kinds = {};
  let total = 0;
  selection.forEach((mask, kind) => {
    kinds[kind] = mask.reduce((sum, yes) => sum + yes, 0);
    total += kinds[kind];
  });
  const {counts, years, undated} = facets(wanted, site);
  return {version: site.version, total, kinds, facets: counts, years, undated};
}
