"""The start, health checks and shutdown of the service."""

from __future__ import annotations

import http.client
import json
import os
import platform
import re
import shutil
import signal
import socket
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from copydesk import __version__, api_keys
from copydesk.errors import SettingsError
from copydesk.settings import Settings
from svc import lifecycle
from svc.lifecycle import State
from svc.server import healthcheck as health
from svc.server.metrics_directory import MIN_FREE_BYTES, create_metrics_directory
from tests.helpers.server import Server, free_port, running, start
from tests.helpers.waiting import wait_until

if TYPE_CHECKING:
    from flask.testing import FlaskClient

JSON = "application/json"


def metrics_directory(server: Server) -> Path:
    """Return the directory of the metrics of a service: the one that it has locked."""
    files = [link.readlink() for link in Path(f"/proc/{server.process.pid}/fd").iterdir()]
    [lock] = [file for file in files if file.name == "lock" and file.parent.name.startswith("copydesk-metrics-")]
    return lock.parent


@pytest.mark.parametrize(
    ("state", "status", "slug"), [(State.STARTING, 503, "starting"), (State.DRAINING, 503, "draining")]
)
def test_readiness_depends_on_the_state_and_liveness_does_not(
    client: FlaskClient, state: State, status: int, slug: str
) -> None:
    lifecycle.set_state(state)
    try:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.get_json()["type"]) == (status, f"urn:copydesk:problem:{slug}")
        assert client.get("/livez").status_code == 200
        assert client.post("/v1/text", json={"text": "x"}).status_code == 200
    finally:
        lifecycle.set_state(State.READY)


def test_sigterm_fails_readiness_and_serves_during_the_grace() -> None:
    """SIGTERM fails readiness at once, and requests are served during the grace period."""
    with running(COPYDESK_DRAIN_TIMEOUT="4") as server:
        created = metrics_directory(server)
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as kept:
            server.process.send_signal(signal.SIGTERM)
            for _ in range(8):
                time.sleep(0.2)
                status, body = server.ask("GET", "/readyz")
                assert (status, json.loads(body)["type"]) == (503, "urn:copydesk:problem:draining")
                assert server.ask("GET", "/livez")[0] == 200
                kept.request("POST", "/v1/text", b'{"text": "x"}', {"Content-Type": JSON})
                answer = kept.getresponse()
                assert (answer.status, json.loads(answer.read())["text"]) == (200, "x")
        assert server.process.wait(40) == 0
    assert not created.exists()


def test_the_log_has_the_start_with_version_and_settings(tmp_path: Path) -> None:
    keys = tmp_path / "keys.txt"
    keys.write_text(api_keys.format_line("crawler", api_keys.generate_key()))
    with running(COPYDESK_MAX_TEXT_CHARACTERS="123456", COPYDESK_API_KEYS_FILE=str(keys)) as server:
        [line] = [line for line in server.lines() if line["event"] == f"Copydesk {__version__} started"]
    assert line["bind"] == f"127.0.0.1:{server.port}"
    assert (line["version"], line["workers"], line["api_keys"]) == (__version__, 2, True)
    assert line["limits"] == Settings(max_text_characters=123456).limits()


def test_the_log_has_the_drain_at_once() -> None:
    # A request is in flight until its body is complete.
    with running(COPYDESK_DRAIN_TIMEOUT="30") as server, closing(socket.create_connection(server.address)) as slow:
        head = b"POST /v1/text HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n"
        slow.sendall(head + b"unsent")
        assert wait_until(lambda: server.metric("copydesk_http_requests_in_flight") == 2)  # with that of the metrics
        assert not [line for line in server.lines() if "draining" in line["event"]]
        server.process.send_signal(signal.SIGTERM)
        assert wait_until(lambda: any("draining" in line["event"] for line in server.lines()))
        [line] = [line for line in server.lines() if "draining" in line["event"]]
        assert (line["drain_timeout"], line["requests_in_flight"]) == (30, 1)
        server.process.send_signal(signal.SIGTERM)


def test_known_series_and_build_info_exist_from_the_start() -> None:
    with running() as server:
        assert wait_until(lambda: server.metric("copydesk_workers") == 2)
        exposed = server.ask("GET", "/metrics")[1].decode()
    reasons = re.findall(r'^copydesk_requests_rejected_total\{reason="(\w+)"\} 0\.0$', exposed, re.MULTILINE)
    assert sorted(reasons) == ["batches_full", "body_bytes", "connections", "memory", "queue_full", "queue_timeout"]
    for series in (
        'copydesk_connections_cut_total{reason="head_timeout"} 0.0',
        'copydesk_problems_total{type="processing-timeout"} 0.0',
    ):
        assert series in exposed.splitlines()
    [labels] = re.findall(r"^copydesk_build_info\{(.*)\} 1\.0$", exposed, re.MULTILINE)
    assert f'version="{__version__}"' in labels
    assert f'python="{platform.python_version()}"' in labels


