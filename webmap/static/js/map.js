// The entry of the map page.

import {start} from "./start.js";

start({embedded: false});
