// The heat layer: one image that the server drew, exactly placed. The old one stays until the new one is there.

/** The image over the counties. */
export class Heat {
  /** @param {import("leaflet").Map} map */
  constructor(map) {
    this.map = map;
    /** @type {L.ImageOverlay | null} */
    this.shown = null;
    /** @type {L.ImageOverlay | null} */
    this.coming = null;
  }

  clear() {
    if (this.shown) this.shown.remove();
    if (this.coming) this.coming.remove();
    this.shown = null;
    this.coming = null;
  }

  /**
   * Show the picture; settles when it is there.
   * @param {HeatAnswer} answer
   * @returns {Promise<void>}
   */
  show(answer) {
    if (this.coming) this.coming.remove();
    const image = L.imageOverlay(answer.image, answer.bounds, {pane: "heat", className: "heat-image", alt: "", interactive: false});
    this.coming = image;
    return new Promise((resolve, reject) => {
      image.once("load", () => {
        if (this.coming !== image) return resolve();
        if (this.shown) this.shown.remove();
        this.shown = image;
        this.coming = null;
        return resolve();
      });
      image.once("error", () => reject(new Error("")));
      image.once("remove", () => resolve());
      image.addTo(this.map);
    });
  }
}
