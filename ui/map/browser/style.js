// What the map looks like: colours for light and dark, and the layers from the ground up. The ground is quiet, so that the
// results stand out.

export const LIGHT = {
  theme: "light",
  sea: "#eceae4", land: "#fbfaf6", border: "#b9b3a6", stop: "#9b958a",
  water: "#c9dde6", wood: "#e4ecdb", built: "#f0ebe1", rail: "#b9b4ab",
  motorway: "#dfc8a4", main: "#d3c8b1", road: "#dcd4c6", street: "#e4dfd5", track: "#e8e3da", path: "#ddd8ce", ferry: "#a9c3cf",
  ink: "#20302f", halo: "rgba(251,250,246,0.92)", quiet: "#77736a", ring: "#5b6b6a", same: "#f5f5f5", sameRing: "#b9b3a6",
  hub: "#c2410c", drawn: "#7a3ea1", line: "#a3195b", closed: "#c81e1e", limit: "#8a6100", picked: "#c2410c",
  signs: { A: ["#c8302c", "#ffffff"], N: ["#f2c230", "#20302f"], "": ["#e4e0d6", "#20302f"] },
};
export const DARK = {
  theme: "dark",
  sea: "#12191a", land: "#1b2526", border: "#56605f", stop: "#6f7a79",
  water: "#1d3a49", wood: "#1d2f27", built: "#242f30", rail: "#5d6869",
  motorway: "#6a5d43", main: "#4b4f49", road: "#3f4a4c", street: "#354144", track: "#2f3a3c", path: "#3a4648", ferry: "#35566a",
  ink: "#eef3f2", halo: "rgba(18,25,26,0.9)", quiet: "#a3afad", ring: "#dbe5e3", same: "#343f3e", sameRing: "#6f7a79",
  hub: "#fb923c", drawn: "#c99bec", line: "#f472b6", closed: "#f87171", limit: "#e3b341", picked: "#fb923c",
  signs: { A: ["#a52a27", "#ffffff"], N: ["#c79a1e", "#12191a"], "": ["#3f4a4c", "#eef3f2"] },
};
export const NOTHING = { type: "FeatureCollection", features: [] };
export const GEOJSON = ["areas", "lines", "places", "facilities", "hubs", "chosen", "picked", "drawing"];
const FONT = ["Source Sans", "system-ui", "sans-serif"];
const BOLD = ["Bold", ...FONT]; // the library reads the weight from the first name
const ROUND = { "line-cap": "round", "line-join": "round" };

export function isDark(element) {
  const [red, green, blue] = (getComputedStyle(element).getPropertyValue("--st-background-color").match(/[0-9a-f]{2}|\d+/gi) ?? [])
    .slice(0, 3)
    .map((part, _index, parts) => parseInt(part, parts.every((text) => text.length === 2) ? 16 : 10));
  return red !== undefined && 0.3 * red + 0.6 * green + 0.1 * blue < 128;
}

export function styleOf(base, data, colours) {
  const geojson = (features) => ({ type: "geojson", data: features });
  const sources = Object.fromEntries(GEOJSON.map((name) => [name, geojson(data[name] ?? NOTHING)]));
  for (const name of ["outlines", "tracks", "stops", "names"]) sources[name] = geojson(base[name]);
  // A region without a street on the map has no tiles.
  if (data.base.tiles) sources.ground = { type: "vector", tiles: [data.base.tiles], minzoom: data.base.zooms[0], maxzoom: data.base.zooms[1] };
  return { version: 8, sources, layers: layersOf(data, colours) };
}

// After a change of theme: the same layers in other colours.
export function repaint(map, data, colours) {
  for (const layer of layersOf(data, colours)) {
    for (const [property, value] of Object.entries(layer.paint ?? {})) map.setPaintProperty(layer.id, property, value);
    for (const [property, value] of Object.entries(layer.layout ?? {})) {
      if (property !== "visibility") map.setLayoutProperty(layer.id, property, value);
    }
  }
}

