// The entry of the map page.

import {start} from "./app.js";

start({embedded: false});