def test_process_metrics_are_of_the_whole_service() -> None:
    started = time.time()
    with running() as server:
        assert abs(server.metric("process_start_time_seconds") - started) < 60
        cpu, memory = server.metric("process_cpu_seconds_total"), server.metric("process_resident_memory_bytes")
        assert 0 < cpu < 120
        assert 50e6 < memory < 1e9
        os.kill(server.worker_pids()[0], signal.SIGKILL)
        # The CPU time of a dead worker stays counted.
        assert wait_until(lambda: server.metric("copydesk_workers") == 2 and len(server.worker_pids()) == 2)
        assert server.metric("process_cpu_seconds_total") >= cpu


def test_a_second_sigterm_ends_the_wait() -> None:
    with running(COPYDESK_DRAIN_TIMEOUT="600") as server:
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert server.process.poll() is None
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(40) == 0


def test_a_full_file_system_in_memory_is_an_error_at_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=MIN_FREE_BYTES - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(SettingsError, match=f"^{tmp_path}: 1048575 bytes are free, expected at least 1048576"):
        create_metrics_directory(str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_metrics_and_logs_include_all_workers() -> None:
    with running() as server:
        for _ in range(40):
            assert server.ask("POST", "/v1/text", b'{"text": "caf\xc3\x83\xc2\xa9"}', Content_Type=JSON)[0] == 200
        # A request is logged after its answer has gone, so the last line may still be on its way.
        assert wait_until(lambda: len([line for line in server.lines() if line["event"] == "request"]) == 40)
        told = server.ask("GET", "/metrics")[1].decode().splitlines()
        assert "copydesk_articles_total 40.0" in told
        assert 'copydesk_changes_total{kind="mojibake"} 40.0' in told


def test_a_public_service_without_keys_logs_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "keys.txt"
    key = api_keys.generate_key()
    path.write_text(api_keys.format_line("crawler", key))
    port = free_port()
    with running(port, COPYDESK_BIND=f"0.0.0.0:{port}") as open_one:
        assert [line for line in open_one.lines() if "every client that reaches" in line["event"]]
    port = free_port()
    with running(port, COPYDESK_BIND=f"0.0.0.0:{port}", COPYDESK_API_KEYS_FILE=str(path)) as locked:
        assert not [line for line in locked.lines() if "every client that reaches" in line["event"]]
        assert locked.ask("POST", "/v1/text", b'{"text": "x"}', Content_Type=JSON)[0] == 401
        known = {"Content_Type": JSON, "Authorization": f"Bearer {key}"}
        assert locked.ask("POST", "/v1/text", b'{"text": "x"}', **known)[0] == 200
        # A key that is added counts at once, in all workers.
        another = api_keys.generate_key()
        path.write_text(api_keys.format_line("another", another))
        known["Authorization"] = f"Bearer {another}"
        assert {locked.ask("POST", "/v1/text", b'{"text": "x"}', **known)[0] for _ in range(10)} == {200}
        # So do revoked ones.
        path.write_text("")
        assert {locked.ask("POST", "/v1/text", b'{"text": "x"}', **known)[0] for _ in range(10)} == {401}
        assert {json.loads(locked.ask("GET", "/readyz")[1])["status"] for _ in range(10)} == {"degraded"}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "COPYDESK_API_KEYS_FILE",
            "/nowhere/keys",
            "Error: COPYDESK_API_KEYS_FILE=/nowhere/keys: No such file or directory.",
        ),
        ("COPYDESK_CORS_ORIGINS", "*", "Error: COPYDESK_CORS_ORIGINS=*: invalid origin '*': expected"),
        ("COPYDESK_TRUSTED_PROXIES", "all", "Error: COPYDESK_TRUSTED_PROXIES=all: invalid network 'all': expected"),
        ("COPYDESK_QUEUE_TIMEOUT", "-1", "Error: COPYDESK_QUEUE_TIMEOUT=-1: Must be greater than or equal to 0."),
        ("COPYDESK_LOG_SAMPLE_RATE", "2", "Error: COPYDESK_LOG_SAMPLE_RATE=2: Must be greater than or equal to 0 and"),
    ],
)
def test_invalid_settings_are_one_line_and_status_1(name: str, value: str, said: str) -> None:
    process = start({name: value})
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err.startswith(said), err.count("\n")) == (1, True, 1), err


