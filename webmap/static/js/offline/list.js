// The entry of the list on a site without a server.

import {startList} from "./list_page.js";

startList();
