// The state of the form in a link: after the #, which browsers do not send to servers.

const PREFIX = "#1.";
// Chats and mail programs still accept links of this length.
const MAX_LINK_CHARS = 16_000;

async function pipe(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

// Return the fragment, or null if it would be too long.
export async function write(state) {
  const bytes = await pipe(new TextEncoder().encode(JSON.stringify(state)), new CompressionStream("deflate-raw"));
  if (bytes.length * 4 / 3 > MAX_LINK_CHARS) return null;
  return PREFIX + btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function isState(fragment) {
  return fragment.startsWith(PREFIX);
}

// Return the state in a fragment, or null if it has none.
export async function read(fragment) {
  if (!isState(fragment)) return null;
  try {
    const text = atob(fragment.slice(PREFIX.length).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = await pipe(Uint8Array.from(text, (c) => c.charCodeAt(0)), new DecompressionStream("deflate-raw"));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null; // another fragment, or a truncated link
  }
}
