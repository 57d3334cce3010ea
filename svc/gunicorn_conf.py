"""How gunicorn serves Copydesk: `gunicorn -c python:svc.gunicorn_conf`.

Every module-level name here is a gunicorn setting or one of its hooks; the reasons stand beside those that differ from
its defaults.
"""

import atexit
import faulthandler
import os
import shutil
import signal
import socket
import struct
import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from svc import keys, lifecycle, spans
from svc.errors import SettingsError
from svc.settings import Settings

try:
    _settings = Settings.from_env()
    if _settings.api_keys_file:
        keys.read(_settings.api_keys_file)
    spans.check()
except SettingsError as error:
    sys.exit(f"copydesk: {error}")

# Files that are written all the time must not touch a disk, and there may be none to write to.
_memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  made safely below

# The workers' metrics add up there. The application, which is loaded before any hook runs, asks for it by this name.
_metrics = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="copydesk-metrics-", dir=_memory)
_master = os.getpid()


@atexit.register
def _leave_no_files() -> None:
    """Remove the metrics when the master ends, be it that it never got to serve; workers end here, too."""
    if os.getpid() == _master:
        shutil.rmtree(_metrics, ignore_errors=True)


wsgi_app = "svc.wsgi:app"
bind = _settings.bind

# The work is pure Python on the CPU, so one process a CPU, and one article at a time in each (svc/web/admission.py).
# Threads are for waiting: for the CPU, for slow bodies; and some are left for probes and refusals.
worker_class = "svc.worker.Worker"
workers = _settings.workers
threads = 64
preload_app = True  # the tables of spelling and language (35 MB) are loaded once and shared

worker_connections = 256  # more than the threads and the balancer's idle connections, few enough to share
backlog = 512
keepalive = 75  # longer than a balancer's idle time (60 s), or it meets closed connections
timeout = 60
graceful_timeout = 25
max_requests = _settings.max_requests
max_requests_jitter = max_requests // 5  # not all workers at once

limit_request_line = 4094
limit_request_fields = 50
forwarded_allow_ips = ",".join(_settings.trusted_proxies)

worker_tmp_dir = _memory
control_socket_disable = True
logger_class = "svc.log.ServerLogger"


def when_ready(server: Any) -> None:
    """Prepare the master: bounded waits on sockets, and a SIGTERM that says so before it stops."""
    for listener in server.LISTENERS:
        _bound_waits(listener)
    _drain_on_sigterm(server)
    if _settings.is_public() and not _settings.api_keys_file:
        server.log.warning(
            "Anybody who reaches %s may use this service: COPYDESK_API_KEYS_FILE is not set.", _settings.bind
        )


def _bound_waits(listener: Any) -> None:
    """Let no read or write wait for ever, which would hold its thread. What a socket accepts inherits this on Linux."""
    seconds, fraction = divmod(_settings.socket_timeout, 1)
    timeval = struct.pack("ll", int(seconds), int(fraction * 1_000_000))
    listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeval)
    listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeval)


def _drain_on_sigterm(server: Any) -> None:
    """On SIGTERM, fail readiness at once, and stop only when the balancer has had time to look away.

    gunicorn alone closes its listeners at once, and requests that are on their way are lost.
    """

    def drain(signum: int, frame: FrameType | None) -> None:
        if lifecycle.state() is lifecycle.State.DRAINING:  # asked twice: don't wait
            server.signal(signum, frame)
            return
        lifecycle.enter(lifecycle.State.DRAINING)
        timer = threading.Timer(_settings.drain_seconds, server.signal, (signum, None))
        timer.daemon = True
        timer.start()

    signal.signal(signal.SIGTERM, drain)


def pre_fork(server: Any, worker: Any) -> None:
    """Give a worker the lowest slot that is free."""
    taken = {other.slot for other in server.WORKERS.values()}
    worker.slot = next(number for number in range(len(taken) + 1) if number not in taken)


def post_fork(server: Any, worker: Any) -> None:  # noqa: ARG001  gunicorn hands over both
    """Tell the worker its slot; let threads that wait have the interpreter sooner than after the usual 5 ms."""
    # Until the worker has handlers of its own it has the master's, which would swallow a signal that is meant for it.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    lifecycle.take_slot(worker.slot)
    spans.start()
    sys.setswitchinterval(0.001)


def child_exit(server: Any, worker: Any) -> None:  # noqa: ARG001
    """Take what a worker was doing out of the metrics; what it had done stays."""
    from prometheus_client import multiprocess  # noqa: PLC0415  reads the directory's name when imported

    multiprocess.mark_process_dead(worker.slot)  # type: ignore[no-untyped-call]


def worker_abort(worker: Any) -> None:  # noqa: ARG001
    """Show where a worker hangs that the master is about to kill."""
    faulthandler.dump_traceback()
