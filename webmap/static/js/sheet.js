// The panel on a phone: a sheet that stops at three heights, by dragging, by its button, by keys.

import {say} from "./messages.js";

const HEIGHTS = /** @type {const} */ (["peek", "half", "full"]);
const TAP_PX = 6;

/** The sheet #panel with its handle. */
export class Sheet {
  constructor() {
    this.panel = document.getElementById("panel");
    this.handle = document.getElementById("sheet-handle");
    if (!this.panel || !this.handle) return;
    this.set(HEIGHTS.find((height) => height === /** @type {HTMLElement} */ (this.panel).dataset.height) || "peek");
    this.handle.addEventListener("pointerdown", (event) => this.grasp(event));
    this.handle.addEventListener("click", (event) => {
      // A press by keyboard or an assistive tool has no pointer behind it; pointers are dealt with where they let go.
      if (event.detail === 0) this.step(1, true);
    });
    this.handle.addEventListener("keydown", (event) => {
      if (event.key === "ArrowUp") this.step(1, false);
      else if (event.key === "ArrowDown") this.step(-1, false);
      else return;
      event.preventDefault();
    });
  }

  /** @param {typeof HEIGHTS[number]} height */
  set(height) {
    if (!this.panel || !this.handle) return;
    this.panel.dataset.height = height;
    document.body.dataset.sheet = height;
    this.handle.setAttribute("aria-expanded", String(height !== "peek"));
    this.handle.setAttribute("aria-label", say(`sheet_${height}`));
  }

  /** @param {string} text what the folded sheet says of its content */
  summarise(text) {
    const place = this.handle && this.handle.querySelector(".sheet-summary");
    if (place) place.textContent = text;
  }

  /**
   * @param {number} by up (+1) or down (-1)
   * @param {boolean} around whether the top is followed by the bottom
   */
  step(by, around) {
    if (!this.panel) return;
    const at = HEIGHTS.indexOf(/** @type {any} */ (this.panel.dataset.height)) + by;
    const next = around ? (at + HEIGHTS.length) % HEIGHTS.length : Math.min(HEIGHTS.length - 1, Math.max(0, at));
    this.set(HEIGHTS[next]);
  }

  /**
   * Follow the finger, then stop at the nearest height.
   * @param {PointerEvent} down
   */
  grasp(down) {
    const panel = /** @type {HTMLElement} */ (this.panel);
    const handle = /** @type {HTMLElement} */ (this.handle);
    if (down.button !== 0) return;
    const start = panel.getBoundingClientRect();
    const whole = window.innerHeight;
    handle.setPointerCapture(down.pointerId);
    let moved = 0;
    const move = (/** @type {PointerEvent} */ event) => {
      moved = event.clientY - down.clientY;
      if (Math.abs(moved) < TAP_PX) return;
      panel.classList.add("is-dragged");
      panel.style.height = `${Math.max(64, Math.min(whole, start.height - moved))}px`;
    };
    const release = () => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("pointerup", release);
      handle.removeEventListener("pointercancel", release);
      const height = panel.getBoundingClientRect().height / whole;
      panel.classList.remove("is-dragged");
      panel.style.height = "";
      if (Math.abs(moved) < TAP_PX) this.step(1, true);
      else this.set(height < 0.27 ? "peek" : height < 0.68 ? "half" : "full");
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", release);
    handle.addEventListener("pointercancel", release);
  }
}
