// Starting the map of a page, or saying why it cannot be.

import {App} from "./app.js";
import {measureImprint} from "./imprint.js";
import {Status} from "./status.js";

/**
 * Start the page's map; gives it once it stands, nothing where it cannot.
 * @param {{embedded: boolean}} options
 */
export async function start({embedded}) {
  measureImprint();
  const status = new Status(document.getElementById("map-status"), null);
  if (!window.relitu) {
    status.failed(null, () => window.location.reload());
    return null;
  }
  try {
    const app = new App(window.relitu.map, embedded);
    await app.start();
    return app;
  } catch (error) {
    status.failed(error, () => window.location.reload());
    return null;
  }
}
