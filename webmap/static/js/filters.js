// The form of filters and the state say the same; counts beside each option follow the rest of the filter.

import {fill, make} from "./elements.js";
import {number, say} from "./messages.js";
import {Years} from "./years.js";

const TYPING_MS = 400;

/** @typedef {HTMLInputElement | HTMLSelectElement} Control */

/** Both forms (search and filters), the chips, and their state. */
export class Filters {
  /**
   * @param {import("./state.js").Store} store
   */
  constructor(store) {
    this.store = store;
    this.form = /** @type {HTMLFormElement | null} */ (document.getElementById("filters"));
    this.search = /** @type {HTMLFormElement | null} */ (document.getElementById("search"));
    this.chips = document.getElementById("chips");
    this.timer = 0;
    /** The field whose typing has made a step of history already; its next letters belong to the same step. */
    this.typing = "";
    this.years = this.form ? new Years(this.form) : null;
    for (const form of [this.form, this.search]) if (form) this.listen(form);
    document.addEventListener("click", (event) => this.dropped(event));
    this.write(store.state.filter);
  }

  /** @param {HTMLFormElement} form */
  listen(form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.commit();
    });
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      this.clear();
    });
    form.addEventListener("input", (event) => {
      const control = /** @type {Control} */ (event.target);
      if (control.type === "checkbox" || control.type === "radio") return;
      window.clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.commit(control.name), TYPING_MS);
    });
    form.addEventListener("change", (event) => this.commit(typed(/** @type {Control} */ (event.target))));
    form.addEventListener("focusout", () => {
      this.typing = "";
    });
  }

  /**
   * A control anywhere on the page that drops a condition (its parameter and value), or all of them (`*`).
   * @param {MouseEvent} event
   */
  dropped(event) {
    const target = event.target instanceof Element ? event.target.closest("[data-remove]") : null;
    if (!(target instanceof HTMLElement)) return;
    event.preventDefault();
    const {remove = "", value = ""} = target.dataset;
    const inForm = Boolean(this.form && this.form.contains(target));
    if (remove === "*") this.clear();
    else this.remove(remove, value);
    if (inForm) this.focusAfterRemoval();
  }

  /** @returns {Control[]} every named control of both forms */
  controls() {
    const forms = /** @type {HTMLFormElement[]} */ ([this.form, this.search].filter(Boolean));
    return forms.reduce((all, form) => all.concat(/** @type {any} */ (Array.from(form.elements))), /** @type {Control[]} */ ([]))
      .filter((control) => control.name && control.name !== "lang" && control.type !== "hidden");
  }

  /**
   * Take what the forms say into the state. Parameters that have no control stay as they are.
   * @param {string} [typing] the field that is being typed in
   */
  commit(typing = "") {
    window.clearTimeout(this.timer);
    const controls = this.controls();
    const filter = {...this.store.state.filter};
    for (const control of controls) delete filter[control.name];
    for (const control of controls) {
      const value = valueOf(control);
      if (value && !(filter[control.name] || []).includes(value)) filter[control.name] = [...(filter[control.name] || []), value];
    }
    const how = typing && typing === this.typing ? "replace" : "push";
    this.typing = typing;
    this.store.change({filter, offset: ""}, how);
  }

  clear() {
    window.clearTimeout(this.timer);
    this.store.change({filter: {}, offset: ""});
  }

  /**
   * @param {string} param
   * @param {string} value
   */
  remove(param, value) {
    const filter = {...this.store.state.filter};
    const rest = (filter[param] || []).filter((entry) => entry !== value);
    if (rest.length) filter[param] = rest;
    else delete filter[param];
    this.store.change({filter, offset: ""});
  }

  /**
   * Make the forms say what the state says.
   * @param {Filter} filter
   */
  write(filter) {
    for (const control of this.controls()) {
      const values = filter[control.name] || [];
      if (control instanceof HTMLInputElement && (control.type === "checkbox" || control.type === "radio")) {
        control.checked = values.includes(control.value);
      } else if (control.type === "range") {
        control.value = values[0] || /** @type {HTMLInputElement} */ (control)[endOf(control)];
      } else if (control !== document.activeElement || !values.length) {
        control.value = values[0] || "";
      }
    }
    if (this.years) this.years.show();
    this.showChips(filter);
  }

  /** @param {Filter} filter */
  showChips(filter) {
    if (!this.chips) return;
    const chips = [];
    for (const param of Object.keys(filter).sort()) {
      for (const value of filter[param]) {
        const text = this.words(param, value);
        const label = say("remove_filter", {name: text});
        chips.push(make("button", {type: "button", class: "chip", "data-remove": param, "data-value": value, "aria-label": label}, [
          make("span", {class: "chip-text"}, [text]), make("span", {class: "chip-x", "aria-hidden": "true"}, ["×"]),
        ]));
      }
    }
    fill(this.chips, chips);
    this.chips.hidden = chips.length === 0;
  }

  /** The removed chip had the focus; the next one, else the form, gets it. */
  focusAfterRemoval() {
    const next = this.chips && /** @type {HTMLElement | null} */ (this.chips.querySelector("[data-remove]"));
    const fallback = this.form && /** @type {HTMLElement | null} */ (this.form.querySelector("summary, input"));
    const target = next || fallback;
    if (target) target.focus();
  }

  /**
   * A condition in words, as its control is labelled.
   * @param {string} param
   * @param {string} value
   */
  words(param, value) {
    if (param === "q") return say("text_of", {q: value});
    const controls = this.controls().filter((control) => control.name === param);
    const own = controls.find((control) => control.value === value && control.type === "checkbox");
    if (own) return labelOf(own);
    const bound = controls.find((control) => control.type !== "checkbox");
    if (!bound) return `${param} = ${value}`;
    const group = bound.closest("fieldset");
    const legend = group && group.querySelector("legend");
    const unit = legend && legend.querySelector(".unit");
    const name = legend ? (legend.firstChild && legend.firstChild.textContent || "").trim() : labelOf(bound);
    const shown = `${param.startsWith("year_") ? value : number(Number(value))}${unit ? unit.textContent : ""}`;
    return say(/_(min|from)$/.test(param) ? "minimum_of" : "maximum_of", {name, value: shown});
  }

  /** @param {Summary} summary */
  count(summary) {
    if (!this.form) return;
    this.form.querySelectorAll("[data-count]").forEach((element) => {
      const [param, ...rest] = (/** @type {HTMLElement} */ (element).dataset.count || "").split(":");
      const facet = summary.facets[param];
      if (!facet) return;
      const n = facet[rest.join(":")] || 0;
      element.textContent = number(n);
      const option = element.closest(".option");
      if (!option) return;
      const box = /** @type {HTMLInputElement | null} */ (option.querySelector("input"));
      option.classList.toggle("is-zero", n === 0 && !(box && box.checked));
    });
    if (this.years) this.years.count(summary);
  }
}

/** @param {Control} control the end of a range input at which it says nothing */
function endOf(control) {
  return control.name.endsWith("_from") ? "min" : "max";
}

/**
 * The name of a field in which one types, else nothing.
 * @param {Control} control
 */
function typed(control) {
  return control.type === "checkbox" || control.type === "radio" ? "" : control.name;
}

/** @param {Control} control */
function valueOf(control) {
  if (control.disabled) return "";
  if (control instanceof HTMLInputElement && (control.type === "checkbox" || control.type === "radio")) {
    return control.checked ? control.value : "";
  }
  if (control.type === "range" && control.value === /** @type {HTMLInputElement} */ (control)[endOf(control)]) return "";
  if (control.type === "number" && !control.validity.valid) return "";
  return control.value.trim();
}

/** @param {Control} control */
function labelOf(control) {
  const label = control.labels && control.labels[0];
  const name = label && (label.querySelector(".name") || label);
  return ((name && name.textContent) || control.getAttribute("aria-label") || control.name).trim();
}
