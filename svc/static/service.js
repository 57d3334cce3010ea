// The client of the service. It uses the public API.

export class ProblemError extends Error {
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

// Return the request for a state of the form: { body, type, query }.
export function request(state) {
  const query = new URLSearchParams({ ...state.options, changes: "explained" });
  if (state.mode === "file") return { body: state.file.bytes, type: state.file.type, query };
  if (state.mode === "json") return { body: state.text, type: "application/json", query };
  const article = state.charset ? { text: state.text, declared_charset: state.charset } : { text: state.text };
  return { body: JSON.stringify(article), type: "application/json", query };
}

// Return the clean article and the time that the service took, in ms. Throws a ProblemError, or what fetch throws.
export async function send(state, signal) {
  const { body, type, query } = request(state);
  const headers = { "Content-Type": type, Accept: "application/json" };
  if (state.key) headers.Authorization = `Bearer ${state.key}`;
  if (/[^\x21-\x7e]/.test(state.key)) {
    throw new ProblemError({ title: "Invalid API key", detail: "An API key has printable ASCII characters only, without spaces.", status: 401 });
  }
  const response = await fetch(`v1/articles?${query}`, { method: "POST", body, headers, signal, credentials: "omit", cache: "no-store" });
  if (!response.ok) throw new ProblemError(await readProblem(response));
  return { article: await response.json(), duration: readDuration(response) };
}

// A proxy may respond with a problem without all members, with other JSON, or with something else.
async function readProblem(response) {
  const body = await response.json().catch(() => null);
  const isOurs = body?.type?.startsWith?.("urn:copydesk:problem:");
  return {
    ...(isOurs ? body : {}),
    title: asText(body?.title) || `Unexpected response: ${response.status} ${response.statusText}`.trim(),
    detail: asText(body?.detail) || asText(body?.message) || "It came from a proxy in front of Copydesk.",
    status: response.status,
  };
}

function asText(value) {
  return typeof value === "string" ? value : "";
}

function readDuration(response) {
  const total = /\btotal;dur=([\d.]+)/.exec(response.headers.get("Server-Timing") ?? "");
  return total ? Number(total[1]) : null;
}

// A shell argument is limited to about 128 kB; a here-document is not.
const MAX_ARGUMENT_CHARS = 30_000;

// Return the curl command that sends the same request.
export function curl(state) {
  const { body, type, query } = request(state);
  const lines = [`curl -s ${quote(`${new URL("v1/articles", document.baseURI)}?${query}`)}`, `-H ${quote(`Content-Type: ${type}`)}`];
  if (state.key) lines.push('-H "Authorization: Bearer $COPYDESK_API_KEY"');
  lines.push(`--data-binary ${state.mode === "file" ? quote(`@${state.file.name}`) : quote(body)}`);
  if (state.mode !== "file" && body.length > MAX_ARGUMENT_CHARS) {
    lines[lines.length - 1] = `--data-binary @- <<'COPYDESK'\n${body}\nCOPYDESK`;
  }
  return lines.join(" \\\n  ");
}

function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
