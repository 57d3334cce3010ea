"""Products of matrices without false warnings."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def multiply(left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
    """Return the product of two matrices of finite numbers.

    On some CPUs, the BLAS kernels that NumPy calls set the floating-point flags for finite operands, too. NumPy then
    reports a `RuntimeWarning`, which is wrong.
    """
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        product: NDArray[Any] = left @ right
    return product
