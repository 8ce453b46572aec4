// The shapes of what a site without a server holds (webmap/static_site/columns.py, wording.py, heating.py).

interface Window {
  relituData?: [string, any][] | { push(entry: [string, any]): void };
}

interface OfflineCodes { form: "codes"; terms: string[]; codes: number[]; offsets?: number[] }
interface OfflineFlags { form: "flag"; values: number[] }
interface OfflineNumbers { form: "number"; values: (number | null)[] }
type OfflineColumn = OfflineCodes | OfflineFlags | OfflineNumbers;

interface OfflineTable {
  kind: string;
  rows: number;
  located: number; // the first rows have a geometry
  id: string[];
  columns: { [name: string]: OfflineColumn };
  year: number[];
  search: string[];
  lon: number[];
  lat: number[];
  box: (number[] | null)[]; // null for a point
  place: number[]; // of each row in the order of the ready-made pieces
  sorts: { [key: string]: (number | null)[] };
  leading: string;
}

interface OfflineUnit { rank: "city" | "county"; bbox: number[]; anchor: number[]; area_km2?: number }
interface OfflineMeasure { unit: { zh: string; en: string }; one: { zh: string; en: string } | null; whole: boolean }

interface OfflineSite {
  version: string;
  kinds: string[];
  parameters: {
    lists: string[];
    any: { [param: string]: { [kind: string]: string } };
    ranges: { [param: string]: { scale: number; fields: { [kind: string]: string } } };
    codes: { [param: string]: string[] | null };
  };
  sorts: string[];
  tables: { [kind: string]: OfflineTable };
  counties: string[];
  units: { [adcode: string]: OfflineUnit };
  places: { [id: string]: [number, number] | null };
  chains: { [chain: string]: string };
  clusters: string[];
  nodes: { [node: string]: [string, string] };
  money: {
    kind: string; unit: string[]; amount: (number | null)[]; foreign: number[]; signed: number[]; demo: number[]; record: number[];
  } | null;
  choropleth: { measures: { [name: string]: OfflineMeasure }; methods: string[]; ramp: string[]; dark_ramp: string[]; zero: string; dark_zero: string; missing: string };
  shapes: { [kind: string]: { piece: number[] } };
  areas: { county: string[]; place: string[] };
  rows_a_piece: number;
  details_a_piece: number;
}

interface OfflineHead { label: string; numeric: boolean; sort: string }

interface OfflineWords {
  lang: string;
  words: { [key: string]: Message };
  units: { [adcode: string]: string };
  places: { [id: string]: string };
  names: { [kind: string]: string[] };
  ranks: { [kind: string]: number[] };
  plurals: { [kind: string]: string };
  heads: { [kind: string]: OfflineHead[] };
  codes: { [param: string]: { [code: string]: string } };
  ranges: { [param: string]: { label: string; unit: string } };
  boundaries: BoundariesAnswer;
  signs: { [name: string]: string };
  pages: { map: [string, [string, string][]]; list: [string, [string, string][]] }; // file and the parameters of every link
}

interface OfflineHeat {
  shape: [number, number];
  cell_m: number;
  exact_m: number;
  place_m: number;
  counties: string[];
  county: number[]; // runs: how many cells, and the county's place in `counties` (-1 outside)
  members: { [adcode: string]: number[] };
  where: ["point" | "place" | "area", number, number][]; // of each project: how it is known, column and line
  picture: { rows: number; columns: number; west: number; north: number; size: number; step: number; lines: [number, number][][] };
  palette: number[][];
  ramp: number[][];
  mantissas: { [scale: string]: number[] };
  unit: { zh: string; en: string };
}

interface Wanted {
  lists: Map<string, string[]>;
  ranges: Map<string, [number | null, number | null]>;
  years: [number | null, number | null];
  q: string;
  words: string[];
  bbox: Bounds | null;
  near: [number, number, number] | null;
}

type OfflineSelection = Map<string, Uint8Array>;
