/** The API's description, as a page. */
import { byId, make } from "./make.js";

if (matchMedia("(prefers-color-scheme: dark)").matches) document.documentElement.dataset.theme = "dark";
const told = await (await fetch("/openapi.json")).json();
const room = byId("docs");
room.append(make("p", { className: "told" }, told.info.description), make("p", {}, make("a", { href: "/openapi.json" }, `OpenAPI ${told.openapi}`)));
for (const [path, verbs] of Object.entries(told.paths)) {
  for (const [method, verb] of Object.entries(verbs)) room.append(verbOf(method, path, verb));
}
room.append(make("h2", {}, "Schemas"), ...Object.entries(told.components.schemas).map(([name, schema]) => shape(name, schema)));
document.documentElement.dataset.ready = "";

function verbOf(method, path, { summary, parameters = [], requestBody, responses }) {
  const rows = parameters.map((one) => make("tr", {}, make("td", {}, one.name), make("td", {}, one.in), make("td", {}, one.description ?? kind(one.schema))));
  const body = requestBody && Object.entries(requestBody.content).map(([type, { schema }]) => make("p", {}, `Takes ${type}${schema ? `: ${kind(schema)}` : ""}.`));
  return make("section", { className: "verb" }, make("h2", {}, make("code", {}, `${method.toUpperCase()} ${path}`)), make("p", {}, summary),
    rows.length ? make("table", {}, make("tbody", {}, rows)) : "", body ?? "",
    make("p", { className: "hint" }, `Answers: ${Object.keys(responses).join(", ")}.`));
}

function kind(schema) {
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if (schema.enum) return schema.enum.join(" | ");
  const inner = schema.properties ? ` { ${Object.keys(schema.properties).join(", ")} }` : schema.items ? ` of ${kind(schema.items)}` : "";
  return `${schema.type ?? "any"}${inner}`;
}

function shape(name, schema) {
  return make("details", { className: "drawer" }, make("summary", {}, name), make("pre", { tabIndex: 0 }, make("code", {}, JSON.stringify(schema, null, 1))));
}
