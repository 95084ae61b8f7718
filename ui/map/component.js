// The map of the app. It waits for the library and the unchanging layers (sent once by the base component),
// draws what Python sends, and reports clicks. Every text and colour of the data comes from Python.

const SPRITE = 2; // canvas pixels per screen pixel, so that drawn symbols stay sharp
const LIGHT = {
  sea: "#eceae4", land: "#fbfaf6", border: "#b9b3a6", road: "#d9d3c6", stop: "#9b958a",
  ink: "#20302f", halo: "rgba(251,250,246,0.92)", quiet: "#8b867c", ring: "#5b6b6a", hub: "#c2410c",
  same: "#f5f5f5",
};
const DARK = {
  sea: "#12191a", land: "#1b2526", border: "#56605f", road: "#39474a", stop: "#6f7a79",
  ink: "#eef3f2", halo: "rgba(18,25,26,0.9)", quiet: "#93a09e", ring: "#a9b8b6", hub: "#fb923c",
  same: "#343f3e",
};
const NOTHING = { type: "FeatureCollection", features: [] };
const CHANGING = ["areas", "lines", "places", "facilities", "hubs", "chosen", "drawing"]; // sources that Python sends
const HOVERED = ["hubs", "facilities", "facility-dots", "places", "unreached", "stops"];

export default function (component) {
  const { parentElement, data } = component;
  const host = parentElement.querySelector(".dorpshub-map");
  const held = (host.dorpshub ??= { map: null });
  held.component = component;
  whenReady(data.base, (base) => {
    if (held.component !== component) return; // a newer call will draw
    if (!held.map) start(host, held, base);
    if (held.map) draw(held, base);
  });
  return () => {
    // A newer call may have taken over this element: remove the map only when the element has gone.
    setTimeout(() => {
      if (!host.isConnected && held.map) {
        held.map.remove();
        held.map = null;
      }
    }, 0);
  };
}

function whenReady(name, use) {
  const base = () => globalThis.dorpshub?.maplibregl && globalThis.dorpshub.bases[name];
  if (base()) use(base());
  else document.addEventListener("dorpshub-base", () => whenReady(name, use), { once: true });
}

function start(host, held, base) {
  const { data } = held.component;
  const { maplibregl } = globalThis.dorpshub;
  const viewKey = `dorpshub-view-${data.name}`;
  const seen = JSON.parse(sessionStorage.getItem(viewKey) ?? "null");
  const [west, south, east, north] = base.bounds;
  let map;
  try {
    map = new maplibregl.Map({
      container: host.querySelector(".dorpshub-canvas"),
      style: { version: 8, sources: {}, layers: [{ id: "sea", type: "background" }] },
      ...(seen ?? { bounds: [[west, south], [east, north]], fitBoundsOptions: { padding: 18 } }),
      maxBounds: [[west - 0.6, south - 0.4], [east + 0.6, north + 0.4]],
      maxZoom: 15,
      attributionControl: false,
      dragRotate: false,
      doubleClickZoom: false, // a click places a hub; two quick ones must not place it and move the map as well
      touchPitch: false,
      fadeDuration: 0,
      canvasContextAttributes: { preserveDrawingBuffer: true }, // or the map is missing on paper
      locale: {
        "Map.Title": data.texts.label,
        "NavigationControl.ZoomIn": data.texts.zoomIn,
        "NavigationControl.ZoomOut": data.texts.zoomOut,
      },
    });
  } catch {
    const message = document.createElement("p");
    message.className = "dorpshub-message";
    message.textContent = data.texts.noWebgl;
    host.replaceChildren(message);
    return;
  }
  held.map = map;
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 90 }), "bottom-left");
  map.on("styleimagemissing", ({ id }) => addImage(map, id, held.colours));
  if (data.linked) link(map);
  map.on("moveend", () => {
    const view = { center: map.getCenter().toArray(), zoom: map.getZoom() };
    sessionStorage.setItem(viewKey, JSON.stringify(view));
  });
  listen(host, held, new maplibregl.Popup({ closeButton: false, closeOnClick: false, offset: 10, className: "dorpshub-tip" }));
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", () => setTimeout(() => held.map && draw(held, base), 300));
}

