
// Map pictures from a server outside the app, below the app's own layers. Nothing is asked of that server until the visitor
// switches it on; the choice holds for this browser session and for this server only.

import { DARK } from "./style.js";

const BACKGROUND = "dorpshub-background";
const PATIENCE_MS = 10000; // after which a server that says nothing counts as failing

export function offerBackground(held) {
  const { map, component } = held;
  const offer = component.data.background;
  const place = component.parentElement.querySelector(".dorpshub-background");
  // Maps beside each other share one switch, below the first.
  const isFirst = document.querySelector(".dorpshub-map") === map.getContainer().parentElement;
  place.hidden = !offer || !isFirst;
  if (!held.background) {
    held.background = { tiles: "", loaded: 0, failed: 0, timer: 0 };
    const follow = () => held.map && offerBackground(held);
    document.addEventListener(BACKGROUND, follow);
    map.on("remove", () => document.removeEventListener(BACKGROUND, follow));
    watchTiles(held);
  }
  const isOn = Boolean(offer) && sessionStorage.getItem(BACKGROUND) === offer.tiles;
  if (offer) drawSwitch(place, offer, isOn);
  showTiles(held, isOn ? offer : null);
  sayHowItGoes(held);
}

function drawSwitch(place, offer, isOn) {
  if (!place.firstChild) {
    const label = place.appendChild(document.createElement("label"));
    const box = label.appendChild(document.createElement("input"));
    box.type = "checkbox";
    box.setAttribute("role", "switch");
    label.append(document.createElement("span"));
    place.append(document.createElement("div"));
  }
  const [box, name] = place.firstChild.children;
  box.checked = isOn;
  name.textContent = offer.texts.label;
  place.lastChild.textContent = offer.texts.told;
  box.onchange = () => {
    if (box.checked) sessionStorage.setItem(BACKGROUND, offer.tiles);
    else sessionStorage.removeItem(BACKGROUND);
    document.dispatchEvent(new Event(BACKGROUND));
  };
}

function showTiles(held, offer) {
  const { map, background } = held;
  const wanted = offer?.tiles ?? "";
  if (wanted !== background.tiles) {
    if (map.getLayer(BACKGROUND)) map.removeLayer(BACKGROUND);
    if (map.getSource(BACKGROUND)) map.removeSource(BACKGROUND);
    clearTimeout(background.timer);
    Object.assign(background, { tiles: wanted, loaded: 0, failed: 0, late: false });
    if (offer) {
      const [minzoom, maxzoom] = offer.zooms;
      map.addSource(BACKGROUND, { type: "raster", tiles: [offer.tiles], tileSize: 256, minzoom, maxzoom });
      map.addLayer({ id: BACKGROUND, type: "raster", source: BACKGROUND }, "land");
      background.timer = setTimeout(() => {
        background.late = !background.loaded;
        if (held.map) sayHowItGoes(held);
      }, PATIENCE_MS);
    }
  }
  if (!offer) return;
  // In the dark the light pictures are turned about: white paper becomes dark ground.
  const isDark = held.colours === DARK;
  map.setPaintProperty(BACKGROUND, "raster-brightness-min", isDark ? 0.8 : 0);
  map.setPaintProperty(BACKGROUND, "raster-brightness-max", isDark ? 0.08 : 1);
  map.setPaintProperty(BACKGROUND, "raster-saturation", isDark ? -0.7 : 0);
}

function watchTiles(held) {
  const { map, background } = held;
  const isOurs = (event) => background.tiles && event.sourceId === BACKGROUND;
  map.on("data", (event) => {
    if (!isOurs(event) || !event.tile) return;
    background.loaded += 1;
    sayHowItGoes(held);
  });
  map.on("error", (event) => {
    if (!isOurs(event)) return console.error(event.error);
    background.failed += 1;
    sayHowItGoes(held);
  });
  map.on("movestart", () => Object.assign(background, { failed: 0 }));
  map.on("idle", () => {
    if (!background.tiles || background.loaded) return;
    background.late = true; // a server that has none of the pictures makes no error
    sayHowItGoes(held);
  });
}

// Our own ground gives way only where pictures do come in.
function sayHowItGoes(held) {
  const { map, component, background } = held;
  const host = map.getContainer().parentElement;
  const offer = background.tiles ? component.data.background : null;
  const isShown = Boolean(offer) && background.loaded > 0;
  map.setPaintProperty("land", "fill-opacity", isShown ? 0.15 : 1);
  for (const layer of map.getStyle().layers) {
    if (layer.source !== "ground") continue;
    const visible = isShown ? "none" : "visible";
    if ((map.getLayoutProperty(layer.id, "visibility") ?? "visible") !== visible) map.setLayoutProperty(layer.id, "visibility", visible);
  }
  const told = !offer ? "" : isShown ? (background.failed ? offer.texts.partly : "") : background.failed || background.late ? offer.texts.failed : "";
  overlay(host, "dorpshub-trouble", told).setAttribute("role", "status");
  const credit = overlay(host, "dorpshub-credit", "");
  credit.hidden = !offer;
  if (!offer) return;
  const link = document.createElement("a");
  Object.assign(link, { href: offer.link, target: "_blank", rel: "noopener", textContent: offer.credit });
  credit.replaceChildren(link);
}

function overlay(host, name, text) {
  let box = host.querySelector(`.${name}`);
  if (!box) {
    box = host.appendChild(document.createElement("div"));
    box.className = name;
  }
  if (box.textContent !== text) box.textContent = text;
  box.hidden = !text;
  return box;
}
