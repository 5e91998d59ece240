/** Make an element: properties, `on...` listeners, `data`, attributes in kebab-case, children. */
export function make(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(made.dataset, value);
    else if (name in made && !name.includes("-")) made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** The element of an id. */
export function byId(id) {
  return document.getElementById(id);
}

/** Show an error in words, or none. */
export function showError(place, words) {
  place.hidden = !words;
  place.textContent = words ?? "";
}

/** Words of a duration. */
export function lasting(seconds) {
  if (seconds < 1.5) return "a second";
  if (seconds < 55) return `${Math.round(seconds)} seconds`;
  if (seconds < 90) return "a minute";
  if (seconds < 5400) return `${Math.round(seconds / 60)} minutes`;
  return `${Math.round(seconds / 360) / 10} hours`;
}

/** A button. */
export function button(words, onclick, props = {}) {
  return make("button", { type: "button", onclick, ...props }, words);
}

/** A group of radio buttons that look like segments; `onpick` gets the value. */
export function segments(place, name, options, chosen, onpick) {
  for (const [value, words, about] of options) {
    const input = make("input", {
      type: "radio", name, value, checked: value === chosen, onchange: () => onpick(value),
    });
    place.append(make("label", { title: about }, input, make("span", {}, words)));
  }
}
