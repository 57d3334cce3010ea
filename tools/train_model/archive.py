"""The model file: a reproducible NumPy archive."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# The earliest time that a zip file can hold.
_TIMESTAMP = (1980, 1, 1, 0, 0, 0)


def write(path: Path, arrays: Mapping[str, NDArray[np.generic]]) -> str:
    """Write arrays atomically, without compression. Return the SHA-256 of the file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.asarray(array, order="C"), version=(1, 0), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _TIMESTAMP), member.getvalue())
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(buffer.getvalue())
    temporary.replace(path)
    return hashlib.sha256(buffer.getvalue()).hexdigest()
