// Files dropped on the form, their names and sizes, and a word where they are too large before anything is sent.

import {fill, make} from "../elements.js";
import {number, say} from "../messages.js";

const MB = 1024 * 1024;

const form = /** @type {HTMLFormElement | null} */ (document.querySelector(".upload-form"));
if (form) prepare(form);

/** @param {HTMLFormElement} upload */
function prepare(upload) {
  const input = /** @type {HTMLInputElement} */ (upload.querySelector("input[type=file]"));
  const zone = /** @type {HTMLElement} */ (upload.querySelector("[data-drop]"));
  const list = /** @type {HTMLElement} */ (upload.querySelector(".drop-files"));
  const button = /** @type {HTMLButtonElement} */ (upload.querySelector("button[type=submit]"));
  const limit = Number(upload.dataset.limit) * MB;

  zone.classList.add("is-live"); // from here on the whole zone is the button, and names are listed below
  const show = () => {
    const files = [...(input.files || [])];
    const total = files.reduce((sum, file) => sum + file.size, 0);
    fill(list, files.map((file) => make("li", {}, [`${file.name} · ${sizeOf(file.size)}`])));
    if (total > limit) list.append(make("li", {class: "wrong"}, [say("upload_too_large", {size: `${upload.dataset.limit} MB`})]));
    button.disabled = total > limit;
  };
  input.addEventListener("change", show);
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("is-over");
    });
  }
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(/** @type {Node | null} */ (event.relatedTarget))) zone.classList.remove("is-over");
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    if (event.dataTransfer && event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      show();
    }
  });
  upload.addEventListener("submit", () => {
    button.disabled = true;
    button.textContent = say("upload_sending");
  });
  window.addEventListener("pageshow", () => show());
}

/** @param {number} bytes */
function sizeOf(bytes) {
  return bytes < MB ? `${number(Math.max(1, Math.round(bytes / 1024)))} KB` : `${number(Math.round((bytes / MB) * 10) / 10)} MB`;
}
