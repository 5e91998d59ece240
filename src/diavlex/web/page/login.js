/** The door: asks for the password. */
import { byId, showError } from "./make.js";

if (matchMedia("(prefers-color-scheme: dark)").matches) document.documentElement.dataset.theme = "dark";
byId("door").addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = JSON.stringify({ password: byId("password").value });
  const answer = await fetch("/login", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  if (answer.ok) return location.assign("/");
  const { error } = await answer.json();
  showError(byId("error"), error[0].toUpperCase() + error.slice(1));
  byId("password").select();
});
