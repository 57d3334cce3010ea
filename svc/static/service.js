// The service, asked as anybody would ask it.

export class Problem extends Error {
  constructor(told) {
    super(told.detail);
    this.told = told;
  }
}

// What to send: { body, type, query }, from what is on the desk.
export function request(desk) {
  const query = new URLSearchParams({ ...desk.options, changes: "explained" });
  if (desk.mode === "file") return { body: desk.file.bytes, type: desk.file.type, query };
  if (desk.mode === "json") return { body: desk.text, type: "application/json", query };
  const told = desk.charset ? { text: desk.text, declared_charset: desk.charset } : { text: desk.text };
  return { body: JSON.stringify(told), type: "application/json", query };
}

// Return the clean article and how long the service took, in ms. Throws a Problem, or what fetch throws.
export async function ask(desk, signal) {
  const { body, type, query } = request(desk);
  const headers = { "Content-Type": type, Accept: "application/json" };
  if (desk.key) headers.Authorization = `Bearer ${desk.key}`;
  if (/[^\x21-\x7e]/.test(desk.key)) throw new Problem({ title: "This is no API key", detail: "A key has letters, digits and signs of ASCII only.", status: 401 });
  const response = await fetch(`v1/articles?${query}`, { method: "POST", body, headers, signal, credentials: "omit", cache: "no-store" });
  if (!response.ok) throw new Problem(await told(response));
  return { article: await response.json(), took: took(response) };
}

// What stands between may answer, too, and not with a problem.
async function told(response) {
  try {
    return await response.json();
  } catch {
    return { title: `The answer was ${response.status} ${response.statusText}`, detail: "It did not come from Copydesk, but from something in front of it." };
  }
}

function took(response) {
  const total = /\btotal;dur=([\d.]+)/.exec(response.headers.get("Server-Timing") ?? "");
  return total ? Number(total[1]) : null;
}

// A shell takes no longer arguments than some 128 kB; a document after the command may have any length.
const LONG = 30000;

// The command that asks the same.
export function curl(desk) {
  const { body, type, query } = request(desk);
  const lines = [`curl -s ${quoted(`${new URL("v1/articles", document.baseURI)}?${query}`)}`, `-H ${quoted(`Content-Type: ${type}`)}`];
  if (desk.key) lines.push('-H "Authorization: Bearer $COPYDESK_API_KEY"');
  lines.push(`--data-binary ${desk.mode === "file" ? quoted(`@${desk.file.name}`) : quoted(body)}`);
  if (desk.mode !== "file" && body.length > LONG) {
    lines[lines.length - 1] = `--data-binary @- <<'COPYDESK'\n${body}\nCOPYDESK`;
  }
  return lines.join(" \\\n  ");
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
