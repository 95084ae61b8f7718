// Keys of the scenarios that were made in this browser: kept here for every window, told to the app, brought by an owner's link.
const NAME = "dorpshub-keys";
const LINK = /^#eigenaar=([0-9a-f]{32})\.([\w-]{43})$/;
let told = "";
let forgot = "";
const kept = () => {
  try {
    return JSON.parse(localStorage.getItem(NAME)) ?? {};
  } catch {
    return {}; // a browser that keeps nothing: the keys are there until the window closes
  }
};
export default ({ data, setTriggerValue }) => {
  if (data.forgetting !== forgot) {
    forgot = data.forgetting;
    told = "";
    try {
      if (forgot) localStorage.removeItem(NAME);
    } catch {} // as above
  }
  const tell = () => {
    const [link, id, key] = location.hash.match(LINK) ?? [];
    // A secret in the address bar would be copied with it.
    if (link) history.replaceState(history.state, "", location.pathname + location.search);
    // What a link brings is kept only once the app has seen that it fits: no link takes a key away.
    const keys = { ...kept(), ...data.keys };
    try {
      if (Object.keys(keys).length) localStorage.setItem(NAME, JSON.stringify(keys));
    } catch {}
    const telling = JSON.stringify([data.visit, keys]);
    const isNew = telling !== told && Object.keys(keys).some((one) => !(one in data.keys));
    if (!isNew && !link) return;
    told = telling;
    setTriggerValue("told", { keys, link: link ? { id, key } : null });
  };
  // Another window of this browser keeps more, or has forgotten all: then this one does too.
  const follow = ({ key, newValue }) => {
    if (key !== NAME) return;
    if (newValue !== null) return tell();
    data.keys = {};
    told = "";
    setTriggerValue("told", { keys: {}, link: null, forgotten: true });
  };
  tell();
  addEventListener("hashchange", tell);
  addEventListener("storage", follow);
  return () => {
    removeEventListener("hashchange", tell);
    removeEventListener("storage", follow);
  };
};
