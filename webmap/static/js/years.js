// The years: two thumbs on one track that cannot cross, and what they say in words.

import {say} from "./messages.js";

/** The two range inputs of a form, if it has them. */
export class Years {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.from = /** @type {HTMLInputElement | null} */ (form.querySelector("input[type=range][name=year_from]"));
    this.to = /** @type {HTMLInputElement | null} */ (form.querySelector("input[type=range][name=year_to]"));
    this.place = this.from && /** @type {HTMLElement | null} */ (this.from.closest(".year-slider"));
    this.output = this.place && this.place.querySelector("output");
    if (!this.from || !this.to) return;
    // They wait for the script: without it they would send both ends and so leave out what has no date.
    this.from.disabled = false;
    this.to.disabled = false;
    this.from.addEventListener("input", () => this.meet(true));
    this.to.addEventListener("input", () => this.meet(false));
    this.show();
  }

  /**
   * Keep the thumbs in order: the one that moves stops at the other.
   * @param {boolean} moved whether it is the lower thumb that moves
   */
  meet(moved) {
    const from = /** @type {HTMLInputElement} */ (this.from);
    const to = /** @type {HTMLInputElement} */ (this.to);
    if (Number(from.value) > Number(to.value)) {
      if (moved) from.value = to.value;
      else to.value = from.value;
    }
    this.show();
  }

  /** Write the chosen years and mark the chosen part of the track. */
  show() {
    const {from, to, place, output} = this;
    if (!from || !to || !place) return;
    const [low, high] = [Number(from.min), Number(from.max)];
    const span = high - low || 1;
    place.style.setProperty("--from", String((Number(from.value) - low) / span));
    place.style.setProperty("--to", String((Number(to.value) - low) / span));
    const all = from.value === from.min && to.value === to.max;
    if (output) output.textContent = all ? say("any_year") : say("years_from_to", {from: from.value, to: to.value});
    from.setAttribute("aria-valuetext", from.value);
    to.setAttribute("aria-valuetext", to.value);
    // Where both thumbs stand at the right end, the lower one must be the one that can be grasped.
    from.classList.toggle("is-above", Number(from.value) > low + span / 2);
  }

  /**
   * The bars behind the track: how many features of each year the rest of the filter selects.
   * @param {Summary} summary
   */
  count(summary) {
    if (!this.place) return;
    const most = Math.max(1, ...Object.values(summary.years));
    this.place.querySelectorAll("[data-year]").forEach((element) => {
      const bar = /** @type {HTMLElement} */ (element);
      const n = summary.years[bar.dataset.year || ""] || 0;
      // Roots: one feature must show beside a hundred.
      bar.style.setProperty("--share", Math.sqrt(n / most).toFixed(3));
    });
  }
}
