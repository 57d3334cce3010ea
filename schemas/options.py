"""What a caller may ask the desk to do, or not to do."""

from __future__ import annotations

from marshmallow import fields, validate

from schemas.fields import Switch
from schemas.problem import Naming


def _choice(description: str, *choices: str) -> fields.String:
    return fields.String(
        validate=validate.OneOf(choices, error="Send one of: {choices}."),
        error_messages=dict.fromkeys(("invalid", "null"), f"Send one of: {', '.join(choices)}."),
        metadata={"description": description},
    )


class Options(Naming):
    """Options, each with its default first in its description. What is not sent stays at its default."""

    error_messages = {"unknown": "There is no such option."}
    hints = {"url": "The address of an article stands in the article."}

    repair = _choice(
        "`standard` repairs what is surely damaged; `safe` takes only what is exact and beyond doubt; `aggressive` "
        "also what is likely, each with its confidence; `off` repairs nothing.",
        "off",
        "safe",
        "standard",
        "aggressive",
    )
    quotes = _choice("`keep` curly quotes, or make them `plain`.", "keep", "plain")
    dashes = _choice("`keep` dashes, or make them `plain` hyphens.", "keep", "plain")
    ellipsis = _choice("`keep` `…`, or make it three `plain` dots.", "keep", "plain")
    ligatures = _choice("`keep` ligatures such as `ﬁ`, or make them `plain` letters.", "keep", "plain")
    width = _choice("`keep` full-width and half-width forms, or make them `plain`.", "keep", "plain")
    normalization = _choice("The Unicode normalisation form: `NFC`, `NFKC` or `none`.", "NFC", "NFKC", "none")
    whitespace = _choice("`tidy` white space, or `keep` it as it came.", "tidy", "keep")
    boilerplate = _choice(
        "`remove` lines that are no part of the article (advertisements, share bars, what to read next) and paragraphs "
        "that repeat the title or another, or `keep` them.",
        "remove",
        "keep",
    )
    strip_dateline = Switch("Whether to remove the dateline from the text where it is beyond doubt: `false` unless on.")
    date_order = _choice(
        "What `02/03/2022` means: `DMY` or `MDY`; `auto` asks weekday, language, country, address and fetching.",
        "auto",
        "DMY",
        "MDY",
    )
    changes = _choice(
        "Tell changes in `full`, each `explained` in words as well, as a `summary` of counts, or `none`.",
        "full",
        "explained",
        "summary",
        "none",
    )
    detect_language = Switch("Whether to name the language: `true` unless switched off.")
    extract_metadata = Switch(
        "Whether to normalise addresses, title, authors and tags, and to find the dateline: `true` unless switched off."
    )
