from __future__ import annotations

import itertools
import logging
import threading
import time
from typing import Any

import pytest

from copydesk import batch, pipeline, timeouts
from copydesk.article import Article, CleanArticle, Options
from copydesk.errors import ProcessingTimeout
from copydesk.settings import Settings


def spin_for_ever() -> None:
    for _ in itertools.count():
        pass


def test_what_takes_too_long_is_given_up_and_the_log_tells_where(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "copydesk"), pytest.raises(ProcessingTimeout), timeouts.limit(0.1):
        spin_for_ever()
    assert "spin_for_ever" in caplog.text


def test_code_that_catches_everything_is_given_up_all_the_same() -> None:
    def stubborn() -> None:
        while True:
            try:
                spin_for_ever()
            except Exception:  # noqa: BLE001
                time.sleep(0)

    with pytest.raises(ProcessingTimeout), timeouts.limit(0.1):
        stubborn()


def test_work_within_the_limit_is_not_interrupted() -> None:
    """Later work is not interrupted either."""
    for _ in range(50):
        with timeouts.limit(0.001):  # ends before the timeout is checked, or at the same moment
            pass
    began = time.monotonic()
    while time.monotonic() - began < 0.5:
        with timeouts.limit(5):
            pass


def test_each_thread_has_its_own_time() -> None:
    ended: dict[str, bool] = {}

    def work(name: str, seconds: float) -> None:
        try:
            with timeouts.limit(seconds):
                began = time.monotonic()
                while time.monotonic() - began < 0.8:
                    pass
            ended[name] = True
        except ProcessingTimeout:
            ended[name] = False

    threads = [threading.Thread(target=work, args=args) for args in (("short", 0.1), ("long", 30))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended == {"short": False, "long": True}


def test_timeout_of_an_article_does_not_affect_its_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    clean = pipeline.clean

    def slow(article: Article, *args: Any, **named: Any) -> CleanArticle:
        if article.text == "endless":
            spin_for_ever()
        return clean(article, *args, **named)

    monkeypatch.setattr(pipeline, "clean", slow)
    lines = b'{"text": "one"}\n{"text": "endless"}\n{"text": "three"}\n'
    items = list(batch.clean_lines(lines, Options(), Settings(article_timeout=0.2)))
    assert [isinstance(item.result, CleanArticle) for item in items] == [True, False, True]
    assert isinstance(items[1].result, ProcessingTimeout)
    problem = items[1].result.to_problem()
    assert (problem["type"], problem["status"]) == ("urn:copydesk:problem:processing-timeout", 422)
