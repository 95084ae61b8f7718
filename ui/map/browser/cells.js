// Population cells beside places: one picture in the map's own projection, painted anew when the classes change. So many
// squares as features would take the browser seconds; a picture takes it a moment.

import { addButton } from "./view.js";

const CELLS = "cells";
const LONGEST_PX = 2600; // of the picture; a cell is then some four pixels wide in a region of sixty kilometres
const FEWEST_PX = 4;
const BELOW = ["places", "unreached"];

export function offerCells(held, base) {
  const { map, component } = held;
  const { cells } = component.data;
  if (!cells || !base.cells) {
    if (held.cells) held.cells.button.parentElement.hidden = true;
    return show(held, false);
  }
  if (!held.cells) {
    const button = addButton(map, component.data.texts.cells, "dorpshub-cells");
    held.cells = { button, told: (at) => told(held, at) };
    button.onclick = () => {
      sessionStorage.setItem(CELLS, button.getAttribute("aria-pressed") === "true" ? "" : "on");
      offerCells(held, held.base);
    };
  }
  held.cells.button.parentElement.hidden = false;
  const isOn = sessionStorage.getItem(CELLS) === "on";
  held.cells.button.setAttribute("aria-pressed", isOn);
  if (isOn) paint(held, base);
  show(held, isOn);
}

function show(held, isOn) {
  const { map } = held;
  held.cellsShown = isOn;
  if (map.getLayer(CELLS)) map.setLayoutProperty(CELLS, "visibility", isOn ? "visible" : "none");
  for (const layer of BELOW) map.setLayoutProperty(layer, "visibility", isOn ? "none" : "visible");
}

const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const mercator = (lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));

// Places of the cells as fractions of the box around them, once per region.
function placed(base) {
  if (base.cells.x) return base.cells;
  const at = new Uint16Array(bytes(base.cells.at).buffer);
  const [west, south, east, north] = base.cells.bounds;
  const top = mercator(north), tall = top - mercator(south);
  const n = at.length / 2;
  const x = new Float32Array(n), y = new Float32Array(n);
  for (let row = 0; row < n; row += 1) {
    x[row] = at[2 * row] / 65535;
    y[row] = (top - mercator(south + (at[2 * row + 1] / 65535) * (north - south))) / tall;
  }
  const ratio = tall / ((east - west) * (Math.PI / 180));
  const width = Math.min(LONGEST_PX, Math.round(LONGEST_PX / ratio), Math.ceil(base.cells.across * FEWEST_PX));
  return Object.assign(base.cells, { x, y, width, height: Math.round(width * ratio) });
}

function paint(held, base) {
  const { map, component, cells } = held;
  const { classes, colours } = component.data.cells;
  const { x, y, width, height, bounds: [west, south, east, north], across } = placed(base);
  if (cells.of === classes && cells.base === base && cells.colours === held.colours) return;
  cells.canvas ??= document.createElement("canvas");
  if (cells.canvas.width !== width || cells.canvas.height !== height) Object.assign(cells.canvas, { width, height });
  const pen = cells.canvas.getContext("2d");
  pen.clearRect(0, 0, width, height);
  cells.classes = bytes(classes);
  const side = width / across;
  const edge = (middle) => Math.round(middle - side / 2);
  colours.forEach((colour, number) => {
    if (!colour) return;
    pen.fillStyle = colour;
    for (let row = 0; row < x.length; row += 1) {
      if (cells.classes[row] !== number) continue;
      const [left, top] = [edge(x[row] * width), edge(y[row] * height)];
      pen.fillRect(left, top, edge(x[row] * width + side) - left, edge(y[row] * height + side) - top);
    }
  });
  const corners = [[west, north], [east, north], [east, south], [west, south]];
  if (!map.getSource(CELLS)) {
    map.addSource(CELLS, { type: "canvas", canvas: cells.canvas, coordinates: corners, animate: false });
    const look = { "raster-resampling": "nearest", "raster-fade-duration": 0, "raster-opacity": 0.9 };
    map.addLayer({ id: CELLS, type: "raster", source: CELLS, paint: look }, "areas");
  } else {
    const source = map.getSource(CELLS);
    source.setCoordinates(corners);
    source.play();
    source.pause();
  }
  Object.assign(cells, { of: classes, base, colours: held.colours });
}

function told(held, { lng, lat }) {
  if (!held.cellsShown) return "";
  const { x, y, bounds: [west, south, east, north], across } = held.base.cells;
  const ratio = held.base.cells.height / held.base.cells.width;
  const [left, top] = [(lng - west) / (east - west), (mercator(north) - mercator(lat)) / (mercator(north) - mercator(south))];
  const half = 0.5 / across;
  for (let row = 0; row < x.length; row += 1) {
    if (Math.abs(x[row] - left) <= half && Math.abs(y[row] - top) * ratio <= half) {
      return held.component.data.cells.texts[held.cells.classes[row]] ?? "";
    }
  }
  return "";
}
