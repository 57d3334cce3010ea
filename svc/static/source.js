// The strings of the input that a field of the response may come from: { name, text, toUnits, toInput }.
// `toUnits` maps offsets in code points to offsets in `text`, and `toInput` those to offsets in the text area.

import { indexCodePoints } from "./changes.js";

// Return the source of a plain text: all of it is one field.
export function sourceInText(text) {
  const source = { name: "text", text, toUnits: indexCodePoints(text), toInput: textAreaOffsets(text) };
  return (field) => (field === "text" ? [source] : []);
}

// A text area has one line feed for each CR LF of a file, so a CR before a LF has no width.
function textAreaOffsets(text) {
  if (!text.includes("\r\n")) return (offset) => offset;
  const offsets = new Uint32Array(text.length + 1);
  for (let i = 0, skipped = 0; i <= text.length; i++) {
    offsets[i] = i - skipped;
    if (text[i] === "\r" && text[i + 1] === "\n") skipped++;
  }
  return (offset) => offsets[offset];
}

// Return the source of an article as JSON: each field is a string in it.
export function sourceInJson(source) {
  const members = scan(source);
  return (field) => candidatePointers(members, field).flatMap((name) => {
    const member = members.get(name);
    if (!member?.offsets) return [];
    member.text ??= member.characters.join("");
    member.toUnits ??= indexCodePoints(member.text);
    return [{ name, text: member.text, toUnits: member.toUnits, toInput: (offset) => member.offsets[offset] }];
  });
}

// Return the pointers that a field may come from. Items of a list may have moved up, or come from one string.
function candidatePointers(members, field) {
  const [, list, index] = /^(authors|tags)(?:\/(\d+))?$/.exec(field) ?? [];
  if (!list) return field === "source" ? ["/source", "/site_name"] : [`/${field}`];
  const pointers = [`/${list}`];
  for (let i = Number(index ?? 0); members.has(`/${list}/${i}`); i++) pointers.push(`/${list}/${i}`);
  return pointers;
}

// Return a function from a pointer to the range of a member with its name, or null if the input does not have it.
// The whole object is not a member. The input is parsed once, at the first pointer: it may be long, with many errors.
export function createPointerLocator(source) {
  let members;
  return (pointer) => {
    const member = pointer ? (members ??= scan(source)).get(pointer) : null;
    return member ? [member.start, member.end] : null;
  };
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
      const [character, length] = readCharacter(source, i);
      string.characters.push(character);
      for (let unit = 0; unit < character.length; unit++) string.offsets.push(i);
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
