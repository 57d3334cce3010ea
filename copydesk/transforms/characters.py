"""Characters and lines that several modules search for.

Constants without `re.compile` are the contents of a character class: `re.compile(f"[{SURROGATES}]+")`.
"""

from __future__ import annotations

import re

# A line that is not empty.
LINE = re.compile(r"[^\n]+")

# The C0 controls except tab, line feed and carriage return: not allowed in XML.
C0_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f"
# The C0 controls that text files never have: without white space and escape (ISO 2022).
BINARY_CONTROLS = "\x00-\x08\x0e-\x1a\x1c-\x1f"
SURROGATES = "\ud800-\udfff"
# The characters that XML does not allow. lxml rejects them.
NOT_XML = re.compile(f"[{C0_CONTROLS}{SURROGATES}\ufffe\uffff]")

# A surrogate pair in CESU-8: each surrogate is encoded as if it were a character in UTF-8.
CESU8_PAIR = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
