// Ready-made markup of features: lines, table rows and panels, many to a piece.

import {markup, piece} from "./data.js";

/** The ways in which a row is ready: a line beside the map, a table row among all kinds, one among its own. */
export const LINE = 0;
export const MIXED = 1;
export const SINGLE = 2;

/**
 * The markup of some features, in order.
 * @param {{kind: string, row: number}[]} places
 * @param {number} form LINE, MIXED or SINGLE
 * @param {OfflineSite} site
 * @param {OfflineWords} words
 * @returns {Promise<string[]>}
 */
export function rows(places, form, site, words) {
  return Promise.all(places.map(async ({kind, row}) => {
    const place = site.tables[kind].place[row];
    const held = await piece(`${words.lang}/rows/${kind}-${Math.floor(place / site.rows_a_piece)}`);
    return markup(held[place % site.rows_a_piece][form]);
  }));
}

/**
 * The panel of a feature, or nothing where there is none of that name.
 * @param {string} kind
 * @param {string} id
 * @param {OfflineSite} site
 * @param {OfflineWords} words
 * @returns {Promise<string>}
 */
export async function detail(kind, id, site, words) {
  const table = site.tables[kind];
  const row = table ? table.id.indexOf(id) : -1;
  if (row < 0) return "";
  const place = table.place[row];
  const held = await piece(`${words.lang}/details/${kind}-${Math.floor(place / site.details_a_piece)}`);
  return markup(held[place % site.details_a_piece]);
}

/**
 * The panel of a county, city or place.
 * @param {"county" | "place"} sort
 * @param {string} id
 * @param {OfflineSite} site
 * @param {OfflineWords} words
 * @returns {Promise<string>}
 */
export async function area(sort, id, site, words) {
  const place = site.areas[sort].indexOf(id);
  if (place < 0) return "";
  const held = await piece(`${words.lang}/areas/${sort}-${Math.floor(place / site.details_a_piece)}`);
  return markup(held[place % site.details_a_piece]);
}
