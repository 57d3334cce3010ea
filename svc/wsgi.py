"""The WSGI application that gunicorn serves, warmed up before the workers are forked."""

from svc import lifecycle, service
from svc.settings import Settings
from svc.web.app import create_app

service.warm_up()
app = create_app(Settings.from_env())
lifecycle.enter(lifecycle.State.READY)
