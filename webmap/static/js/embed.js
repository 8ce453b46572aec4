// The entry of the embedded map.

import {start} from "./app.js";

start({embedded: true});
