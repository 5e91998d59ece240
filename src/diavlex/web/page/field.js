/** One choice of the library as a field of a form. */
import { make } from "./make.js";

/** A field of the library: its label, an input within its bounds, and what it means. */
export function fieldOf(one, onpick) {
  const id = `knob-${one.name}`, label = one.name.replaceAll("_", " ");
  const bounds = one.low === null ? "" : ` (${one.low} to ${one.high ?? "any"}; usually ${one.default})`;
  const hint = make("p", { className: "hint", id: `${id}-told` }, one.about + bounds);
  const props = { id, "aria-describedby": `${id}-told`, data: { knob: one.name } };
  let input;
  if (one.kind === "name") {
    input = make("select", { ...props, onchange: () => onpick(input.value) }, one.names.map((name) => make("option", { value: name }, name)));
  } else if (one.kind === "flag") {
    input = make("input", { ...props, type: "checkbox", onchange: () => onpick(input.checked) });
  } else if (one.kind === "text") {
    input = make("input", { ...props, type: "text", onchange: () => onpick(input.value) });
  } else {
    const step = one.kind === "whole" ? 1 : "any";
    const read = () => (input.value === "" ? null : Number(input.value));
    input = make("input", { ...props, type: "number", min: one.low, max: one.high, step, onchange: () => input.reportValidity() && onpick(read()) });
  }
  if (one.kind === "flag") input.checked = one.default;
  else input.value = one.default ?? "";
  return [make("label", { htmlFor: id }, label), input, hint];
}
