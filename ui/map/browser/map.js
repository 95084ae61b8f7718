// The map of the app: draws what Python sends, and reports clicks. Every text of the data comes from Python.

import * as maplibregl from "../library/maplibre-gl.mjs";
import { offerBackground } from "./background.js";
import { offerCells } from "./cells.js";
import { drawSymbol } from "./symbols.js";
import { DARK, GEOJSON, LIGHT, NOTHING, isDark, repaint, styleOf } from "./style.js";
import { firstView, follow, keepView, link, offerWhole } from "./view.js";

const HOVERED = ["hubs", "facilities", "facility-dots", "places", "unreached", "lines", "stops", "areas"];
const FIXED = ["outlines", "tracks", "stops", "names"];
const bases = new Map(); // what never changes of a region, by its address: asked for once

export default function (component) {
  const host = component.parentElement.querySelector(".dorpshub-map");
  const held = (host.dorpshub ??= { map: null });
  held.component = component;
  const { layers } = component.data.base;
  if (!bases.has(layers)) bases.set(layers, fetch(layers).then((answer) => answer.json()));
  bases.get(layers).then((base) => {
    if (held.component !== component || !host.isConnected) return; // a newer call will draw
    if (!held.map) start(host, held, base);
    else draw(held, base);
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

function start(host, held, base) {
  const { data } = held.component;
  const [west, south, east, north] = base.bounds;
  held.colours = isDark(host) ? DARK : LIGHT;
  let map;
  try {
    map = new maplibregl.Map({
      container: host.querySelector(".dorpshub-canvas"),
      style: styleOf(base, data, held.colours),
      ...firstView(data, base),
      maxBounds: [[west - 0.6, south - 0.4], [east + 0.6, north + 0.4]],
      maxZoom: 17,
      attributionControl: false,
      dragRotate: false,
      doubleClickZoom: false, // a click places a hub; two quick ones must not place it and move the map as well
      touchPitch: false,
      fadeDuration: 0,
      canvasContextAttributes: { preserveDrawingBuffer: true }, // so that a picture of it can be taken
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
  offerWhole(held, base);
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 90 }), "bottom-left");
  // Asked before symbols are laid out; the event for missing images comes when they are laid out without.
  map.setMissingStyleImageResolver((id) => drawSymbol(map, id));
  if (data.linked) link(map);
  keepView(held);
  listen(host, held, new maplibregl.Popup({ closeButton: false, closeOnClick: false, offset: 10, className: "dorpshub-tip" }));
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", () => setTimeout(() => held.map && draw(held, held.base), 300));
  map.once("style.load", () => held.map && draw(held, base));
}

function draw(held, base) {
  const { map, component } = held;
  const { data } = component;
  if (!map.getSource("places")) return; // the style is on its way, and draws when it is there
  const colours = isDark(map.getContainer()) ? DARK : LIGHT;
  if (colours !== held.colours) {
    held.colours = colours;
    repaint(map, data, colours);
  }
  if (held.base && held.base !== base) {
    for (const name of FIXED) map.getSource(name).setData(base[name]);
    map.getSource("ground")?.setTiles([data.base.tiles]);
  }
  held.base = base; // of one region on one date
  offerBackground(held);
  offerCells(held, base);
  for (const name of GEOJSON) if (changed(held, name)) map.getSource(name).setData(data[name] ?? NOTHING);
  map.getCanvas().setAttribute("aria-label", data.texts.label);
  map.getContainer().parentElement.classList.toggle("is-dark", colours === DARK);
  document.documentElement.classList.toggle("dorpshub-dark", colours === DARK); // for the legend below the map
  follow(held);
}

// What is drawn already need not be cut into tiles again.
function changed(held, name) {
  const drawn = (held.drawn ??= {});
  const text = JSON.stringify(held.component.data[name] ?? NOTHING);
  if (drawn[name] === text) return false;
  drawn[name] = text;
  return true;
}

function listen(host, held, tip) {
  const map = held.map;
  const canvas = map.getCanvas();
  const report = (point, lngLat) => held.component.setTriggerValue("click", whatIsAt(map, point, lngLat));
  drag(held, tip);
  const show = (point, lngLat) => {
    if (held.dragged) return;
    const feature = nearby(map, point, HOVERED, 5);
    canvas.style.cursor = feature ? "pointer" : "crosshair";
    const text = feature ? feature.properties.tip : held.cells?.told(lngLat);
    const at = feature?.geometry.type === "Point" ? feature.geometry.coordinates : lngLat;
    if (text) tip.setLngLat(at).setText(text).addTo(map);
    else tip.remove();
  };
  map.on("click", (event) => {
    show(event.point, event.lngLat);
    if (event.originalEvent.detail < 2) report(event.point, event.lngLat); // not the second of a double click
  });
  map.on("mousemove", (event) => show(event.point, event.lngLat));
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

function whatIsAt(map, point, lngLat) {
  const place = nearby(map, point, ["places", "unreached"], 7);
  const pin = nearby(map, point, ["hubs", "facilities"], 9);
  return {
    lng: lngLat.lng,
    lat: lngLat.lat,
    id: place ? place.id : null,
    layer: place ? "places" : null,
    facility: pin ? pin.properties.facility : null,
  };
}

// The pin of a hub follows the pointer; where it is let go Python is told which hub it was. A click is no drag.
function drag(held, tip) {
  const map = held.map;
  const grab = (event) => {
    const pin = held.component.data.draggable && (event.points?.length ?? 1) === 1 && event.features?.[0];
    if (!pin) return;
    event.preventDefault(); // the map stays where it is
    tip.remove();
    held.dragged = { id: pin.id, facility: pin.properties.facility, from: event.point, moved: false };
  };
  const move = (event) => {
    const dragged = held.dragged;
    if (!dragged) return;
    dragged.moved ||= Math.hypot(event.point.x - dragged.from.x, event.point.y - dragged.from.y) > 4;
    const hubs = structuredClone(held.component.data.hubs);
    hubs.features.find((feature) => feature.id === dragged.id).geometry.coordinates = event.lngLat.toArray();
    if (dragged.moved) map.getSource("hubs").setData(hubs);
  };
  const letGo = (event) => {
    const dragged = held.dragged;
    held.dragged = null;
    if (dragged?.moved) delete held.drawn?.hubs; // where the move is refused, the pin goes back
    if (dragged?.moved) held.component.setTriggerValue("drag", { ...whatIsAt(map, event.point, event.lngLat), facility: dragged.facility });
  };
  for (const start of ["mousedown", "touchstart"]) map.on(start, "hubs", grab);
  for (const during of ["mousemove", "touchmove"]) map.on(during, move);
  for (const end of ["mouseup", "touchend"]) map.on(end, letGo);
}

// The nearest point within reach; where there is none, the line or area on top.
function nearby(map, { x, y }, wanted, reach) {
  const layers = wanted.filter((layer) => map.getLayer(layer));
  const box = [[x - reach, y - reach], [x + reach, y + reach]];
  const found = map.queryRenderedFeatures(box, { layers }).filter((feature) => feature.properties.tip);
  const distance = (feature) => {
    if (feature.geometry.type !== "Point") return 1e6 + wanted.indexOf(feature.layer.id);
    const at = map.project(feature.geometry.coordinates);
    return wanted.indexOf(feature.layer.id) * 1e-3 + Math.hypot(at.x - x, at.y - y);
  };
  return found.sort((one, other) => distance(one) - distance(other))[0];
}
