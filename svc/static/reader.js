// The clean article as a reader sees it. Whatever it holds is set as text, never as markup.

const RIGHT_TO_LEFT = new Set(["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"]);

function line(tag, text, name = "") {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  element.dir = "auto";
  return element;
}

function named(tag) {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(tag);
  } catch {
    return tag;
  }
}

export function show(element, article) {
  const { language, dateline } = article;
  const known = language.tag !== "und";
  element.lang = known ? language.tag : "";
  element.dir = RIGHT_TO_LEFT.has(language.tag.split("-")[0]) ? "rtl" : known ? "ltr" : "auto";
  const parts = [];
  const about = (...told) => {
    const said = told.filter(Boolean).join(" · ");
    if (said) parts.push(line("p", said, "about"));
  };
  about(article.source ?? article.domain, article.section);
  if (article.title) parts.push(line("h2", article.title));
  if (article.subtitle) parts.push(line("p", article.subtitle));
  about(article.authors.length && `By ${article.authors.join(", ")}`, article.published);
  about(dateline && ["Filed from " + (dateline.place ?? "?"), dateline.date, dateline.agency, dateline.byline].filter(Boolean).join(", "));
  about(known ? `${named(language.tag)}, ${Math.round(language.confidence * 100)} % sure` : "Language not known",
    `${article.word_count} ${article.word_count === 1 ? "word" : "words"}`, article.encoding && `bytes in ${article.encoding.name} (${article.encoding.source})`);
  const body = document.createElement("div");
  const blocks = article.text.includes("\n\n") ? article.text.split(/\n\n+/) : article.text.split("\n");
  body.append(...blocks.map((block) => line("p", block)));
  parts.push(body);
  about(article.tags.length && `Tags: ${article.tags.join(", ")}`);
  element.replaceChildren(...parts);
}
