"""The stages of the pipeline: functions from document and options to document.

Each stage connects the document to one package. The packages know nothing of documents. Those of fields that a bare
text does not have are slow to import, and are imported when they are needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from copydesk import language, normalize, repairs
from copydesk._layout import schemas
from copydesk.article import ArticleWarning, Edit, Instant, Language, Options
from copydesk.boilerplate import duplicates, lines
from copydesk.cache import bounded_cache
from copydesk.document import DATE_FIELDS, DECLARED_LANGUAGE, LINE_FIELDS, LIST_FIELDS, URL_FIELDS, Document
from copydesk.encoding import charsets
from copydesk.html.escaped import HTML_IN_TEXT, read_field, read_plain_text
from copydesk.metadata import datelines, dates, languages, urls

Stage = Callable[[Document, Options], Document]

# In these languages the capital of ı is I.
_DOTLESS_I_LANGUAGES = frozenset({"tr", "az"})
# The language of a few words is uncertain. A contradiction of the declared language needs this confidence.
_CONTRADICTION_CONFIDENCE = 0.9
_MAX_SHOWN_CHARS = 1_000
_LIST_PREFIXES = tuple(f"{name}/" for name in LIST_FIELDS)
# Nested damage takes one round per layer. Real text needs a few rounds. The bounds are for hostile input: a longer text
# gets fewer rounds, and fewer searches for charsets, which cost most.
_MIN_ROUNDS, _MAX_ROUNDS, _MAX_ROUND_CHARS, _MAX_SEARCHED_CHARS = 4, 32, 1 << 19, 1 << 18


def until_stable(*stages: Stage) -> Stage:
    """Combine stages into one that starts again with the first one, until none changes the document."""

    def stage(document: Document, options: Options) -> Document:
        for _ in range(_max_rounds(document)):
            revised = _first_revision(document, options, stages)
            if revised.texts is document.texts:
                return revised
            document = revised
        for step in stages[1:]:
            document = step(document, options)
        return document

    return stage


def _first_revision(document: Document, options: Options, stages: Iterable[Stage]) -> Document:
    """Return the result of the first stage that changes texts of the document, or of all stages."""
    texts = document.texts
    for step in stages:
        document = step(document, options)
        if document.texts is not texts:
            break
    return document


def _max_rounds(document: Document) -> int:
    return max(_MIN_ROUNDS, min(_MAX_ROUNDS, _MAX_ROUND_CHARS // (document.char_count() + 1)))


def repair_encoding(document: Document, options: Options, *, decode_entities: bool = True) -> Document:
    """Repair the encoding of all texts at once: evidence from a long field decides short ones.

    Dates are repaired by themselves. One that cannot be parsed is kept as sent, so it must not be evidence for others.
    """
    texts = {path: revision.text for path, revision in document.texts.items() if path not in URL_FIELDS}
    if document.is_binary:
        options = replace(options, repair="off")
    declared = charsets.find_charset(document.article.declared_charset or "")
    search = document.searches < max(1, _MAX_SEARCHED_CHARS // (document.char_count() + 1))
    find = partial(repairs.find, options=options, declared=declared, search=search, decode_entities=decode_entities)
    content = find({path: text for path, text in texts.items() if path not in DATE_FIELDS})
    dated = find({path: text for path, text in texts.items() if path in DATE_FIELDS})
    edits = {**content.edits, **dated.edits}
    revised = document.revise(lambda path, _: edits.get(path, ())) if edits else document
    if not content.is_searched:
        return revised
    revised = replace(revised, searches=document.searches + 1)
    return revised.judge((*content.suspicions, *dated.suspicions), content.is_suspicious, content.is_undecided)


repair_until_stable = until_stable(repair_encoding)


def repair_warnings(document: Document) -> Iterator[ArticleWarning]:
    """Yield warnings about damage that the document still has."""
    declared = document.article.declared_charset
    if declared and not charsets.find_charset(declared):
        yield ArticleWarning("charset-unknown", "declared_charset", f"Unknown charset {declared!r}; it was ignored.")
    if document.is_binary:
        yield ArticleWarning("text-binary", "text", "The text is binary data; no repair was tried.")
    for suspicion in document.suspicions:
        pair = suspicion.pair
        cause = (
            f"may be {pair[1]} decoded as {pair[0]}; the evidence is too weak for a repair" if pair else suspicion.cause
        )
        detail = f"{suspicion.example!r} {cause}."
        yield ArticleWarning("repair-suspected", suspicion.path, detail)
    for path, revision in document.texts.items():
        lost = revision.text.count("\ufffd")
        if lost:
            yield ArticleWarning("characters-missing", path, f"{lost} × U+FFFD: lost characters.")


def normalize_text(document: Document, options: Options) -> Document:
    """Normalize Unicode, white space and typography in all texts except `extra`."""

    def propose(path: str, text: str) -> Sequence[Edit]:
        is_kept = path in URL_FIELDS or path.startswith("extra/")
        return () if is_kept else normalize.propose_edits(text, options, multiline=path == "text")

    return document.revise(propose)


def read_markup(document: Document, _: Options) -> Document:
    """Read titles, names and tags that are HTML."""

    def propose(path: str, text: str) -> Sequence[Edit]:
        if path not in LINE_FIELDS and not path.startswith(_LIST_PREFIXES):
            return ()
        return _replace(text, read_field(text))

    return document.revise(propose)


def read_html_in_text(document: Document, _: Options) -> Document:
    """Read a text that was made HTML by repairs, or by the removal of lines around it."""
    if not document.reads_html:
        return document
    text = document.texts["text"].text
    revised = document.revise_text(_replace(text, read_plain_text(text)))
    return document if revised is document else revised.warn(HTML_IN_TEXT)


def _replace(old: str, new: str) -> Sequence[Edit]:
    return () if new == old else (Edit(0, len(old), new, "metadata", (("replace", old, new),)),)


def normalize_urls(document: Document, options: Options) -> Document:
    """Normalize the URLs, and remove those that are not of http or https. That of the image is resolved first.

    Without metadata, only URLs that do not start with http or https are changed.
    """
    base = document.article.url or document.article.canonical_url
    for name in URL_FIELDS:
        raw: str | None = getattr(document.article, name)
        if raw:
            # A page's own URL is not relative to it.
            document = _normalize_url(document, name, raw, None if name == "url" else base, options)
    url, canonical = document.url("url"), document.url("canonical_url")
    reason = options.extract_metadata and url and canonical and urls.disagreement(canonical, url)
    return document.warn(ArticleWarning("canonical-disagrees", "canonical_url", reason)) if reason else document


def _normalize_url(document: Document, name: str, raw: str, base: str | None, options: Options) -> Document:
    resolved = urls.resolve(raw, base)
    if not resolved or len(resolved) > schemas.MAX_URL_CHARS:
        fault = "Longer than any valid URL" if resolved else "Not a URL of http or https"
        detail = f"{fault}: {_shorten(raw)!r}."
        return document.without_url(name).warn(ArticleWarning("url-invalid", name, detail))
    if not options.extract_metadata and urls.has_http_scheme(raw):
        return document
    if urls.is_schemeless(raw, base):
        document = document.warn(ArticleWarning("url-scheme-assumed", name, "No scheme; https:// is assumed."))
    return document if resolved == raw else document.rewrite(name, resolved)


def _shorten(url: str) -> str:
    """Return the start of a URL: one with data may have megabytes."""
    return url if len(url) <= _MAX_SHOWN_CHARS else f"{url[:_MAX_SHOWN_CHARS]}…"


def clean_title(document: Document, options: Options) -> Document:
    """Remove the name of the site from the title, and suffixes that titles of the site share."""
    title = document.text("title")
    if not title or not options.extract_metadata:
        return document
    from copydesk.metadata import titles  # noqa: PLC0415  slow to import

    suffixes = document.title_suffixes
    # The suffixes were counted in the raw titles. This title may have been repaired since.
    if suffixes and titles.suffix(document.article.title or "") in suffixes:
        suffixes |= {titles.suffix(title) or ""}
    site = titles.Site(document.text("source"), document.url("url") or document.url("canonical_url"))
    return document.rewrite("title", titles.remove_site_name(title, site, suffixes))


def remove_boilerplate(document: Document, options: Options) -> Document:
    """Remove lines that are not part of the article, and paragraphs that repeat the title or another paragraph."""
    if options.boilerplate == "keep":
        return document
    document = document.revise_text(list(lines.propose_edits(document.texts["text"].text)))
    return document.revise_text(list(duplicates.propose_edits(document.texts["text"].text, document.text("title"))))


def detect_language(document: Document, options: Options) -> Document:
    """Detect the language of the text and normalize the declared one."""
    raw = document.text(DECLARED_LANGUAGE)
    declared = languages.normalize(raw) if raw else None
    if raw:
        document = document.rewrite(DECLARED_LANGUAGE, declared)
    if raw and not declared:
        document = document.warn(ArticleWarning("language-unknown", DECLARED_LANGUAGE, "Unknown language."))
    detected = language.detect_language(document.texts["text"].text) if options.detect_language else Language()
    if declared and detected.confidence >= _CONTRADICTION_CONFIDENCE and _contradicts(detected.tag, declared):
        detail = f"The text is in {detected.tag}; {declared} is declared."
        document = document.warn(ArticleWarning("language-disagrees", DECLARED_LANGUAGE, detail))
    raw_language = None if declared else document.article.language
    return replace(document, language=Language(detected.tag, detected.confidence, declared, raw_language))


def _contradicts(detected: str, declared: str) -> bool:
    """Return whether a detected language contradicts the declared one; not if detection does not know the latter."""
    return _is_detectable(declared) and not languages.may_agree(detected, declared)


@bounded_cache
def _is_detectable(declared: str) -> bool:
    return any(languages.may_agree(tag, declared) for tag in language.known_languages())


def parse_dates(document: Document, options: Options) -> Document:
    """Parse the dates, `fetched_at` first: it is the upper bound of the others."""
    raws = {name: getattr(document.article, name) for name in DATE_FIELDS}
    sent = {name: raw for name, raw in raws.items() if raw is not None}
    if not sent:
        return document
    parsed = dict(document.dates)
    hints = _date_hints(document, options)
    for name, raw in sent.items():
        current = document.text(name) if isinstance(raw, str) else raw
        instant = dates.parse(current, hints, latest=name == "modified")
        parsed[name] = replace(instant, raw=None if instant.value == raw else str(raw))
        if current is not None:
            document = document.rewrite(name, instant.value)
        if name == "fetched_at":
            hints = replace(hints, fetched_at=instant.value)
    return replace(document, dates=parsed).warn(*_date_warnings(parsed))


def _language_tag(document: Document) -> str | None:
    """Return the tag of the detected language, or else of the declared one."""
    return document.language.tag if document.language.tag != "und" else document.language.declared


def _date_hints(document: Document, options: Options) -> dates.Hints:
    declared = document.language.declared
    region = languages.find_region(declared) if declared else None
    url = document.url("url") or document.url("canonical_url")
    return dates.Hints(
        order=None if options.date_order == "auto" else options.date_order,
        language=_language_tag(document),
        country=region or (urls.country(url) if url else None),
        url_day=urls.day(url) if url else None,
    )


def _date_warnings(parsed: dict[str, Instant]) -> Iterator[ArticleWarning]:
    for name, instant in parsed.items():
        if instant.raw is not None and instant.value is None:
            yield ArticleWarning("date-unparsed", name, "Not a known or plausible date; it is kept as sent.")
        if instant.ambiguous:
            yield ArticleWarning("date-ambiguous", name, "The day or month is ambiguous.")


def extract_dateline(document: Document, options: Options) -> Document:
    """Extract the dateline, and remove it from the text if that is requested and the dateline is certain."""
    if not options.extract_metadata:
        return document
    text = document.texts["text"].text
    day = document.dates["published"].value or document.dates["fetched_at"].value
    dateline = datelines.find(text, day)
    if not dateline:
        return document
    document = replace(document, dateline=dateline)
    if not options.strip_dateline or dateline.confidence < datelines.MIN_STRIP_CONFIDENCE:
        return document
    removed = text[dateline.start : dateline.end]
    edit = Edit(dateline.start, dateline.end, "", "metadata", (("replace", removed, ""),))
    return document.revise_text([edit])


def parse_authors(document: Document, options: Options) -> Document:
    """Split the bylines into names."""
    bylines = document.values("authors")
    if not bylines:
        return document
    if not options.extract_metadata:
        return _without_blanks(document, "authors")
    from copydesk.metadata import authors  # noqa: PLC0415  slow to import

    primary = (_language_tag(document) or "").partition("-")[0]
    names = authors.parse(bylines, turkish=primary in _DOTLESS_I_LANGUAGES)
    return _replace_items(document, "authors", [(name.text, name.source) for name in names])


def split_tags(document: Document, options: Options) -> Document:
    """Split the tags and remove duplicates."""
    raws = document.values("tags")
    if not raws:
        return document
    if not options.extract_metadata:
        return _without_blanks(document, "tags")
    from copydesk.metadata import tags  # noqa: PLC0415  slow to import

    return _replace_items(document, "tags", [(tag.text, tag.source) for tag in tags.split(raws)])


def _replace_items(document: Document, name: str, items: Sequence[tuple[str, int]]) -> Document:
    """Replace the items of a list. It keeps as many as a raw article may have."""
    if len(items) > schemas.MAX_LIST_ITEMS:
        document = document.warn(ArticleWarning("list-cut", name, f"{len(items)} items; the first are kept."))
    return document.replace_items(name, items[: schemas.MAX_LIST_ITEMS])


def _without_blanks(document: Document, name: str) -> Document:
    """Remove blank items of a list: a raw article has none."""
    items = [(text, index) for index, text in enumerate(document.values(name)) if text and not text.isspace()]
    return document.replace_items(name, items)
