"""Records of scrapers and other tools as raw articles.

    record -> a clean article?         its fields of a raw one
           -> a raw article already?   unchanged
           -> the caller's fields      `{"title": "headline", "text": "story.body"}`
           -> a known shape            WordPress, newspaper4k, trafilatura, Common Crawl news, feeds as JSON
           -> known names              `headline`, `pubDate`, `Byline`: items of Scrapy, tables

The danger is a wrong field: a summary instead of the body, or a date of another event. So a record is refused if
several keys may have its body, or if its keys are unknown or look misspelt. The error says how to map the record.

`shapes.toml` has the shapes and names. The module needs no dependencies, because the client uses it, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final, TypeAlias

from copydesk.errors import ValidationFailed
from copydesk.html.sniff import is_markup, is_page
from copydesk.raw_fields import find_clean_article, reduce_clean_article
from copydesk.records.paths import find, first, flatten, has_path, is_empty, single, without
from copydesk.records.shapes import RAW_FIELDS, RecordList, Shape, find_misspelt, fold, tables
from copydesk.records.values import is_missing, read_line, read_value, take_first
from copydesk.typed_dicts import RawArticleDict

Record: TypeAlias = Mapping[str, Any]
Fields: TypeAlias = Mapping[str, str]
"""The path in a record for each field of an article: `{"title": "headline", "text": "content.rendered"}`."""

_ORDER: Final = {name: index for index, name in enumerate(RawArticleDict.__annotations__)}
_BODY_FIELDS: Final = ("text", "html", "content_base64")
# One of these is needed to take a record for an article by the names of its keys alone.
_HEAD_FIELDS: Final = ("title", "url", "canonical_url")
_MAX_SHOWN_NAMES, _MAX_SHOWN_CHARS = 20, 60


def map_record(record: Record, fields: Fields | None = None) -> dict[str, Any]:
    """Return a record of a scraper or another tool as a raw article.

    A raw article is returned unchanged if it has no path of `fields`. Of the JSON of a clean article, the fields of a
    raw one are returned. Otherwise, the other values go to `extra`.

    Args:
        record: the record, as parsed from JSON or a table.
        fields: the path of each field in the record, such as `{"title": "headline", "text": "content.rendered"}`. They
            take precedence over known shapes and names. The path of the body must exist.

    Returns:
        The fields of a raw article. They may still be invalid.

    Raises:
        ValidationFailed: the record is unknown, or `fields` is invalid. The error names the keys of the record.

    >>> map_record({"headline": "Rain", "body": "It rains.", "link": "https://a.example/1", "shop": 7})
    {'url': 'https://a.example/1', 'title': 'Rain', 'text': 'It rains.', 'extra': {'shop': 7}}
    >>> map_record({"meta": {"h": "Rain"}, "story": "It rains."}, {"title": "meta.h", "text": "story"})
    {'title': 'Rain', 'text': 'It rains.'}
    """
    fields = {} if fields is None else fields
    check_fields(fields)
    if not isinstance(record, Mapping) or not all(isinstance(key, str) for key in record):
        raise _unknown("Expected a record: an object whose keys are strings.")
    if clean := find_clean_article(record):
        record = reduce_clean_article(clean)
    is_raw = record.keys() <= RAW_FIELDS and (not fields or any(name in record for name in _BODY_FIELDS))
    if is_raw and not any(has_path(record, path) for path in fields.values()):
        return dict(record)
    _check_body(record, fields)
    for shape in tables().shapes:
        if any(all(has_path(record, path) for path in signature) for signature in shape.signatures):
            draft = _Draft(record)
            draft.read_fields(fields)
            draft.read_shape(shape)
            if draft.has_body or (not shape.body_required and "title" in draft.article):
                return draft.finish(shape.repeated)
    draft = _Draft(record)
    draft.read_fields(fields)
    draft.read_names()
    draft.check(is_mapped=bool(fields))
    return draft.finish()


def _check_body(record: Record, fields: Fields) -> None:
    """Refuse a record without the body that the caller names: another key may be a summary."""
    paths = [path for name, path in fields.items() if name in _BODY_FIELDS]
    if paths and not any(has_path(record, path) for path in paths):
        raise _unknown(f"The record has no {_quote(paths)}, which is mapped as the body. Found: {_quote(record)}.")


def check_fields(fields: Fields) -> None:
    """Check a mapping.

    Raises:
        ValidationFailed: it is not a mapping, or has an unknown field of an article, or a value that is not a path.
    """
    if not isinstance(fields, Mapping):
        raise _unknown("Expected a mapping of fields to names, such as {'title': 'headline'}.")
    for name, path in fields.items():
        if name not in RAW_FIELDS:
            suggestion = suggest_field(name) if isinstance(name, str) else None
            hint = f" Did you mean {suggestion!r}?" if suggestion else ""
            raise _unknown(f"Unknown field of an article: {name!r}.{hint}")
        if not isinstance(path, str) or not path:
            raise _unknown(f"The mapping of {name!r} needs the name of a key of the record.")


def suggest_field(name: str) -> str | None:
    """Return the field of an article that a name probably means.

    >>> suggest_field("headline"), suggest_field("autors"), suggest_field("qqq")
    ('title', 'authors', None)
    """
    by_name = tables().fields_by_name
    folded = fold(name)
    near = [folded] if folded in by_name else get_close_matches(folded, by_name, n=1)
    return by_name[near[0]] if near else None


def list_records(document: Record, fields: Fields | None = None) -> tuple[str, list[Any]] | None:
    """Return the records in a JSON document that lists them, as `{"items": […]}`, or None.

    The source and the language of the document become those of records without their own. A document with a title
    or URL and a body is an article, whatever it lists. An empty list needs a document without all of these.

    Args:
        document: the document.
        fields: the mapping of records.

    Returns:
        The path of the list, and its items. Those that are not objects are unchanged.

    >>> list_records({"rss": {"channel": {"title": "News", "item": {"title": "Rain", "link": "https://a.example"}}}})
    ('rss.channel.item', [{'source': 'News', 'title': 'Rain', 'link': 'https://a.example'}])
    """
    if any(document.get(name) for name in _BODY_FIELDS):
        return None
    mapped, draft = _Draft(document), _Draft(document)
    mapped.read_fields(fields or {})
    try:
        draft.read_names()
    except ValidationFailed:  # several keys may have its body
        return None
    has_head = mapped.has_head or draft.has_head
    if has_head and not draft.is_blank:
        return None
    body_paths = [path for name, path in (fields or {}).items() if name in _BODY_FIELDS]
    empty = None
    for table in tables().lists:
        values = find(document, table.records).values
        items = [item for value in values for item in flatten(value)]
        if any(isinstance(item, dict) for item in items):
            if not mapped.is_blank and not any(has_path(item, path) for item in items for path in body_paths):
                return None
            shared = _read_shared(document, table)
            return table.records, [shared | item if isinstance(item, dict) else item for item in items]
        if not items and values:
            empty = empty or table.records
    is_article = has_head or not (mapped.is_blank and draft.is_blank)
    return (empty, []) if empty and not is_article else None


def _read_shared(document: Record, table: RecordList) -> dict[str, Any]:
    """Return what a document says about all its records."""
    values = {
        name: next(filter(None, (read_line(first(find(document, path))) for path in paths)), None)
        for name, paths in table.shared.items()
    }
    if isinstance(document.get("options"), dict):  # a batch of the service
        values["options"] = document["options"]
    return {name: value for name, value in values.items() if value}


@dataclass(slots=True)
class _Draft:
    """A raw article in the making.

    Attributes:
        record: the record.
        article: the fields so far.
        used: the keys that lead to each value that was read.
    """

    record: Record
    article: dict[str, Any] = field(default_factory=dict)
    used: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def has_body(self) -> bool:
        return any(name in self.article for name in _BODY_FIELDS)

    @property
    def is_blank(self) -> bool:
        """Whether there is no text."""
        return not any(str(self.article.get(name) or "").strip() for name in _BODY_FIELDS)

    @property
    def has_head(self) -> bool:
        """Whether a key is that of a title or a URL. The value may be missing: rows of a table have the same keys."""
        by_name = tables().fields_by_name
        return any(name in self.article for name in _HEAD_FIELDS) or any(
            by_name.get(fold(key)) in _HEAD_FIELDS for key in self.record
        )

    def read_fields(self, fields: Fields) -> None:
        """Read the fields that the caller names. A value of another type is left to the validation."""
        for name, path in fields.items():
            found = find(self.record, path)
            if not found.values:
                continue
            value = single(found.values)
            kind = "body" if name in ("text", "html") else name
            read = read_value(kind, value)
            if name not in _BODY_FIELDS and is_missing(value):
                read = value = None  # and no other key is read for it
            self._set(kind if kind == "body" and isinstance(read, str) else name, value if read is None else read)
            self.used.append(found.keys)

    def read_shape(self, shape: Shape) -> None:
        """Read the fields of a known shape."""
        for name, paths in shape.paths.items():
            if name in self.article or (name == "body" and self.has_body):
                continue
            for path_and_way in paths:
                path, _, way = path_and_way.partition("@@")
                found = find(self.record, path)
                value = read_value(name, take_first(found.values) if way == "first" else single(found.values))
                if value is not None and (value or name == "body"):
                    self._set(name, f"{value}Z" if way == "utc" else value)
                    self.used.append(found.keys)
                    if value:
                        break

    def read_names(self) -> None:
        """Read the fields by the names of the keys."""
        keys: dict[str, list[str]] = {}
        for key in self.record:
            keys.setdefault(fold(key), []).append(key)
        for name in sorted(RAW_FIELDS - {"text", "html", "extra", "options"}, key=_ORDER.__getitem__):
            words = tables().names.get(name, (fold(name),))
            for key in (key for word in words for key in keys.get(word, ())):
                if name not in self.article and (key,) not in self.used and not is_empty(self.record[key]):
                    value = read_value(name, self.record[key])
                    if value or (key == name and not isinstance(self.record[key], Mapping)):
                        self._set(name, value or self.record[key])
                        self.used.append((key,))
        if not self.has_body:
            self._read_body_names(keys)
        for name in ("extra", "options"):
            if isinstance(self.record.get(name), dict):
                self.article.setdefault(name, self.record[name])
                self.used.append((name,))

    def _read_body_names(self, keys: Mapping[str, list[str]]) -> None:
        """Read the body: one text, and a page. Several texts are refused."""
        texts: dict[str, str] = {}
        for name in ("text", "html"):
            for key in (key for word in tables().names[name] for key in keys.get(word, ())):
                value = self.record[key]
                if isinstance(value, (bytes, bytearray, memoryview)) and not self.has_body:
                    self.article[name] = value
                    self.used.append((key,))
                    continue
                value = read_value("body", value)
                if value is None:
                    continue
                if is_page(value) or (name == "html" and (key == "html" or not texts)):
                    self.article.setdefault("html", value)
                    self.used.append((key,))
                elif name == "text":
                    texts[key] = value
        filled = {key: text for key, text in texts.items() if text.strip()} or dict(list(texts.items())[:1])
        if len(set(filled.values())) > 1:
            raise _unknown(f"Each of {_quote(filled)} may be the body. {_how_to_map({'text': next(iter(filled))})}")
        if filled:
            self._set("body" if "html" not in self.article else "text", next(iter(filled.values())))
            self.used += ((key,) for key in filled)

    def check(self, *, is_mapped: bool) -> None:
        """Refuse a record without a body or, if there is no mapping, one that is perhaps not an article."""
        found = _quote(self.record) if self.record else "nothing"
        if not self.has_body:
            strings = {key: value for key, value in self.record.items() if _may_be_body(key, value)}
            guess = max(strings, key=lambda key: len(strings[key]), default="NAME")
            guess = guess if len(strings.get(guess, "")) > 1 else "NAME"  # the names of columns alone
            raise _unknown(f"{self._explain_missing_body()} Found: {found}. {_how_to_map({'text': guess})}")
        if is_mapped:
            return
        used = {keys[0] for keys in self.used}
        unknown = [key for key in self.record if key not in used and fold(key) not in tables().fields_by_name]
        typos = {key: name for key in unknown if (name := find_misspelt(fold(key)))}
        if typos or (unknown and not self.has_head):
            hints = "".join(f" Did you mean `{name}` for `{key}`?" for key, name in typos.items())
            hints += "" if self.has_head else " It has neither a title nor a URL."
            body = next((keys[0] for keys in reversed(self.used)), "text")
            how = _how_to_map({name: key for key, name in typos.items()} or {"text": body})
            raise _unknown(
                f"Unknown keys of the record: {_quote(unknown)}.{hints} Found: {found}. {how} "
                "Other keys then go to `extra`."
            )

    def _explain_missing_body(self) -> str:
        by_name = tables().fields_by_name
        keys = [key for key in self.record if by_name.get(fold(key)) == "text"]
        unread = [key for key in keys if not is_missing(self.record[key])]
        if unread:
            return f"{_quote(unread)} cannot be read as the body: a string or a list of whole paragraphs is expected."
        return "No key of the record is known as the body."

    def finish(self, repeated: Iterable[str] = ()) -> dict[str, Any]:
        """Return the article, with the values that were not read in `extra`."""
        rest = {key: value for key, value in self.record.items() if key not in repeated}
        for keys in self.used:
            if keys:
                rest = without(rest, keys)
        bodies = [body for name in _BODY_FIELDS if isinstance(body := self.article.get(name), str)]
        if not self.has_body:
            self.article["text"] = ""
        extra = {
            key: value
            for key, value in rest.items()
            if not is_missing(value) and not (isinstance(value, str) and value in bodies)
        }
        extra |= self.article.pop("extra", None) or {}
        ordered = {name: self.article[name] for name in _ORDER if self.article.get(name) is not None}
        return ordered | ({"extra": extra} if extra else {})

    def _set(self, name: str, value: Any) -> None:
        if name == "body":
            name = "html" if is_page(value) or is_markup(value) else "text"
        self.article[name] = value


def _may_be_body(key: str, value: object) -> bool:
    """Return whether an unknown key may be suggested as the body."""
    is_known = tables().fields_by_name.get(fold(key), "text") != "text"
    return isinstance(value, str) and not is_known and not value.startswith(("http://", "https://"))


def _quote(names: Iterable[str]) -> str:
    listed = list(names)
    shown = [f"`{name[:_MAX_SHOWN_CHARS]}`" for name in listed[:_MAX_SHOWN_NAMES]]
    return ", ".join(shown) + (f" and {len(listed) - len(shown)} more" if len(listed) > len(shown) else "")


def _how_to_map(fields: Fields) -> str:
    shown = {name: key[:_MAX_SHOWN_CHARS] for name, key in fields.items()}
    return f"Map it: {' '.join(f'--map {name}={key}' for name, key in shown.items())}, or fields={shown} in Python."


def _unknown(detail: str) -> ValidationFailed:
    return ValidationFailed([{"pointer": "", "detail": detail}], detail=detail)
