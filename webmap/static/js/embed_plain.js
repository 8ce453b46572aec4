// The entry of an embed without a map: a table or a figure, which only tells how high it is.

import {Bridge} from "./bridge.js";

const bridge = new Bridge({});
bridge.begin(Number(document.body.dataset.total || 0));
new ResizeObserver(() => bridge.measure()).observe(document.documentElement);