const zoomed = (...stops) => ["interpolate", ["exponential", 1.5], ["zoom"], ...stops];
const byZoom = (value) => zoomed(8, ["*", 0.62, value], 10, value, 14, ["*", 2.6, value]);
const isClass = (...names) => ["in", ["get", "class"], ["literal", names]];
const reached = ["!=", ["get", "colour"], ""];
// Larger places are named first; a town's quarters come forward when one is close enough to tell them apart.
const named = [
  "step", ["zoom"],
  [">=", ["get", "inhabitants"], 9000], 8.3, [">=", ["get", "inhabitants"], 4000], 9.4, [">=", ["get", "inhabitants"], 1000],
  10.6, ["!=", ["get", "level"], "quarter"], 11.6, ["!=", ["get", "level"], "town"],
];
const shown = ["all", named, ["any", ["!=", ["get", "level"], "quarter"], [">=", ["zoom"], 11.6]]];
const nameSize = ["step", ["get", "inhabitants"], 12, 2000, 13, 9000, 15, 30000, 17];

function layersOf(data, c) {
  return [
    { id: "sea", type: "background", paint: { "background-color": c.sea } },
    { id: "land", type: "fill", source: "outlines", paint: { "fill-color": c.land } },
    ...(data.base.tiles ? groundLayers(c) : []),
    { id: "areas", type: "fill", source: "areas",
      paint: { "fill-color": ["get", "colour"], "fill-opacity": 0.75, "fill-antialias": false } },
    ...(data.base.tiles ? roadLayers(c) : []),
    // Those of the timetable, where the map has no railways; dashes tell them from roads without colour.
    { id: "tracks", type: "line", source: "tracks",
      paint: { "line-color": c.rail, "line-width": zoomed(8, 1, 12, 2), "line-dasharray": [4, 1.5] } },
    { id: "borders", type: "line", source: "outlines", paint: { "line-width": 1.2, "line-dasharray": [3, 2], "line-color": c.border } },
    { id: "area-edges", type: "line", source: "areas",
      paint: { "line-width": zoomed(10, 0, 12, 0.8), "line-color": c.ring } },
    ...resultLayers(c),
  ];
}

function groundLayers(c) {
  const ground = { source: "ground", "source-layer": "areas", type: "fill" };
  const lines = { source: "ground", "source-layer": "lines", type: "line" };
  return [
    ...["built", "wood", "water"].map((name) => ({ id: name, ...ground, filter: isClass(name), paint: { "fill-color": c[name] } })),
    { id: "rivers", ...lines, filter: isClass("river", "stream"), layout: ROUND,
      paint: { "line-color": c.water, "line-width": zoomed(8, 0.7, 12, ["match", ["get", "class"], "river", 2, 0.8], 16, ["match", ["get", "class"], "river", 9, 3]) } },
  ];
}

function roadLayers(c) {
  // Of a road with several numbers ("A28;E232") the first: the one on the signs beside it.
  const firstNumber = ["slice", ["slice", ["get", "ref"], 0, ["index-of", ";", ["concat", ["get", "ref"], ";"]]], 0, 5];
  const roads = { source: "ground", "source-layer": "roads", type: "line" };
  const colour = (...names) => ["match", ["get", "class"], ...names.flatMap((name) => [name, c[name]]), c.street];
  const width = (...stops) => zoomed(...stops.map((stop) => typeof stop === "number" ? stop : ["match", ["get", "class"], ...stop]));
  return [
    { id: "paths", ...roads, filter: isClass("path", "ferry"), minzoom: 9,
      paint: { "line-color": colour("path", "ferry"), "line-width": zoomed(12, 0.7, 16, 2), "line-dasharray": [2, 1.5] } },
    { id: "streets", ...roads, filter: isClass("street", "track"), minzoom: 11.5, layout: ROUND,
      paint: { "line-color": colour("street", "track"), "line-width": width(12, ["street", 0.7, 0.4], 14, ["street", 2.4, 1.2], 17, ["street", 11, 5]) } },
    { id: "rails", source: "ground", "source-layer": "lines", type: "line", filter: isClass("rail"),
      paint: { "line-color": c.rail, "line-width": zoomed(8, 0.9, 14, 2.2), "line-dasharray": [4, 1.2] } },
    { id: "roads", ...roads, filter: isClass("motorway", "main", "road"), layout: ROUND,
      paint: { "line-color": colour("motorway", "main", "road"),
        "line-width": width(8, ["motorway", 1.8, "main", 1.2, 0.7], 12, ["motorway", 3.6, "main", 2.6, 1.9], 17, ["motorway", 20, "main", 16, 13]) } },
    { id: "street-names", source: "ground", "source-layer": "roads", type: "symbol", minzoom: 13.6, filter: ["has", "name"],
      layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": FONT, "text-size": 11, "symbol-spacing": 320 },
      paint: { "text-color": c.quiet, "text-halo-color": c.halo, "text-halo-width": 1.6 } },
    { id: "road-numbers", source: "ground", "source-layer": "roads", type: "symbol", minzoom: 9, filter: ["has", "ref"],
      layout: { "symbol-placement": "line", "icon-image": ["concat", "number|", firstNumber, `|${c.theme}`],
        "icon-rotation-alignment": "viewport", "symbol-spacing": 260, "icon-padding": 6 } },
  ];
}

