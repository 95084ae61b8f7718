// Where the map looks: at what matters, at the whole region on demand, and where the visitor left it. The view is kept in the
// browser, for every map by itself.

const LINKED = { maps: new Set(), busy: false };
// Above stands the pin of a hub with its name over it, below the buttons of a small map.
const PADDING = { top: 72, bottom: 60, left: 40, right: 40 }, NEAREST = 13.5;

const keyOf = (data) => `dorpshub-view-${data.name}-${data.key}`;
const kept = (data) => JSON.parse(sessionStorage.getItem(keyOf(data)) ?? "null");
const corners = ([west, south, east, north]) => [[west, south], [east, north]];
const options = () => ({ padding: PADDING, maxZoom: NEAREST });

export function firstView(data, base) {
  const seen = kept(data);
  if (seen && seen.focus === (data.focus?.id ?? "")) return { center: seen.center, zoom: seen.zoom };
  if (data.focus) return { bounds: corners(data.focus.bounds), fitBoundsOptions: options() };
  if (seen) return { center: seen.center, zoom: seen.zoom };
  return { bounds: corners(base.bounds), fitBoundsOptions: { padding: 18 } };
}

export function keepView(held) {
  const { map } = held;
  held.focus = held.component.data.focus?.id ?? "";
  held.keep = () => {
    const view = { center: map.getCenter().toArray(), zoom: map.getZoom(), focus: held.focus };
    sessionStorage.setItem(keyOf(held.component.data), JSON.stringify(view));
  };
  map.on("moveend", held.keep);
}

// Go to what matters when that has become something else; gently: only when it is out of sight.
export function follow(held) {
  const { map, component } = held;
  const { focus } = component.data;
  const id = focus?.id ?? "";
  if (id === held.focus) return;
  held.focus = id;
  held.keep(); // also where the map stays: a reload comes back to it
  if (!focus) return;
  const [west, south, east, north] = focus.bounds;
  const view = map.getBounds();
  if (focus.gently && view.contains([west, south]) && view.contains([east, north])) return;
  map.fitBounds(corners(focus.bounds), { ...options(), duration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 450 });
}

export function offerWhole(held, base) {
  const { map, component } = held;
  const button = addButton(map, component.data.texts.whole, "dorpshub-whole");
  button.onclick = () => map.fitBounds(corners((held.base ?? base).bounds), { padding: 18 });
}

export function addButton(map, text, name) {
  const group = document.createElement("div");
  group.className = `maplibregl-ctrl maplibregl-ctrl-group dorpshub-control ${name}`;
  const button = group.appendChild(document.createElement("button"));
  button.type = "button";
  button.textContent = text;
  map.addControl({ onAdd: () => group, onRemove: () => group.remove() }, "top-left");
  return button;
}

// Maps beside each other move together; the flag keeps them from answering each other for ever.
export function link(map) {
  const { maps } = LINKED;
  const [first] = maps;
  if (first) map.jumpTo({ center: first.getCenter(), zoom: first.getZoom() });
  maps.add(map);
  map.on("remove", () => maps.delete(map));
  map.on("move", () => {
    if (LINKED.busy) return;
    LINKED.busy = true;
    for (const other of maps) if (other !== map) other.jumpTo({ center: map.getCenter(), zoom: map.getZoom() });
    LINKED.busy = false;
  });
}