// Maps beside each other move together; the flag keeps them from answering each other for ever.
function link(map) {
  const linked = (globalThis.dorpshub.linked ??= { maps: new Set(), busy: false });
  linked.maps.add(map);
  map.on("remove", () => linked.maps.delete(map));
  map.on("move", () => {
    if (linked.busy) return;
    linked.busy = true;
    for (const other of linked.maps) if (other !== map) other.jumpTo({ center: map.getCenter(), zoom: map.getZoom() });
    linked.busy = false;
  });
}

function listen(host, held, tip) {
  const map = held.map;
  const canvas = map.getCanvas();
  const report = (point, lngLat) => {
    const feature = nearby(map, point, ["places", "unreached"], 7);
    held.component.setTriggerValue("click", {
      lng: lngLat.lng,
      lat: lngLat.lat,
      id: feature ? feature.id : null,
      layer: feature ? "places" : null,
    });
  };
  const show = (point) => {
    const feature = nearby(map, point, HOVERED, 5);
    canvas.style.cursor = feature ? "pointer" : "crosshair";
    if (feature) tip.setLngLat(feature.geometry.coordinates).setText(feature.properties.tip).addTo(map);
    else tip.remove();
  };
  map.on("click", (event) => {
    show(event.point);
    if (event.originalEvent.detail < 2) report(event.point, event.lngLat); // not the second of a double click
  });
  map.on("mousemove", (event) => show(event.point));
  map.on("mouseout", () => tip.remove());
  canvas.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const centre = map.getCenter();
    report(map.project(centre), centre);
  });
  canvas.addEventListener("focus", () => host.classList.toggle("with-cross", canvas.matches(":focus-visible")));
  canvas.addEventListener("blur", () => host.classList.remove("with-cross"));
}

function nearby(map, { x, y }, wanted, reach) {
  const layers = wanted.filter((layer) => map.getLayer(layer));
  const box = [[x - reach, y - reach], [x + reach, y + reach]];
  const found = map.queryRenderedFeatures(box, { layers }).filter((feature) => feature.properties.tip || feature.properties.name);
  const distance = (feature) => {
    const at = map.project(feature.geometry.coordinates);
    return wanted.indexOf(feature.layer.id) * 1e-3 + Math.hypot(at.x - x, at.y - y);
  };
  return found.sort((one, other) => distance(one) - distance(other))[0];
}

function draw(held, base) {
  const { map } = held;
  const { data } = held.component;
  if (!map.isStyleLoaded() && !map.getSource("places")) {
    map.once("load", () => held.map && draw(held, base));
    return;
  }
  const colours = isDark(map.getContainer()) ? DARK : LIGHT;
  const dimmed = colours !== held.colours;
  held.colours = colours;
  const fresh = { outlines: base.outlines, roads: base.roads, stops: base.stops, names: base.names };
  if (!map.getSource("places")) {
    for (const [name, features] of Object.entries(fresh)) map.addSource(name, { type: "geojson", data: features });
    for (const name of CHANGING) map.addSource(name, { type: "geojson", data: NOTHING });
    for (const layer of layers()) map.addLayer(layer);
  }
  if (held.base && held.base !== base.name) for (const [name, features] of Object.entries(fresh)) map.getSource(name).setData(features);
  held.base = base.name; // of one region on one date
  if (dimmed) paint(map, colours);
  offerBackground(held);
  for (const name of CHANGING) map.getSource(name).setData(data[name] ?? NOTHING);
  map.getCanvas().setAttribute("aria-label", data.texts.label);
}

const byZoom = (value) => ["interpolate", ["exponential", 1.5], ["zoom"], 8, ["*", 0.62, value], 10, value, 14, ["*", 2.6, value]];
const reached = ["!=", ["get", "colour"], ""];
// Larger places are named first; a town's quarters come forward when one is close enough to tell them apart.
const named = [
  "step", ["zoom"],
  [">=", ["get", "inhabitants"], 9000], 8.3, [">=", ["get", "inhabitants"], 4000], 9.4, [">=", ["get", "inhabitants"], 1000],
  10.6, ["!=", ["get", "level"], "quarter"], 11.6, ["!=", ["get", "level"], "town"],
];
const shown = ["all", named, ["any", ["!=", ["get", "level"], "quarter"], [">=", ["zoom"], 11.6]]];