function resultLayers(c) {
  const drawn = { "icon-allow-overlap": true, "icon-ignore-placement": true };
  const label = { "text-color": c.ink, "text-halo-color": c.halo, "text-halo-width": 2 };
  // "Less than a minute" is quiet in both themes: near the colour of the land.
  const colour = ["case", ["==", ["get", "colour"], LIGHT.same], c.same, ["to-color", ["get", "colour"], c.land]];
  const ring = ["case", ["==", ["get", "colour"], LIGHT.same], c.sameRing, ["to-color", ["get", c.theme === "dark" ? "ringDark" : "ring"], c.ring]];
  const marks = ["match", ["get", "mark"], "line", c.line, "closed", c.closed, "limit", c.limit, c.drawn];
  return [
    { id: "line-casings", type: "line", source: "lines", layout: ROUND, paint: { "line-width": 6.5, "line-color": c.land } },
    { id: "lines", type: "line", source: "lines", layout: ROUND, paint: { "line-width": 3.8, "line-color": marks } },
    { id: "stops", type: "circle", source: "stops", minzoom: 10.6, paint: { "circle-radius": 2.2, "circle-color": c.stop } },
    { id: "unreached", type: "symbol", source: "places", filter: ["!", reached],
      layout: { ...drawn, "icon-image": `hatch|${c.theme}`, "icon-size": byZoom(["/", ["get", "radius"], 16]) } },
    { id: "places", type: "circle", source: "places", filter: reached,
      layout: { "circle-sort-key": ["coalesce", ["get", "order"], 0] },
      paint: { "circle-radius": byZoom(["get", "radius"]), "circle-color": colour, "circle-stroke-color": ring,
        "circle-stroke-width": ["case", ["has", "ring"], 1.8, 0.9] } },
    { id: "picked", type: "circle", source: "picked",
      paint: { "circle-radius": 13, "circle-opacity": 0, "circle-stroke-width": 3, "circle-stroke-color": c.ink } },
    { id: "chosen", type: "circle", source: "chosen",
      paint: { "circle-radius": 15, "circle-opacity": 0, "circle-stroke-width": 3.5, "circle-stroke-color": c.picked } },
    { id: "facility-dots", type: "circle", source: "facilities", maxzoom: 10.4,
      paint: { "circle-radius": 2.1, "circle-stroke-width": 1, "circle-color": c.ink, "circle-stroke-color": c.land } },
    { id: "facilities", type: "symbol", source: "facilities", minzoom: 10.4,
      layout: { ...drawn, "icon-image": ["concat", ["get", "icon"], `|${c.theme}`], "icon-offset": [9, -9] } },
    { id: "names", type: "symbol", source: "names", filter: shown,
      layout: { "text-field": ["get", "name"], "text-font": ["match", ["get", "level"], "around", ["literal", FONT], ["literal", BOLD]],
        "text-size": nameSize, "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 0.7,
        "text-padding": 3, "symbol-sort-key": ["-", ["get", "inhabitants"]] },
      paint: { ...label, "text-color": ["match", ["get", "level"], "around", c.quiet, c.ink] } },
    { id: "drawing", type: "circle", source: "drawing",
      paint: { "circle-radius": 5, "circle-stroke-width": 2, "circle-color": c.land, "circle-stroke-color": c.drawn } },
    // Names make way for the pins, which stand wherever a hub is.
    { id: "hubs", type: "symbol", source: "hubs", layout: { "icon-allow-overlap": true, "icon-image": `hub|${c.theme}`, "icon-anchor": "bottom" } },
    { id: "labels", type: "symbol", source: "hubs",
      layout: { "text-field": ["get", "label"], "text-font": BOLD, "text-size": 14, "text-anchor": "bottom", "text-offset": [0, -3.1], "text-max-width": 12, "text-optional": true },
      paint: { ...label, "text-color": c.hub } },
  ];
}