def test_an_address_in_use_ends_with_status_1() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        process = start({"COPYDESK_BIND": bind})
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (1, f"Error: COPYDESK_BIND={bind}: Address already in use.\n")


def test_an_address_that_becomes_free_is_used() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        threading.Timer(2, taken.close).start()
        with running(port) as server:
            assert server.ask("GET", "/livez")[0] == 200


@pytest.mark.parametrize(
    ("bind", "message"),
    [
        ("127.0.0.1:99999", "expected HOST:PORT with a port up to 65535"),
        ("127.0.0.1", "expected HOST:PORT"),
        ("192.0.2.1:8000", "Cannot assign requested address"),
        ("nowhere.invalid:8000", ""),
        ("ä..b:8000", ""),
        ("unix:/nowhere/copydesk.sock", "The directory is missing or not writable"),
        (f"unix:{__file__}", "The file exists and is not a socket"),
    ],
)
def test_an_unusable_address_is_one_line(bind: str, message: str) -> None:
    process = start({"COPYDESK_BIND": bind})
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err.count("\n"), f"COPYDESK_BIND={bind}: {message}" in err) == (1, 1, True), err


def test_metrics_of_a_killed_service_are_removed() -> None:
    """The next start removes them."""
    with running() as killed:
        created, workers = metrics_directory(killed), killed.worker_pids()
        killed.process.kill()
        assert wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
    assert created.exists()
    with running() as other, running():
        assert not created.exists()
        assert metrics_directory(other).exists()  # that of a service that runs


class Collector(HTTPServer):
    """What takes spans by OTLP over HTTP, and keeps them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Collecting)
        self.spans: list[dict[str, object]] = []
        self.raw = b""


class Collecting(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Collector)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.raw += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    told = {a.key: a.value.string_value or a.value.int_value for a in span.attributes}
                    self.server.spans.append({"name": span.name, "trace": span.trace_id.hex(), **told})
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_opentelemetry_spans_belong_to_the_trace_of_the_caller() -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    with Collector() as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{collector.server_port}"
        with running(OTEL_EXPORTER_OTLP_ENDPOINT=endpoint, OTEL_EXPORTER_OTLP_COMPRESSION="none") as server:
            headers = {"Content_Type": JSON, "Traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
            server.ask("POST", "/v1/text", b'{"text": "Rumpelstiltskin"}', **headers)
            server.ask("POST", "/v1/text", b"{}", Content_Type=JSON)
            server.stop()
            logged = [line for line in server.lines() if line["event"] == "request"]
        collector.shutdown()
    # A span ends after the response is sent, so the second may be exported first.
    spans = {span["http.response.status_code"]: span for span in collector.spans if span["name"] == "POST /v1/text"}
    traces = {line["status"]: line["trace_id"] for line in logged}
    assert {status: span["trace"] for status, span in spans.items()} == traces
    assert (sorted(traces), traces[200]) == ([200, 422], trace)
    assert spans[200]["copydesk.characters"] == 15
    assert b"Rumpelstiltskin" not in collector.raw


def test_sighup_replaces_the_workers() -> None:
    def booted(server: Server, expected: int) -> bool:
        for _ in range(300):
            if len([line for line in server.lines() if "Booting worker" in line["event"]]) == expected:
                return True
            time.sleep(0.1)
        return False

    with running() as server:
        assert booted(server, 2)
        os.kill(server.process.pid, signal.SIGHUP)
        assert booted(server, 4)
        assert server.ask("POST", "/v1/text", b'{"text": "x"}', Content_Type=JSON)[0] == 200


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGHUP])
def test_a_running_batch_ends_before_its_worker(signum: signal.Signals) -> None:
    lines = b"".join(b'{"id":"%d","text":"%s"}\n' % (i, b"It rains. " * 200) for i in range(400))
    with running() as server, closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("POST", "/v1/articles/batch", lines, {"Content-Type": "application/x-ndjson"})
        response = connection.getresponse()
        first = response.readline()
        os.kill(server.process.pid, signum)
        items = [json.loads(line) for line in (first, *response)]
        assert [item["article"]["id"] for item in items] == [str(i) for i in range(400)]
        if signum == signal.SIGTERM:
            assert server.process.wait(40) == 0
        else:
            assert server.ask("GET", "/readyz")[0] == 200


def test_health_checks_work_on_a_unix_socket(tmp_path: Path) -> None:
    bind = f"unix:{tmp_path / 'copydesk.sock'}"
    process = start({"COPYDESK_BIND": bind, "COPYDESK_DRAIN_TIMEOUT": "0"})
    try:
        for _ in range(200):
            if health.is_alive(bind):
                break
            time.sleep(0.05)
        assert health.is_alive(bind)
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert not health.is_alive(bind)
