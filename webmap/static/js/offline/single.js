// The last script of a site that is one file: what each page needs, started once its body is there.

import {answerWith} from "../api.js";
import {start} from "../start.js";
import {Backend} from "./backend.js";
import {startList} from "./list_page.js";

if (document.querySelector(".list-main")) startList();
else {
  Backend.open().then((backend) => {
    backend.shell();
    answerWith((path) => backend.answer(path));
  }).then(() => start({embedded: false}), () => start({embedded: false}));
}
