// What embed.js offers to the page around the map.

/** Parameters of the filter, as in the address of /embed: {county: "411082", chain: ["…"], area_min: 50}. */
interface RelituFilter {
  [parameter: string]: string | number | readonly (string | number)[] | null | undefined;
}

/** Where to look: west, south, east, north in degrees (WGS-84), or the adcode of a county or city. */
type RelituPlace = { bbox: readonly [number, number, number, number] } | { county: string };

/** `relitu:select`, when a reader chooses something on the map. */
interface RelituSelection {
  kind: string;
  id: string;
  /** The page of what was chosen, with host. */
  href: string;
}

/** `relitu:filter`, when the filter has changed. */
interface RelituFiltered {
  filter: { [parameter: string]: string[] };
  total: number;
}

/** One map in the page. */
interface RelituEmbed {
  readonly element: HTMLElement;
  readonly frame: HTMLIFrameElement | null;
  /** Load now, wherever the element stands. */
  load(): void;
  /** Replace the filter. What the site's key does not allow is left out. */
  setFilter(filter: RelituFilter): void;
  fitTo(place: RelituPlace): void;
  /** @internal */
  heard(message: unknown): void;
}

interface Window {
  Relitu?: {
    /** Make a map of an element that was added after the page had loaded. */
    mount(element: HTMLElement): RelituEmbed;
    get(element: Element): RelituEmbed | undefined;
  };
}

interface HTMLElementEventMap {
  "relitu:ready": CustomEvent<{ total: number }>;
  "relitu:select": CustomEvent<RelituSelection>;
  "relitu:filter": CustomEvent<RelituFiltered>;
}
