// The state of the desk in a link: after the #, so that no server ever sees it.

const SIGN = "#1.";
// What chats and mail programs still take for a link.
const LONGEST = 16000;

async function through(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

// Return the fragment, or null if it would be too long.
export async function write(state) {
  const bytes = await through(new TextEncoder().encode(JSON.stringify(state)), new CompressionStream("deflate-raw"));
  if (bytes.length * 4 / 3 > LONGEST) return null;
  return SIGN + btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function isOne(fragment) {
  return fragment.startsWith(SIGN);
}

// Return the state that a fragment holds, or null if it holds none.
export async function read(fragment) {
  if (!isOne(fragment)) return null;
  try {
    const text = atob(fragment.slice(SIGN.length).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = await through(Uint8Array.from(text, (c) => c.charCodeAt(0)), new DecompressionStream("deflate-raw"));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null; // somebody's own fragment, or a link that was cut off
  }
}
