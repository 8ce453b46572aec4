// Clusters points on request: "load PATH" (float64 lon, lat …) indexes them, "view W S E N ZOOM" lists a view's clusters.
// Answers each line with one of JSON: milliseconds, without reading the file, and how many clusters there were.
import {createRequire} from "node:module";
import {readFileSync} from "node:fs";
import {createInterface} from "node:readline";

const {default: loaded} = await import(createRequire(`${process.argv[2]}/`).resolve("supercluster"));
const Supercluster = loaded.default ?? loaded;
let index;

function load(path) {
  const raw = readFileSync(path);
  const numbers = new Float64Array(raw.buffer, raw.byteOffset, raw.byteLength / 8);
  const points = new Array(numbers.length / 2);
  for (let at = 0; at < points.length; at++) {
    points[at] = {type: "Feature", properties: {}, geometry: {type: "Point", coordinates: [numbers[2 * at], numbers[2 * at + 1]]}};
  }
  const start = performance.now();
  index = new Supercluster({radius: 64, extent: 256, maxZoom: 16}).load(points);
  return {ms: performance.now() - start, n: points.length};
}

function view(west, south, east, north, zoom) {
  const start = performance.now();
  const found = index.getClusters([west, south, east, north], zoom);
  return {ms: performance.now() - start, n: found.length};
}

for await (const line of createInterface({input: process.stdin})) {
  const [word, ...rest] = line.split(" ");
  const answer = word === "load" ? load(rest.join(" ")) : view(...rest.map(Number));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
