// Where things stand in the text area: from what the API tells, code points of a field, to places in the source.

// Return for each code point of a text, and for its end, the place in the text area's value.
// A text area has one line feed where a file has two characters: a carriage return before one takes no place.
function places(text) {
  const found = [];
  let at = 0;
  let index = 0;
  for (const character of text) {
    found.push(at);
    index += character.length;
    if (character !== "\r" || text[index] !== "\n") at += character.length;
  }
  found.push(at);
  return found;
}

// A text by itself: all of it is one field.
export function ofText(text) {
  let known;
  return (change) => {
    if (change.field !== "text") return null;
    known ??= { at: places(text), characters: Array.from(text) };
    const was = known.characters.slice(change.original_start, change.original_end).join("");
    return was === change.before ? [known.at[change.original_start], known.at[change.original_end]] : null;
  };
}

// An article as JSON: each field has its string somewhere in it.
export function ofJson(source) {
  const members = scan(source);
  const taken = new Set();
  return (change) => {
    for (const pointer of pointers(members, change.field)) {
      const member = members.get(pointer);
      const place = `${pointer} ${change.original_start}`;
      if (!member?.at || taken.has(place)) continue;
      const was = member.characters.slice(change.original_start, change.original_end).join("");
      if (was !== change.before) continue;
      taken.add(place);
      return [member.at[change.original_start], member.at[change.original_end]];
    }
    return null;
  };
}

// The places where what became a field may have stood. Items of a list may have moved up, or come from one string.
function pointers(members, field) {
  const [, list, index] = /^(authors|tags)(?:\/(\d+))?$/.exec(field) ?? [];
  if (!list) return field === "source" ? ["/source", "/site_name"] : [`/${field}`];
  const found = [`/${list}`];
  for (let at = Number(index ?? 0); members.has(`/${list}/${at}`); at++) found.push(`/${list}/${at}`);
  return found;
}

// Where the value of a JSON Pointer stands; of what isn't there, where its parent stands.
export function ofPointer(source, pointer) {
  const members = scan(source);
  for (let path = pointer; ; path = path.slice(0, path.lastIndexOf("/"))) {
    const member = members.get(path);
    if (member) return [member.start, member.end];
    if (!path) return null;
  }
}

// Read valid JSON: pointer -> where its value stands, and of a string where each of its characters does.
// What is not valid is read as far as it is.
function scan(source) {
  const members = new Map();
  let at = 0;
  const skip = () => { while (" \t\n\r".includes(source[at]) && at < source.length) at++; };
  const string = () => {
    const found = { characters: [], at: [] };
    for (at++; at < source.length && source[at] !== '"';) {
      found.at.push(at);
      const [character, length] = one(source, at);
      found.characters.push(character);
      at += length;
    }
    found.at.push(at++);
    return found;
  };
  const value = (pointer) => {
    skip();
    const start = at;
    let found = {};
    if (source[at] === '"') found = string();
    else if (source[at] === "{" || source[at] === "[") inner(pointer, source[at] === "[");
    else while (at < source.length && !",]}".includes(source[at])) at++;
    members.set(pointer, { ...found, start, end: at });
  };
  const inner = (pointer, isList) => {
    const close = isList ? "]" : "}";
    at++;
    for (let index = 0; at < source.length; index++) {
      skip();
      if (source[at] === close) break;
      let name = index;
      const start = at;
      if (!isList) {
        name = string().characters.join("").replaceAll("~", "~0").replaceAll("/", "~1");
        skip();
        at++;
      }
      value(`${pointer}/${name}`);
      if (!isList) members.get(`${pointer}/${name}`).start = start;
      skip();
      if (source[at] !== ",") break;
      at++;
    }
    at++;
  };
  value("");
  return members;
}

// Return the character at a place in a JSON string, and how much of the source it takes.
function one(source, at) {
  if (source[at] !== "\\") {
    const character = String.fromCodePoint(source.codePointAt(at));
    return [character, character.length];
  }
  const escaped = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\./sy;
  escaped.lastIndex = at;
  const [found] = escaped.exec(source) ?? ["\\"];
  try {
    return [JSON.parse(`"${found}"`), found.length];
  } catch {
    return [found, found.length];
  }
}
