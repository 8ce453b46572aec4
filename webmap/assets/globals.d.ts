// The shapes of what the browser's modules share: the one global, the page's words, and the answers of /api/.

interface Window {
  relitu: { map: import("leaflet").Map; tiles: FeatureTiles; baseMap: string };
}

/** The layer that Folium makes; the modules give it its painter. */
type FeatureTiles = import("leaflet").GridLayer & { painter?: unknown; options: import("leaflet").GridLayerOptions };

/** Where vector tiles are: an address with {version} {kind} {z} {x} {y}, and what each kind that has places covers. */
interface TileSettings { address: string; maxzoom: number; kinds: { [kind: string]: Bounds } }

type Message = string | { [plural: string]: string };
type Bounds = [number, number, number, number]; // west, south, east, north

interface Filter { [param: string]: string[] }

interface State {
  filter: Filter;
  view: string;
  measure: string;
  classes: string;
  scale: string;
  map: { zoom: number; lat: number; lon: number } | null;
  select: string;
  sort: string;
  offset: string;
  lang: string;
  page: string; // of a site that is one file: the page in it
}

interface Summary {
  version: string;
  total: number;
  kinds: { [kind: string]: number };
  facets: { [param: string]: { [code: string]: number } };
  years: { [year: string]: number };
  undated: number;
}

interface Mark {
  type: "city" | "county" | "place" | "cluster" | "feature";
  id: string;
  lon: number;
  lat: number;
  n: number;
  name: string;
  mix: [string, number][];
  chains: [string, number][];
  kinds: [string, number][];
  kind?: string;
  demo: boolean | "some";
  bounds?: Bounds;
}

interface UnitProperties {
  adcode: string;
  name: string;
  short: string;
  city: string;
  anchor: [number, number];
  area_km2: number;
}

interface CityEntry { adcode: string; name: string; short: string; anchor: [number, number]; bbox?: Bounds }

interface BoundariesAnswer {
  counties: { type: "FeatureCollection"; features: { type: "Feature"; geometry: any; properties: UnitProperties }[] };
  cities: CityEntry[];
}

interface ChoroplethAnswer {
  measure: string;
  unit: { zh: string; en: string } | string;
  values: { [adcode: string]: number | null };
  breaks: number[];
  colours: string[];
  zero_colour: string;
  dark_colours: string[];
  dark_zero_colour: string;
  no_data_colour: string;
  legend: { colour: string; label: any; n: number }[];
  note?: any;
}

interface HeatAnswer {
  image: string;
  bounds: [[number, number], [number, number]];
  unit: { zh: string; en: string } | string;
  bandwidth_m: number;
  max: number;
  legend: { value: number; colour: string }[];
  note?: any;
  projects: number;
}
