// What the map is doing: loading, nothing found, something wrong. The old picture stays until the new one is there.

import {fill, make} from "./elements.js";
import {say} from "./messages.js";

const DIM_AFTER_MS = 300;

/** The line over the map and the bar that shows work under way. */
export class Status {
  /**
   * @param {HTMLElement | null} place #map-status
   * @param {HTMLElement | null} frame #map-frame, dimmed while new data load
   */
  constructor(place, frame) {
    this.place = place;
    this.frame = frame;
    this.pending = 0;
    this.timer = 0;
  }

  /**
   * Show that work is under way until it ends.
   * @template T
   * @param {Promise<T>} work
   * @returns {Promise<T>}
   */
  async during(work) {
    this.pending += 1;
    if (this.pending === 1) this.timer = window.setTimeout(() => this.busy(true), DIM_AFTER_MS);
    try {
      return await work;
    } finally {
      this.pending -= 1;
      if (this.pending === 0) {
        window.clearTimeout(this.timer);
        this.busy(false);
      }
    }
  }

  /** @param {boolean} on */
  busy(on) {
    if (!this.frame) return;
    this.frame.classList.toggle("is-loading", on);
    this.frame.setAttribute("aria-busy", String(on));
  }

  /** Nothing to say. */
  clear() {
    if (this.place) fill(this.place, []);
  }

  /**
   * A sentence with a way on.
   * @param {string} kind css class: "empty" or "error"
   * @param {string} sentence
   * @param {string} hint
   * @param {{label: string, act: () => void}} [way]
   */
  tell(kind, sentence, hint, way) {
    if (!this.place) return;
    const box = make("div", {class: `notice notice-${kind}`, role: kind === "error" ? "alert" : "status"}, [
      make("p", {class: "notice-title"}, [sentence]),
    ]);
    if (hint) box.append(make("p", {class: "notice-hint"}, [hint]));
    if (way) {
      const button = make("button", {type: "button", class: "button"}, [way.label]);
      button.addEventListener("click", way.act);
      box.append(button);
    }
    fill(this.place, [box]);
  }

  /** @param {() => void} clear */
  empty(clear) {
    this.tell("empty", say("empty"), say("empty_hint"), {label: say("clear_all"), act: clear});
  }

  /**
   * @param {unknown} error
   * @param {() => void} retry
   */
  failed(error, retry) {
    const told = error instanceof Error && error.message ? error.message : say("error");
    this.tell("error", told, "", {label: say("retry"), act: retry});
  }
}
