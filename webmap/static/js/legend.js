// The legend: what is on the map now, and nothing else; scales with their unit.

import {fill, make} from "./elements.js";
import {bar, colourOf, ring, symbol} from "./layers/symbols.js";
import {catalogue, number, say, text} from "./messages.js";

/** @typedef {{clusters: Set<string>, kinds: Set<string>, looks: Set<string>, areas: Set<string>, lines: Set<string>, rest: boolean, demo: boolean}} Present */

/** The box #legend. */
export class Legend {
  /** @param {(cluster: string | null) => void} bringOut a press on a cluster brings it out, a second one takes that back */
  constructor(bringOut) {
    this.bringOut = bringOut;
    /** @type {string | null} */
    this.only = null;
    this.place = document.getElementById("legend");
    /** @type {Node[]} */
    this.scale = [];
    /** @type {Present} */
    this.present = {clusters: new Set(), kinds: new Set(), looks: new Set(), areas: new Set(), lines: new Set(), rest: false, demo: false};
    this.written = "";
    /** Whether it is folded for want of room. */
    this.narrow = false;
    this.open = !window.matchMedia("(max-width: 720px)").matches;
  }

  /**
   * Fold while a panel of details leaves little room, and unfold again after it.
   * @param {boolean} narrow
   */
  makeRoom(narrow) {
    const details = this.place && this.place.querySelector("details");
    if (!details || narrow === this.narrow) return;
    if (narrow) this.open = details.open;
    details.open = narrow ? false : this.open;
    this.narrow = narrow;
  }

  /** @param {Present} present */
  show(present) {
    // The map tells with each move; the legend is written anew when it says something else.
    const written = JSON.stringify(Object.values(present).map((value) => (value instanceof Set ? [...value].sort() : value)));
    if (written === this.written) return;
    this.written = written;
    this.present = present;
    this.render();
  }

  noScale() {
    this.scale = [];
    this.render();
  }

  /** @param {HeatAnswer} answer */
  heat(answer) {
    const steps = answer.legend.slice().sort((a, b) => a.value - b.value).map(({value, colour}) => ({colour, label: number(value)}));
    this.scale = [
      title(say("legend_heat"), text(answer.unit)),
      steps.length ? make("div", {class: "ramp"}, [
        make("span", {class: "ramp-colours", "aria-hidden": "true"}, steps.map(({colour}) => swatch(colour, "ramp-step"))),
        make("span", {class: "ramp-values"}, steps.map(({label}) => make("span", {}, [label]))),
      ]) : make("p", {class: "legend-text"}, [say("legend_heat_none")]),
      ...notes(text(answer.note)),
    ];
    this.render();
  }

  /** @param {ChoroplethAnswer} answer */
  choropleth(answer) {
    const rows = answer.legend.map((/** @type {any} */ row) => make("li", {class: "legend-row"}, [
      row.missing ? make("span", {class: "swatch swatch-hatched"}) : swatch(row.colour, "swatch"),
      make("span", {class: "legend-text"}, [text(row.label)]),
      make("span", {class: "legend-n"}, [number(row.n)]),
    ]));
    this.scale = [
      title(say(`measure_${answer.measure}`), text(answer.unit)),
      make("ul", {class: "legend-list"}, rows),
      ...notes(text(answer.note)),
    ];
    this.render();
  }

  render() {
    if (!this.place) return;
    const {clusters, kinds, looks, areas, lines, rest, demo} = this.present;
    /** @type {Node[]} */
    const parts = [...this.scale];
    const shown = [...catalogue.clusters.filter(({id}) => clusters.has(id)), ...(clusters.has("") ? [{id: "", label: say("no_chain")}] : [])];
    if (shown.length) {
      parts.push(title(say("legend_chains"), ""), make("ul", {class: "legend-list legend-chains"}, shown.map(({id, label}) => this.cluster(id, label))));
    }
    /** @type {Node[]} */
    const signs = [];
    if (looks.has("ring")) signs.push(sign(ring([["", 3], ["-", 2]], 20, false), say("legend_ring")));
    if (looks.has("badge")) signs.push(sign(make("span", {class: "badge-sample"}, [bar([["", 1]])]), say("legend_badge")));
    for (const {kind, label} of catalogue.kinds) if (kinds.has(kind)) signs.push(sign(symbol(kind, "#5c6470", {size: 20}), label));
    const labels = (/** @type {Set<string>} */ some) => catalogue.kinds.filter(({kind}) => some.has(kind)).map(({label}) => label).join(say("list_separator"));
    if (areas.size) signs.push(sign(make("span", {class: "area-sample"}), labels(areas)));
    if (lines.size) signs.push(sign(make("span", {class: "line-sample"}), labels(lines)));
    if (rest) signs.push(sign(make("span", {class: "rest-sample"}, ["+"]), say("legend_rest")));
    if (demo) signs.push(sign(symbol("project", "#ffffff", {size: 20, demo: true}), say("demo")));
    if (signs.length) parts.push(title(say("legend_kinds"), ""), make("ul", {class: "legend-list legend-signs"}, signs));
    this.fold(parts);
  }

  /**
   * @param {string} id
   * @param {string} label
   */
  cluster(id, label) {
    const button = make("button", {type: "button", class: "legend-cluster", "data-cluster": id, "aria-pressed": String(this.only === id), title: say("bring_out")}, [
      swatch(colourOf(id), "swatch"), make("span", {class: "legend-text"}, [label]),
    ]);
    button.addEventListener("click", () => {
      this.only = this.only === id ? null : id;
      this.render();
      this.bringOut(this.only);
    });
    return make("li", {class: "legend-row"}, [button]);
  }

  /** @param {Node[]} parts */
  fold(parts) {
    const place = /** @type {HTMLElement} */ (this.place);
    place.hidden = parts.length === 0;
    const previous = place.querySelector("details");
    const open = previous ? previous.open : this.open;
    const focused = document.activeElement instanceof HTMLElement && previous && previous.contains(document.activeElement) ? document.activeElement : null;
    const summary = make("summary", {}, [say("legend")]);
    fill(place, [make("details", {class: "legend-fold", open}, [summary, make("div", {class: "legend-body"}, parts)])]);
    if (!focused) return;
    const again = focused.dataset.cluster === undefined ? null : /** @type {HTMLElement | null} */ (place.querySelector(`[data-cluster="${CSS.escape(focused.dataset.cluster)}"]`));
    (again || summary).focus({preventScroll: true});
  }
}

/**
 * @param {string} name
 * @param {string} unit
 */
function title(name, unit) {
  // "Projects projects" says nothing more.
  return make("h3", {class: "legend-title"}, unit && unit.toLowerCase() !== name.toLowerCase() ? [name, " ", make("span", {class: "legend-unit"}, [unit])] : [name]);
}

/**
 * @param {string} colour
 * @param {string} name css class
 */
function swatch(colour, name) {
  const element = make("span", {class: name, "aria-hidden": "true"});
  element.style.backgroundColor = colour;
  return element;
}

/**
 * @param {Node} picture
 * @param {string} label
 */
function sign(picture, label) {
  return make("li", {class: "legend-row"}, [make("span", {class: "legend-sign"}, [picture]), make("span", {class: "legend-text"}, [label])]);
}

/** @param {string[]} sentences */
function notes(...sentences) {
  return sentences.filter(Boolean).map((sentence) => make("p", {class: "legend-note"}, [sentence]));
}
