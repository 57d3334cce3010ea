// Names for people: fields, kinds of changes, and the classes of their marks.

const FIELDS = {
  published: "date", modified: "date of change", fetched_at: "date of download", canonical_url: "canonical URL", url: "URL",
  image: "image URL", source: "source",
};
const ITEMS = { authors: "author", tags: "tag", credits: "credit" };

// Each class has its own color and underline: [class, title, kinds].
export const CLASSES = [
  ["repair", "Repaired", ["mojibake", "charset", "entity", "escape", "lossy"]],
  ["tidy", "Tidied", ["unicode", "invisible", "whitespace"]],
  ["gone", "Removed", ["boilerplate"]],
  ["meta", "Normalized", ["metadata"]],
];
const KINDS = { lossy: "lost letter", unicode: "Unicode form", invisible: "invisible character", whitespace: "white space" };

// Return the name of a field's path: "author 1" for `authors/0`, "extra: seen" for `extra/seen`.
export function fieldName(path) {
  const [first, ...rest] = path.split("/").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const isItem = rest.length === 1 && /^\d+$/.test(rest[0]);
  if (ITEMS[first] && isItem) return `${ITEMS[first]} ${Number(rest[0]) + 1}`;
  const name = FIELDS[first] ?? first.replaceAll("_", " ");
  return rest.length ? `${name}: ${rest.map((key) => (/^\d+$/.test(key) ? Number(key) + 1 : key)).join(" ")}` : name;
}

export function kindName(kind) {
  return KINDS[kind] ?? kind;
}

export function classOf(kind) {
  return CLASSES.find(([, , kinds]) => kinds.includes(kind))?.[0] ?? "repair";
}
