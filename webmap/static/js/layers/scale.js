// The bar that tells distances, in the page's words: Leaflet's own writes "km" in every language.

/**
 * The control, in the lower left corner.
 * @param {(unit: "metres" | "kilometres", n: number) => string} written
 * @param {number} maxWidth in pixels
 * @returns {L.Control}
 */
export function scaleBar(written, maxWidth) {
  const Bar = L.Control.Scale.extend(/** @type {any} */ ({
    /** @this {any} @param {number} most metres that the bar could tell at its widest */
    _updateMetric(most) {
      const metres = this._getRoundNum(most);
      this._updateScale(this._mScale, metres < 1000 ? written("metres", metres) : written("kilometres", metres / 1000), metres / most);
    },
  }));
  return new /** @type {any} */ (Bar)({position: "bottomleft", imperial: false, maxWidth});
}
