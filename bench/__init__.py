"""Measurements, each a module that is run: `python -m bench.NAME`. README.md says what they found.

They start services and balancers as the tests do, with what lies in tests/.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
