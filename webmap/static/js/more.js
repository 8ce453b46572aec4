// The line that says how much of what is in view is not drawn one by one, and leads nearer.

import {fill, make} from "./elements.js";
import {say} from "./messages.js";

/** The button #map-more; hidden while everything is drawn. */
export class More {
  /**
   * @param {import("leaflet").Map} map
   * @param {HTMLElement | null} place
   */
  constructor(map, place) {
    this.map = map;
    this.place = place;
    this.told = "";
    if (place) place.addEventListener("click", () => map.zoomIn());
  }

  /**
   * @param {{n: number, plural: string}} undrawn features in view; the plural where they are of one kind
   * @param {number} [further] features, of whatever kind, that an answer left out for its size
   */
  tell(undrawn, further = 0) {
    const n = undrawn.n + further;
    const plural = further ? "" : undrawn.plural;
    const sentence = n ? say(plural ? "more_of_kind" : "more_in_view", {n, kind: plural}) : "";
    const nearest = this.map.getZoom() >= this.map.getMaxZoom();
    const told = `${sentence}${nearest}`;
    if (!this.place || told === this.told) return;
    this.told = told;
    this.place.hidden = !sentence;
    /** @type {HTMLButtonElement} */ (this.place).disabled = nearest;
    fill(this.place, [sentence, ...(nearest ? [] : [make("span", {class: "more-way"}, [say("more_zoom")])])]);
  }
}
