// The entry of the map on a site without a server.

import {answerWith} from "../api.js";
import {start} from "../start.js";
import {Backend} from "./backend.js";

Backend.open().then((backend) => {
  answerWith((path) => backend.answer(path));
}).then(() => start({embedded: false}), () => start({embedded: false}));
