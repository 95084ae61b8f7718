// Signs of the map, drawn on demand by their names, such as "service|H|open|light": sharp, and part of a picture of the map.

import { DARK, LIGHT } from "./style.js";

const SPRITE = 2; // canvas pixels per screen pixel

export function drawSymbol(map, id) {
  if (map.hasImage(id)) return;
  const [kind, ...rest] = id.split("|");
  const draw = { hatch, service, hub, number }[kind];
  if (!draw) return;
  const colours = rest.at(-1) === "dark" ? DARK : LIGHT;
  map.addImage(id, draw(colours, ...rest), { pixelRatio: SPRITE });
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
    pen.strokeStyle = colours.closed;
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

// Number of a road as on the signs beside it: A on red, N on yellow, others on grey.
function number(colours, text) {
  const font = "700 10px system-ui, sans-serif";
  const ruler = canvasOf(1, 1).pen;
  ruler.font = font;
  const width = ruler.measureText(text).width + 8;
  const { pen, image } = canvasOf(width, 15);
  const [ground, ink] = colours.signs[text[0]] ?? colours.signs[""];
  pen.beginPath();
  pen.roundRect(0.5, 0.5, width - 1, 14, 3);
  pen.fillStyle = ground;
  pen.fill();
  pen.font = font;
  pen.textBaseline = "middle";
  pen.fillStyle = ink;
  pen.fillText(text, 4, 8);
  return image();
}
