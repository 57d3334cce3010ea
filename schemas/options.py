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
        "`standard` repairs certain damage; `safe` makes only exact repairs without any doubt; `aggressive` also makes "
        "likely ones, each with its confidence; `off` repairs nothing.",
        "off",
        "safe",
        "standard",
        "aggressive",
        default="standard",
    )
    quotes = _choice("`keep` curly quotes, or make them `plain`.", "keep", "plain", default="keep")
    dashes = _choice("`keep` dashes, or make them `plain` hyphens.", "keep", "plain", default="keep")
    ellipsis = _choice("`keep` `…`, or make it three `plain` dots.", "keep", "plain", default="keep")
    ligatures = _choice("`keep` ligatures such as `ﬁ`, or make them `plain` letters.", "keep", "plain", default="keep")
    width = _choice("`keep` full-width and half-width forms, or make them `plain`.", "keep", "plain", default="keep")
    normalization = _choice(
        "The Unicode normalization form: `NFC`, `NFKC` or `none`.", "NFC", "NFKC", "none", default="NFC"
    )
    whitespace = _choice("`tidy` white space, or `keep` it as sent.", "tidy", "keep", default="tidy")
    boilerplate = _choice(
        "`remove` lines that are not part of the article (advertisements, share bars, related links) and paragraphs "
        "that repeat the title or another paragraph, or `keep` them.",
        "remove",
        "keep",
        default="remove",
    )
    strip_dateline = StrictBoolean("Whether to remove a certain dateline from the text.", default=False)
    date_order = _choice(
        "The order of `02/03/2022`: `auto` uses the weekday, language, country, URL and `fetched_at`; `DMY` and `MDY` "
        "fix it.",
        "auto",
        "DMY",
        "MDY",
        default="auto",
    )
    changes = _choice(
        "Report changes in `full`, with each `explained` in words, as a `summary` of counts, or `none`.",
        "full",
        "explained",
        "summary",
        "none",
        default="full",
    )
    detect_language = StrictBoolean("Whether to detect the language.", default=True)
    extract_metadata = StrictBoolean(
        "Whether to normalize URLs, title, authors and tags, and to extract the dateline.", default=True
    )
