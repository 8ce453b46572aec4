// The choice between places, heat and counties, and what belongs to each.

const NAMES = /** @type {const} */ (["view", "measure", "classes", "scale"]);

/** The controls in #views. */
export class Views {
  /** @param {import("./state.js").Store} store */
  constructor(store) {
    this.store = store;
    this.place = document.getElementById("views");
    if (!this.place) return;
    this.place.addEventListener("change", (event) => {
      const control = /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target);
      const name = NAMES.find((each) => each === control.name);
      if (name) store.change({[name]: control.value});
    });
    this.place.addEventListener("submit", (event) => event.preventDefault());
    this.write(store.state);
  }

  /**
   * Make the controls say what the state says; hide those that do not belong to the chosen view.
   * @param {State} state
   */
  write(state) {
    if (!this.place) return;
    this.place.dataset.view = state.view;
    for (const name of NAMES) {
      this.place.querySelectorAll(`[name="${name}"]`).forEach((element) => {
        const control = /** @type {HTMLInputElement | HTMLSelectElement} */ (element);
        if (control instanceof HTMLInputElement) control.checked = control.value === state[name];
        else control.value = state[name];
      });
    }
    this.place.querySelectorAll("[data-for]").forEach((element) => {
      /** @type {HTMLElement} */ (element).hidden = /** @type {HTMLElement} */ (element).dataset.for !== state.view;
    });
  }
}
