// The map by keyboard: arrows move it, Enter opens the feature or else the county under the cross in its centre.

import {make} from "./elements.js";
import {say} from "./messages.js";

/**
 * Give the map its name, the cross and the key.
 * @param {import("leaflet").Map} map
 * @param {import("./layers/base.js").Base} base
 * @param {{name: () => string, open: () => boolean}} features what stands under the cross, and opening it
 * @param {(adcode: string) => void} open
 */
export function equip(map, base, features, open) {
  const element = map.getContainer();
  const spoken = make("p", {class: "visually-hidden", role: "status"});
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", say("map_label"));
  element.append(make("span", {class: "map-cross", "aria-hidden": "true"}));
  element.after(spoken);
  const announce = () => {
    if (document.activeElement !== element) return;
    const county = base.countyAt(map.getCenter());
    const names = [features.name(), county ? county.name : ""].filter(Boolean).join(say("list_separator"));
    spoken.textContent = names ? say("centre", {name: names}) : "";
  };
  map.on("moveend", announce);
  element.addEventListener("focus", announce);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== element || features.open()) return;
    const county = base.countyAt(map.getCenter());
    if (county) open(county.adcode);
  });
}
