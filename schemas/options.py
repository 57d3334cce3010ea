"""The options of cleaning."""

from __future__ import annotations

from marshmallow import fields, validate

from .fields import StrictBoolean
from .problem import SuggestingSchema


def _choice(description: str, *choices: str, default: str) -> fields.String:
    return fields.String(
        validate=validate.OneOf(choices, error="Send one of: {choices}."),
        error_messages=dict.fromkeys(("invalid", "null"), f"Send one of: {', '.join(choices)}."),
        metadata={"description": description, "default": default},
    )


class Options(SuggestingSchema):
    """The options. A missing option has its default."""

    error_messages = {"unknown": "Unknown option."}
    hints = {"url": "The URL is a field of the article."}

    repair = _choice(
        "`standard` repairs certain damage, restores lost bytes and decodes escapes. `safe` makes only exact repairs "
        "with a high probability. `aggressive` makes less probable repairs, too: for texts known to be damaged, if a "
        "person checks the confidence. `off` repairs nothing.",
        "off",
        "safe",
        "standard",
        "aggressive",
        default="standard",
    )
    quotes = _choice(
        "`keep` curly quotes, or make them `plain`, for search, comparison or ASCII output.",
        "keep",
        "plain",
        default="keep",
    )
    dashes = _choice("`keep` dashes, or make them `plain` hyphens.", "keep", "plain", default="keep")
    ellipsis = _choice("`keep` `…`, or make it three `plain` dots.", "keep", "plain", default="keep")
    ligatures = _choice(
        "`keep` ligatures such as `ﬁ`, or make them `plain` letters, for texts from PDF files.",
        "keep",
        "plain",
        default="keep",
    )
    width = _choice(
        "`keep` full-width and half-width forms, or make them `plain`, to find both with one search.",
        "keep",
        "plain",
        default="keep",
    )
    normalization = _choice(
        "The Unicode normalization form. `NFKC` helps search, but makes `H₂O` and `H2O` the same. `none` keeps all "
        "code points.",
        "NFC",
        "NFKC",
        "none",
        default="NFC",
    )
    whitespace = _choice(
        "`tidy` white space (`\\n` for line breaks, one blank line between paragraphs, one space between words, none "
        "at the end of lines), or `keep` it as sent, for poems and code.",
        "tidy",
        "keep",
        default="tidy",
    )
    boilerplate = _choice(
        "`remove` lines that are not part of the article (advertisements, share bars, related links) and paragraphs "
        "that repeat the title or another paragraph, or `keep` them.",
        "remove",
        "keep",
        default="remove",
    )
    strip_dateline = StrictBoolean(
        "Whether to remove a dateline with a confidence of at least 0.9 from the text. The field `dateline` still has "
        "it. Needs `extract_metadata`.",
        default=False,
    )
    date_order = _choice(
        "The order of `02/03/2022`: `auto` uses the weekday, language, country, URL and `fetched_at`, or marks the "
        "date as ambiguous. `DMY` and `MDY` fix it.",
        "auto",
        "DMY",
        "MDY",
        default="auto",
    )
    changes = _choice(
        "Report changes in `full`, with each `explained` in words, as a `summary` of counts, or `none`. A longer "
        "report makes a larger response.",
        "full",
        "explained",
        "summary",
        "none",
        default="full",
    )
    detect_language = StrictBoolean("Whether to detect the language of the text.", default=True)
    extract_metadata = StrictBoolean(
        "Whether to normalize URLs, title, authors and tags, and to extract the dateline. Without, dates are still "
        "parsed, and a URL that is not of http or https is still normalized or becomes null.",
        default=True,
    )
