// What a click, a tap or a key opens: a feature, a county, the list of what stands at one spot, or a nearer view.

import {CITY_LEVEL} from "./layers/looks.js";
import {selectionOf} from "./layers/marks.js";
import {nameOf} from "./layers/vector_words.js";

const CLUSTER_MOST_ZOOM = 16;
const CROSS_REACH_PX = 8;

/** @typedef {{map: import("leaflet").Map, embedded: boolean, lang: string, store: import("./state.js").Store, detail: import("./detail.js").Detail, base?: import("./layers/base.js").Base, view?: import("./view.js").View, marks?: import("./layers/marks.js").Marks, vector?: import("./layers/vector.js").Vector}} Page */

/** The way from a place on the map to what it opens. */
export class Opening {
  /**
   * @param {Page} page
   * @param {() => number} level of the marks on the map
   */
  constructor(page, level) {
    this.page = page;
    this.level = level;
  }

  /** @param {string} select */
  open(select) {
    if (!this.page.embedded || this.page.detail.panel) {
      this.page.store.change({select});
      return;
    }
    const [kind, ...rest] = select.split("/");
    const path = kind === "county" || kind === "place" ? `/${select}` : `/f/${kind}/${rest.join("/")}`;
    window.open(`${path}?lang=${this.page.lang}`, "_blank", "noopener");
  }

  /**
   * A click on the map itself: what the tiles show there, else the county.
   * @param {L.LeafletMouseEvent} event
   * @param {string} adcode of the county that was met; empty for none
   */
  press(event, adcode) {
    L.DomEvent.stopPropagation(/** @type {any} */ (event));
    if (this.page.vector && this.page.vector.press(event)) return;
    if (adcode) this.open(`county/${adcode}`);
  }

  /**
   * What stands under the cross in the map's centre, for the keyboard.
   * @param {import("./layers/vector.js").Vector} vector
   */
  underCross(vector) {
    return {
      name: () => {
        const found = vector.under(this.page.map.getCenter(), CROSS_REACH_PX);
        return found ? nameOf(found) : "";
      },
      open: () => vector.openAt(this.page.map.getCenter(), CROSS_REACH_PX),
    };
  }

  /** @param {Mark} mark */
  openMark(mark) {
    if (!this.page.view || !this.page.base) return;
    const select = selectionOf(mark);
    if (mark.type === "cluster" && mark.bounds) {
      const [west, south, east, north] = mark.bounds;
      if (this.page.map.getZoom() >= CLUSTER_MOST_ZOOM || (west === east && south === north)) {
        this.open(`within/${[west - 1e-6, south - 1e-6, east + 1e-6, north + 1e-6].map((degree) => degree.toFixed(6)).join(",")}`);
      } else this.page.view.show(L.latLngBounds([south, west], [north, east]), {maxZoom: CLUSTER_MOST_ZOOM});
    } else if (mark.type === "city" && this.level() <= CITY_LEVEL) {
      const bounds = this.page.base.boundsOf(mark.id);
      if (bounds) this.page.view.show(bounds);
    } else if (select) this.open(select);
  }

  /**
   * Where something selected stands, as far as the map knows.
   * @param {string} select
   * @returns {L.LatLngExpression | null}
   */
  placeOf(select) {
    const mark = this.page.marks && this.page.marks.marks.find((each) => selectionOf(each) === select);
    if (mark) return [mark.lat, mark.lon];
    const [kind, code] = select.split("/");
    const bounds = kind === "county" && this.page.base ? this.page.base.boundsOf(code) : null;
    if (bounds) return bounds.getCenter();
    return this.page.vector ? this.page.vector.placeOf(select) : null;
  }
}
