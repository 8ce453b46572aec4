// The strip in the map's lower left corner: its lines differ by width and language, and the scale stands above them all.

/** Keep `--imprint`, the strip's height, true on the map's frame. */
export function measureImprint() {
  const strip = document.getElementById("imprint");
  const frame = document.getElementById("map-frame");
  if (!strip || !frame || typeof ResizeObserver === "undefined") return;
  new ResizeObserver(() => {
    frame.style.setProperty("--imprint", `${strip.offsetHeight}px`);
  }).observe(strip);
}