function layers() {
  const drawn = { "icon-allow-overlap": true, "icon-ignore-placement": true };
  return [
    { id: "land", type: "fill", source: "outlines" },
    { id: "roads", type: "line", source: "roads", layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.6, 12, 2.2] } },
    { id: "areas", type: "fill", source: "areas", paint: { "fill-color": ["get", "colour"], "fill-opacity": 0.75, "fill-antialias": false } },
    { id: "area-edges", type: "line", source: "areas", paint: { "line-width": ["interpolate", ["linear"], ["zoom"], 10, 0, 12, 0.8] } },
    { id: "borders", type: "line", source: "outlines", paint: { "line-width": 1.2, "line-dasharray": [3, 2] } },
    { id: "lines", type: "line", source: "lines", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-width": 3.5 } },
    { id: "stops", type: "circle", source: "stops", minzoom: 10.6, paint: { "circle-radius": 2.2 } },
    { id: "unreached", type: "symbol", source: "places", filter: ["!", reached],
      layout: { ...drawn, "icon-size": byZoom(["/", ["get", "radius"], 16]) } },
    { id: "places", type: "circle", source: "places", filter: reached,
      layout: { "circle-sort-key": ["-", ["get", "inhabitants"]] },
      paint: { "circle-radius": byZoom(["get", "radius"]), "circle-stroke-width": 0.9 } },
    { id: "chosen", type: "circle", source: "chosen",
      paint: { "circle-radius": 15, "circle-opacity": 0, "circle-stroke-width": 3.5 } },
    { id: "facility-dots", type: "circle", source: "facilities", maxzoom: 10.4,
      paint: { "circle-radius": 2.1, "circle-stroke-width": 1 } },
    { id: "facilities", type: "symbol", source: "facilities", minzoom: 10.4,
      layout: { ...drawn, "icon-image": ["get", "icon"], "icon-offset": [9, -9] } },
    { id: "names", type: "symbol", source: "names", filter: shown,
      layout: { "icon-anchor": "top", "icon-offset": [0, 4], "icon-padding": 4, "symbol-sort-key": ["-", ["get", "inhabitants"]] } },
    { id: "drawing", type: "circle", source: "drawing", paint: { "circle-radius": 5, "circle-stroke-width": 2 } },
    { id: "hubs", type: "symbol", source: "hubs", layout: { ...drawn, "icon-image": "hub", "icon-anchor": "bottom" } },
  ];
}

function paint(map, colours) {
  for (const name of map.listImages()) map.removeImage(name);
  const theme = colours === DARK ? "dark" : "light";
  const paints = [
    ["sea", "background-color", colours.sea], ["land", "fill-color", colours.land],
    ["roads", "line-color", colours.road], ["borders", "line-color", colours.border],
    ["area-edges", "line-color", colours.ring],
    ["chosen", "circle-stroke-color", colours.hub], ["lines", "line-color", colours.hub],
    ["drawing", "circle-color", colours.land], ["drawing", "circle-stroke-color", colours.hub], ["stops", "circle-color", colours.stop], ["places", "circle-stroke-color", colours.ring],
    ["facility-dots", "circle-color", colours.ink], ["facility-dots", "circle-stroke-color", colours.land],
  ];
  for (const [layer, property, value] of paints) map.setPaintProperty(layer, property, value);
  // "Less than a minute" is quiet in both themes: near the colour of the land.
  const colour = ["case", ["==", ["get", "colour"], LIGHT.same], colours.same, ["to-color", ["get", "colour"], colours.land]];
  map.setPaintProperty("places", "circle-color", colour);
  map.getContainer().parentElement.classList.toggle("is-dark", colours === DARK);
  map.setLayoutProperty("unreached", "icon-image", `hatch|${theme}`);
  map.setLayoutProperty("names", "icon-image", ["concat", `name|${theme}|`, ["get", "level"], "|", ["get", "name"]]);
}

