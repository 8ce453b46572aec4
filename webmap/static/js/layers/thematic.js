// The thematic layers: the heat, or the counties coloured by a measure, or neither.

import {cancel, json, OVERTAKEN} from "../api.js";
import {question} from "../state.js";
import {coloursOf, onGround} from "./choropleth.js";
import {Heat} from "./heat.js";

/** At most one of the thematic layers, with its part of the legend. */
export class Thematic {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./base.js").Base} base
   * @param {import("../legend.js").Legend} legend
   */
  constructor(map, base, legend) {
    this.base = base;
    this.legend = legend;
    this.heat = new Heat(map);
  }

  /**
   * Show what a state asks for; what it does not ask for goes at once.
   * @param {State} state
   * @param {string} lang
   */
  async show(state, lang) {
    if (state.view !== "heat") {
      cancel("heat");
      this.heat.clear();
    }
    if (state.view !== "choropleth") {
      cancel("choropleth");
      this.base.paint(null);
    }
    const asked = question(state.filter, lang);
    if (state.view === "heat") await this.showHeat(`${asked}&scale=${encodeURIComponent(state.scale)}`);
    else if (state.view === "choropleth") {
      await this.showCounties(`${asked}&measure=${encodeURIComponent(state.measure)}&classes=${encodeURIComponent(state.classes)}`);
    } else this.legend.noScale();
  }

  /** @param {string} asked */
  async showHeat(asked) {
    const answer = await json("heat", `/api/heat?${asked}`);
    if (answer === OVERTAKEN) return;
    await this.heat.show(answer);
    this.legend.heat(answer);
  }

  /** @param {string} asked */
  async showCounties(asked) {
    const answer = await json("choropleth", `/api/choropleth?${asked}`);
    if (answer === OVERTAKEN) return;
    const coloured = onGround(answer);
    this.base.paint(coloursOf(coloured));
    this.legend.choropleth(coloured);
  }
}
