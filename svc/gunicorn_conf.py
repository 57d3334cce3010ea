"""How gunicorn serves Copydesk: `gunicorn -c python:svc.gunicorn_conf`.

Every module-level name here is a gunicorn setting; the reasons stand beside those that differ from its defaults.
"""

import sys
from pathlib import Path

from svc.errors import SettingsError
from svc.settings import Settings

try:
    _settings = Settings.from_env()
except SettingsError as error:
    sys.exit(f"copydesk: {error}")

wsgi_app = "svc.wsgi:app"
bind = _settings.bind

# The work is pure Python on the CPU, so one process a CPU; its threads are for waiting: slow bodies, probes, refusals.
worker_class = "gthread"
workers = _settings.workers
threads = 8
preload_app = True  # the language profiles (60 MB) are loaded once and shared

worker_connections = 128  # more than the threads and the balancer's idle connections, few enough to share
backlog = 512
keepalive = 75  # longer than a balancer's idle time (60 s), or it meets closed connections
timeout = 60
graceful_timeout = 25

limit_request_line = 4094
limit_request_fields = 50

# The heartbeat must not touch a disk, and there may be none to write to.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  it is no place for our files
control_socket_disable = True
