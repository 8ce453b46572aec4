// The map by keyboard: arrows move it, Enter opens the county under the cross in its centre.

import {make} from "./elements.js";
import {say} from "./messages.js";

/**
 * Give the map its name, the cross and the key.
 * @param {import("leaflet").Map} map
 * @param {import("./layers/base.js").Base} base
 * @param {(adcode: string) => void} open
 */
export function equip(map, base, open) {
  const element = map.getContainer();
  const spoken = make("p", {class: "visually-hidden", role: "status"});
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", say("map_label"));
  element.append(make("span", {class: "map-cross", "aria-hidden": "true"}));
  element.after(spoken);
  const announce = () => {
    if (document.activeElement !== element) return;
    const county = base.countyAt(map.getCenter());
    spoken.textContent = county ? say("centre", {name: county.name}) : "";
  };
  map.on("moveend", announce);
  element.addEventListener("focus", announce);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== element) return;
    const county = base.countyAt(map.getCenter());
    if (county) open(county.adcode);
  });
}
