/** The studio's API and its live news. */

/** What the server refused, in its words. */
export class Refused extends Error {}

/** A request; the answer's JSON. */
export async function ask(method, path, body) {
  const isFile = body instanceof Blob;
  const headers = body === undefined || isFile ? {} : { "Content-Type": "application/json" };
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: isFile || body === undefined ? body : JSON.stringify(body) });
  } catch {
    throw new Refused("The studio does not answer. Is it still running?");
  }
  if (answer.status === 401) location.assign("/login");
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => ({ error: `The studio answered with ${answer.status}.` }));
  if (!answer.ok) throw new Refused(sentence(told.error));
  return told;
}

/** Send a picture; its id and size. */
export async function sendPicture(file) {
  if (file.size > 20 * 2 ** 20) throw new Refused("This picture is too large: at most 20 MB are taken.");
  return ask("POST", "/pictures", file);
}

/** Fetch a file and hand it to the browser as a download. */
export async function download(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Refused(sentence((await answer.json().catch(() => ({}))).error ?? "It cannot be made."));
  const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "painting";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function sentence(words) {
  const text = words ?? "Something went wrong.";
  return text[0].toUpperCase() + text.slice(1);
}

/** States of all paintings and strokes of those that are watched, as long as the page is open. */
class Live extends EventTarget {
  constructor() {
    super();
    this.watched = [];
    this.wait = 500;
  }

  /** Begin to listen; goes on listening whatever happens. */
  open() {
    const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`;
    this.socket = new WebSocket(address);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => {
      this.wait = 500;
      this.#watch();
      this.#say("open");
    };
    this.socket.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) this.#say("frame", data);
      else {
        const news = JSON.parse(data);
        this.#say(news.kind, news);
      }
    };
    this.socket.onclose = () => {
      this.#say("closed");
      setTimeout(() => this.open(), this.wait);
      this.wait = Math.min(this.wait * 1.6, 8000);
    };
  }

  /** Ask for the strokes of these paintings, and of no others any more. */
  watch(ids) {
    this.watched = ids;
    this.#watch();
  }

  #watch() {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ watch: this.watched }));
  }

  #say(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}

export const live = new Live();
