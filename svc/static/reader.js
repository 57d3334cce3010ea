// The clean article as a reader sees it. All content is set as text, never as markup.

const RIGHT_TO_LEFT = new Set(["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"]);

function createLine(tag, text, className = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  element.dir = "auto";
  return element;
}

function languageName(tag) {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(tag);
  } catch {
    return tag;
  }
}

// Show an article; of a long text, its beginning.
export function show(element, article, maxChars) {
  const { language, dateline } = article;
  const isKnown = language.tag !== "und";
  element.lang = isKnown ? language.tag : "";
  element.dir = RIGHT_TO_LEFT.has(language.tag.split("-")[0]) ? "rtl" : isKnown ? "ltr" : "auto";
  const parts = [];
  const addAbout = (...facts) => {
    const text = facts.filter(Boolean).join(" · ");
    if (text) parts.push(createLine("p", text, "about"));
  };
  addAbout(article.source ?? article.domain, article.section);
  if (article.title) parts.push(createLine("h2", article.title));
  if (article.subtitle) parts.push(createLine("p", article.subtitle));
  addAbout(article.authors.length && `By ${article.authors.join(", ")}`, article.published);
  addAbout(dateline && ["Filed from " + (dateline.place ?? "?"), dateline.date, dateline.agency, dateline.byline].filter(Boolean).join(", "));
  addAbout(isKnown ? `${languageName(language.tag)} (confidence ${Math.round(language.confidence * 100)} %)` : "Language unknown",
    `${article.word_count} ${article.word_count === 1 ? "word" : "words"}`, article.encoding && `bytes in ${article.encoding.name} (${article.encoding.source})`);
  const body = document.createElement("div");
  const text = article.text.length > maxChars ? `${article.text.slice(0, maxChars)}…` : article.text;
  const blocks = text.includes("\n\n") ? text.split(/\n\n+/) : text.split("\n");
  body.append(...blocks.map((block) => createLine("p", block)));
  parts.push(body);
  addAbout(article.tags.length && `Tags: ${article.tags.join(", ")}`);
  element.replaceChildren(...parts);
}
