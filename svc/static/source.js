// Source positions of changes: from the API's code points of a field to offsets in the text area.

// Return for each code point of a text, and for its end, its offset in the text area's value.
// A text area has one line feed for each CR LF of a file, so a CR before a LF has no width.
function textAreaOffsets(text) {
  const offsets = [];
  let offset = 0;
  let index = 0;
  for (const character of text) {
    offsets.push(offset);
    index += character.length;
    if (character !== "\r" || text[index] !== "\n") offset += character.length;
  }
  offsets.push(offset);
  return offsets;
}

// Return a function from changes to ranges, for a plain text: all of it is one field.
export function locateInText(text) {
  let source;
  return (change) => {
    if (change.field !== "text") return null;
    source ??= { offsets: textAreaOffsets(text), characters: Array.from(text) };
    return rangeOf(source, change);
  };
}

// Return a function from changes to ranges, for an article as JSON: each field is a string in it.
export function locateInJson(source) {
  const members = scan(source);
  const used = new Set();
  return (change) => {
    for (const pointer of candidatePointers(members, change.field)) {
      const member = members.get(pointer);
      const key = `${pointer} ${change.original_start}`;
      if (!member?.offsets || used.has(key)) continue;
      const range = rangeOf(member, change);
      if (!range) continue;
      used.add(key);
      return range;
    }
    return null;
  };
}

// Return the range of a change in a text, or null if the text is another one there.
function rangeOf({ offsets, characters }, change) {
  const original = characters.slice(change.original_start, change.original_end).join("");
  return original === change.before ? [offsets[change.original_start], offsets[change.original_end]] : null;
}

// Return the pointers that a field may come from. Items of a list may have moved up, or come from one string.
function candidatePointers(members, field) {
  const [, list, index] = /^(authors|tags)(?:\/(\d+))?$/.exec(field) ?? [];
  if (!list) return field === "source" ? ["/source", "/site_name"] : [`/${field}`];
  const pointers = [`/${list}`];
  for (let i = Number(index ?? 0); members.has(`/${list}/${i}`); i++) pointers.push(`/${list}/${i}`);
  return pointers;
}

// Return the range of the value of a JSON Pointer, or of its nearest parent that exists.
export function locatePointer(source, pointer) {
  const members = scan(source);
  for (let path = pointer; ; path = path.slice(0, path.lastIndexOf("/"))) {
    const member = members.get(path);
    if (member) return [member.start, member.end];
    if (!path) return null;
  }
}

// Parse JSON into a map from pointers to the ranges of their values; a string also has its characters and their offsets.
// Invalid JSON is parsed as far as possible.
function scan(source) {
  const members = new Map();
  let i = 0;
  const skipSpace = () => { while (" \t\n\r".includes(source[i]) && i < source.length) i++; };
  const scanString = () => {
    const string = { characters: [], offsets: [] };
    for (i++; i < source.length && source[i] !== '"';) {
      string.offsets.push(i);
      const [character, length] = readCharacter(source, i);
      string.characters.push(character);
      i += length;
    }
    string.offsets.push(i++);
    return string;
  };
  const scanValue = (pointer) => {
    skipSpace();
    const start = i;
    let string = {};
    if (source[i] === '"') string = scanString();
    else if (source[i] === "{" || source[i] === "[") scanContainer(pointer, source[i] === "[");
    else while (i < source.length && !",]}".includes(source[i])) i++;
    members.set(pointer, { ...string, start, end: i });
  };
  const scanContainer = (pointer, isList) => {
    const close = isList ? "]" : "}";
    i++;
    for (let index = 0; i < source.length; index++) {
      skipSpace();
      if (source[i] === close) break;
      let name = index;
      const start = i;
      if (!isList) {
        name = scanString().characters.join("").replaceAll("~", "~0").replaceAll("/", "~1");
        skipSpace();
        i++;
      }
      scanValue(`${pointer}/${name}`);
      if (!isList) members.get(`${pointer}/${name}`).start = start;
      skipSpace();
      if (source[i] !== ",") break;
      i++;
    }
    i++;
  };
  scanValue("");
  return members;
}

// Return the character at an offset in a JSON string, and its length in the source.
function readCharacter(source, offset) {
  if (source[offset] !== "\\") {
    const character = String.fromCodePoint(source.codePointAt(offset));
    return [character, character.length];
  }
  const escape = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\./sy;
  escape.lastIndex = offset;
  const [sequence] = escape.exec(source) ?? ["\\"];
  try {
    return [JSON.parse(`"${sequence}"`), sequence.length];
  } catch {
    return [sequence, sequence.length];
  }
}
