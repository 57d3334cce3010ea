"""The gunicorn configuration: `gunicorn -c python:svc.server.gunicorn_conf`.

Every public name is a setting or hook of gunicorn. A comment gives the reason where it differs from the default.
"""

import faulthandler
import gc
import os
import platform
import signal
import socket
import struct
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from copydesk import __version__
from copydesk.errors import SettingsError
from copydesk.settings import Settings

from .. import lifecycle
from ..api_key_file import read_key_file
from ..observability import opentelemetry
from .bind import check_bind
from .metrics_directory import create_metrics_directory

# Files that are written all the time are in memory: the file system may be read-only.
_memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  a temporary directory below

try:
    _settings = Settings.from_env()
    if _settings.api_keys_file:
        read_key_file(_settings.api_keys_file)
    opentelemetry.check()
    check_bind(_settings.bind)
    # The metrics of all workers. The application is loaded before any hook runs and reads this variable.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = create_metrics_directory(_memory)
except SettingsError as error:
    sys.exit(f"Error: {error}")

wsgi_app = f"{__package__}.wsgi:app"
bind = _settings.bind

# Cleaning is pure Python on the CPU: one process per CPU, and articles take turns in each (http/admission.py).
# Threads wait for the CPU slot and for slow bodies. Health checks have their own (worker.py).
worker_class = f"{__package__}.worker.Worker"
workers = _settings.workers
threads = 64
preload_app = True  # the tables are loaded once and shared

worker_connections = 256  # more than MAX_BUSY of worker.py plus the idle connections of the load balancer
backlog = 512
keepalive = 75  # longer than the idle timeout of load balancers (60 s), which would meet closed connections
timeout = 60
graceful_timeout = 25
max_requests = _settings.max_requests
max_requests_jitter = max_requests // 5  # not all workers at once

limit_request_line = 4094
limit_request_fields = 50
forwarded_allow_ips = ",".join(_settings.trusted_proxies)

worker_tmp_dir = _memory
control_socket_disable = True
logger_class = f"{__package__.rpartition('.')[0]}.observability.logging.ServerLogger"


def when_ready(server: Any) -> None:
    """Set socket timeouts and the handler of SIGTERM in the master, and log the start."""
    for listener in server.LISTENERS:
        _set_socket_timeout(listener)
    _drain_on_sigterm(server)
    server.log.info("Copydesk %s started", __version__, extra=_describe_settings())
    if _settings.is_public() and not _settings.api_keys_file:
        server.log.warning(
            "COPYDESK_API_KEYS_FILE is not set: every client that reaches %s can use the service.", _settings.bind
        )


def _describe_settings() -> dict[str, Any]:
    """Return what the log says of the settings."""
    return {
        "version": __version__,
        "python": platform.python_version(),
        "bind": _settings.bind,
        "workers": _settings.workers,
        "api_keys": _settings.api_keys_file is not None,
        "queue_timeout": _settings.queue_timeout,
        "article_timeout": _settings.article_timeout,
        "drain_timeout": _settings.drain_timeout,
        "limits": _settings.limits(),
    }


def _set_socket_timeout(listener: Any) -> None:
    """Limit the time of reads and writes, which would block a thread. Accepted sockets inherit it on Linux."""
    seconds, fraction = divmod(_settings.socket_timeout, 1)
    timeval = struct.pack("ll", int(seconds), int(fraction * 1_000_000))
    listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeval)
    listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeval)


def _drain_on_sigterm(server: Any) -> None:
    """On SIGTERM, fail the readiness check at once and stop after `COPYDESK_DRAIN_TIMEOUT`.

    gunicorn itself closes its listeners at once, and loses the requests that the load balancer still sends.
    """

    def drain(signum: int, frame: FrameType | None) -> None:
        if lifecycle.state() is lifecycle.State.DRAINING:  # a second SIGTERM: stop now
            server.signal(signum, frame)
            return
        lifecycle.set_state(lifecycle.State.DRAINING)
        # A handler of a signal must not log: the thread that it interrupts may hold a lock of the log.
        threading.Thread(target=_drain, args=(server, signum), name="drain", daemon=True).start()

    signal.signal(signal.SIGTERM, drain)


def _drain(server: Any, signum: int) -> None:
    """Log the start of the drain, and stop after `COPYDESK_DRAIN_TIMEOUT`."""
    from ..observability import metrics  # noqa: PLC0415  reads the directory's name when imported

    try:
        seconds, requests = _settings.drain_timeout, metrics.requests_in_flight()
        message = "draining for %g s; requests in flight: %d"
        server.log.info(message, seconds, requests, extra={"drain_timeout": seconds, "requests_in_flight": requests})
    finally:  # it stops whatever happens
        time.sleep(_settings.drain_timeout)
        server.signal(signum, None)


def pre_fork(server: Any, worker: Any) -> None:
    """Assign the lowest free slot to a worker."""
    taken = {other.slot for other in server.WORKERS.values()}
    worker.slot = next(number for number in range(len(taken) + 1) if number not in taken)


def post_fork(server: Any, worker: Any) -> None:  # noqa: ARG001  gunicorn hands over both
    """Set the slot of the worker, and tune its threads and garbage collector."""
    # The handler of the master would ignore a signal for the worker, until the worker installs its own.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    lifecycle.set_worker_number(worker.slot)
    opentelemetry.start_exporter()
    # Waiting threads run sooner than after the default of 5 ms.
    sys.setswitchinterval(0.0002)
    # An article may have half a million edits, which are not garbage. To look for garbage after each 700 of them, which
    # is the default, would take a tenth of the time.
    gc.set_threshold(10_000)


def post_worker_init(worker: Any) -> None:
    """Count the worker, and read the API keys in it. Without keys that it has read itself, it accepts none."""
    from ..observability import metrics  # noqa: PLC0415  as above

    metrics.WORKERS.set(1)
    if ring := worker.wsgi.extensions.get("copydesk-keys"):
        ring.state()


def child_exit(server: Any, worker: Any) -> None:  # noqa: ARG001
    """Remove the live gauges of a worker from the metrics. Its counters stay."""
    from prometheus_client import multiprocess  # noqa: PLC0415  reads the directory's name when imported

    multiprocess.mark_process_dead(worker.slot)  # type: ignore[no-untyped-call]


def worker_abort(worker: Any) -> None:  # noqa: ARG001
    """Print the stacks of a hanging worker before the master kills it."""
    faulthandler.dump_traceback()