function isDark(element) {
  const [red, green, blue] = (getComputedStyle(element).getPropertyValue("--st-background-color").match(/[0-9a-f]{2}|\d+/gi) ?? [])
    .slice(0, 3)
    .map((part, _index, parts) => parseInt(part, parts.every((text) => text.length === 2) ? 16 : 10));
  return red !== undefined && 0.3 * red + 0.6 * green + 0.1 * blue < 128;
}

function addImage(map, id, colours) {
  if (map.hasImage(id)) return;
  const [kind, ...rest] = id.split("|");
  const image = { hatch, service, name, hub }[kind]?.(colours, ...rest);
  if (image) map.addImage(id, image, { pixelRatio: SPRITE });
}

function canvasOf(width, height) {
  const canvas = new OffscreenCanvas(Math.ceil(width * SPRITE), Math.ceil(height * SPRITE));
  const pen = canvas.getContext("2d");
  pen.scale(SPRITE, SPRITE);
  return { pen, image: () => pen.getImageData(0, 0, canvas.width, canvas.height) };
}

function hatch(colours) {
  const { pen, image } = canvasOf(32, 32);
  pen.beginPath();
  pen.arc(16, 16, 14.5, 0, 7);
  pen.fillStyle = colours.land;
  pen.fill();
  pen.strokeStyle = colours.ring;
  pen.lineWidth = 2.2;
  pen.stroke();
  pen.clip();
  pen.lineWidth = 1.8;
  for (let x = -32; x < 32; x += 7) {
    pen.moveTo(x, 32);
    pen.lineTo(x + 32, 0);
  }
  pen.stroke();
  return image();
}

function service(colours, letter, state) {
  const { pen, image } = canvasOf(18, 18);
  pen.beginPath();
  pen.roundRect(1, 1, 16, 16, 4);
  pen.fillStyle = colours.land;
  pen.fill();
  pen.strokeStyle = pen.fillStyle = colours.ink;
  pen.lineWidth = 1.4;
  pen.stroke();
  pen.font = "700 11px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(letter, 9, 9.6);
  if (state === "closed") {
    pen.strokeStyle = colours.hub;
    pen.lineWidth = 2.4;
    pen.beginPath();
    pen.moveTo(2, 16);
    pen.lineTo(16, 2);
    pen.stroke();
  }
  return image();
}

function hub(colours) {
  const { pen, image } = canvasOf(34, 42);
  pen.beginPath();
  pen.moveTo(17, 40);
  pen.bezierCurveTo(9, 29, 3, 24, 3, 16);
  pen.arc(17, 16, 14, Math.PI, 0);
  pen.bezierCurveTo(31, 24, 25, 29, 17, 40);
  pen.fillStyle = colours.hub;
  pen.fill();
  pen.strokeStyle = colours.land;
  pen.lineWidth = 2.2;
  pen.stroke();
  pen.fillStyle = colours.land; // a house: services under one roof
  pen.beginPath();
  for (const [x, y] of [[17, 7.5], [26, 15], [23.4, 15], [23.4, 22.5], [10.6, 22.5], [10.6, 15], [8, 15]]) pen.lineTo(x, y);
  pen.fill();
  pen.fillStyle = colours.hub;
  pen.fillRect(15, 16.5, 4, 6);
  return image();
}

function name(colours, _theme, level, ...parts) {
  const text = parts.join("|");
  const style = { town: "700 14px", around: "400 12px" }[level] ?? "600 12px";
  const font = `${style} "Source Sans", system-ui, sans-serif`;
  const ruler = canvasOf(1, 1).pen;
  ruler.font = font;
  const { pen, image } = canvasOf(ruler.measureText(text).width + 8, 18);
  pen.font = font;
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.lineWidth = 3.4;
  pen.strokeStyle = colours.halo;
  pen.strokeText(text, 4, 9);
  pen.fillStyle = level === "around" ? colours.quiet : colours.ink;
  pen.fillText(text, 4, 9);
  return image();
}
