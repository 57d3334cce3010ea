"""The WSGI application for gunicorn, warmed up before the workers are forked."""

import gc

from copydesk import cleaning
from copydesk.settings import Settings

from .. import lifecycle
from ..app import create_app

_ALLOCATIONS_BEFORE_COLLECTION = 10_000

cleaning.warm_up()
app = create_app(Settings.from_env())
# All objects so far live forever. The garbage collector skips them, and the workers share their memory.
gc.collect()
gc.freeze()
# An article may have half a million edits, which are not garbage. To look for garbage after each 700 of them, which is
# the default, would take a tenth of the time.
gc.set_threshold(_ALLOCATIONS_BEFORE_COLLECTION)
lifecycle.set_state(lifecycle.State.READY)
