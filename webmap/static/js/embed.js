// The entry of the embedded map.

import {Bridge} from "./bridge.js";
import {filterQuery} from "./state.js";
import {start} from "./start.js";

/** @type {{app: import("./app.js").App | null}} */
const page = {app: null};

// The page around says hello as soon as this one is loaded, which may be before the map stands.
const bridge = new Bridge({
  setFilter: (filter) => page.app && page.app.store.change({filter: page.app.store.scoped(filter)}, "replace"),
  fitTo: (place) => page.app && page.app.view && page.app.view.fitTo(place),
});

/** @param {import("./app.js").App} app */
function connect(app) {
  page.app = app;
  app.chosen = (select) => {
    const [kind, ...rest] = select.split("/");
    const path = kind === "county" || kind === "place" ? `/${select}` : `/f/${select}`;
    const href = new URL(`${path}?lang=${app.lang}`, window.location.href).href;
    bridge.say({relitu: "select", detail: {kind, id: rest.join("/"), href}});
    return bridge.takesSelection;
  };
  let told = filterQuery(app.store.state.filter);
  app.counted = (total) => {
    const {filter} = app.store.state;
    if (filterQuery(filter) === told) return;
    told = filterQuery(filter);
    bridge.say({relitu: "filter", detail: {filter, total}});
  };
  const asked = new URLSearchParams(window.location.search);
  if (asked.get("zoom") && !asked.get("center")) app.map.setZoom(Number(asked.get("zoom")), {animate: false});
  bridge.begin(app.summary ? app.summary.total : 0);
}

start({embedded: true}).then((app) => app && connect(app));
