"""The WSGI application for gunicorn, warmed up before the workers are forked."""

import gc

from copydesk import cleaning
from copydesk.settings import Settings

from .. import lifecycle
from ..app import create_app

cleaning.warm_up()
app = create_app(Settings.from_env())
# All objects so far live forever. The garbage collector skips them, and the workers share their memory.
gc.collect()
gc.freeze()
lifecycle.set_state(lifecycle.State.READY)
