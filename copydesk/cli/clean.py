"""`copydesk clean`: what the service does to one article or a batch, to files and folders of any size."""

from __future__ import annotations

import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

import click

from copydesk.cli import settings
from copydesk.cli.checkpoint import Ledger, LedgerError, Stream, ledger_of
from copydesk.cli.progress import Progress
from copydesk.cli.readers import Form, Inputs
from copydesk.cli.runner import Desk, Service, WorkError, clean_here, clean_there
from copydesk.settings import cpu_quota

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, allow_dash=True))
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "ndjson", "text", "html"]),
    help="What the input is. By default the file's ending tells; standard input is looked at.",
)
@settings.option
@click.option("--output", type=_FILE, help="Where clean articles go, instead of standard output.")
@click.option("--errors", type=_FILE, help="Where problems go, each with the raw article, instead of standard error.")
@click.option("--resume", is_flag=True, help="Go on with an interrupted run; needs --output.")
@click.option("--jobs", "-j", type=click.IntRange(1), help="How many processes clean. By default one a CPU.")
@click.option("--url", metavar="URL", help="Let the service at this address clean.")
@click.option("--key-file", type=click.File(encoding="utf-8"), help="Where the API key for it stands, alone.")
def clean(  # noqa: PLR0913, PLR0917  the options of a command
    files: tuple[str, ...],
    form: Form | None,
    options: tuple[str, ...],
    output: Path | None,
    errors: Path | None,
    resume: bool,  # noqa: FBT001  click hands flags over
    jobs: int | None,
    url: str | None,
    key_file: TextIO | None,
) -> None:
    """Clean FILES and folders, or standard input (-): articles as JSON, one a line as NDJSON, bare texts, and pages.

    JSON may be one article, or an array of them. Prints one clean article a line, in order. What can't be cleaned goes
    to standard error as a problem, a line each. The exit status is 0 if all went well, 1 if something could not be
    cleaned, 2 if the command is wrong, and 130 after Ctrl-C.

    \b
    Examples:
      copydesk clean article.json
      echo 'Russiaâ€™s' | copydesk clean
      copydesk clean page.html
      copydesk clean -o changes=none crawl.ndjson > clean.ndjson
      copydesk clean pages/ --output clean.ndjson --errors failed.ndjson
      copydesk clean crawl.ndjson --output clean.ndjson --resume
      gzip -dc crawl.ndjson.gz | copydesk clean - --format ndjson --jobs 2
      copydesk clean --url http://127.0.0.1:8000 crawl.ndjson
      copydesk clean --url http://127.0.0.1:8000 --key-file crawler.key crawl.ndjson
    """  # noqa: D301  \b keeps the lines as they are
    desk = Desk(settings.parse_options(options), settings.read_settings(), keep_raw=errors is not None)
    if resume and not output:
        raise settings.CommandError("--resume needs --output: what was printed can't be looked at again.")
    inputs = Inputs(files, form, desk.settings.max_body_bytes, _ours(files, output, errors))
    there = Service(url, key_file.read().strip() if key_file else None) if url else None
    how = shlex.join([*sorted(options), str(form)])
    with _stoppable() as stopped, _one_line():
        sink = _sink(output, errors, how, resume=resume)
        try:
            with sink:
                _run(inputs, desk, sink, there or jobs or cpu_quota(), shown=_watched(output))
        except (KeyboardInterrupt, WorkError) as error:
            _tell_how_to_go_on(sink, str(error), resume=resume)
            sys.exit(128 + stopped[0] if stopped else 1)
    _tell_left_out(inputs.left_out)
    sys.exit(1 if sink.count.failed else 0)


def _run(inputs: Inputs, desk: Desk, sink: Ledger | Stream, where: Service | int, *, shown: bool) -> None:
    """Clean all inputs, by a service or on so many processes here."""
    total = inputs.size() if shown else None
    items = iter(inputs)
    at = sum(item.size for item in sink.skip(items))
    results = clean_here(items, desk, where) if isinstance(where, int) else clean_there(items, desk, where)
    with closing(results), Progress(total, at, shown=shown) as progress:
        for item, outcome in results:
            if not (outcome.clean or desk.keep_raw):
                progress.say(outcome.line)
            sink.write(item, outcome)
            progress.step(item.size, failed=not outcome.clean)


def _sink(output: Path | None, errors: Path | None, how: str, *, resume: bool) -> Ledger | Stream:
    """Open where outcomes go; only what is a file, or is to become one, can be gone on with."""
    if output and (output.is_file() or not output.exists()):
        return Ledger(output, errors, how, resume=resume)
    if resume:
        raise settings.CommandError("--resume needs an --output that is a file.")
    # They are closed with the process: the command ends when they do.
    stdout = output.open("wb") if output else sys.stdout.buffer
    return Stream(stdout, errors.open("wb") if errors else None)


def _ours(files: tuple[str, ...], output: Path | None, errors: Path | None) -> frozenset[Path]:
    """Return the files that we write, none of which may be read."""
    written = [path for path in (output, errors) if path]
    ours = frozenset(path.resolve() for path in (*written, *map(ledger_of, written)))
    if len(written) > len({path.resolve() for path in written}):
        raise settings.CommandError("--output and --errors are the same file.")
    for name in files:
        if name != "-" and Path(name).is_file() and Path(name).resolve() in ours:
            raise settings.CommandError(f"{name} would be read and written at once.")
    return ours


def _watched(output: Path | None) -> bool:
    """Tell whether somebody would see a bar, and nothing else that it would disturb."""
    return sys.stderr.isatty() and (output is not None or not sys.stdout.isatty())


@contextmanager
def _stoppable() -> Iterator[list[int]]:
    """Turn the first Ctrl-C or SIGTERM into KeyboardInterrupt, and note which; the end is not interrupted again."""
    stopped: list[int] = []

    def stop(number: int, _: FrameType | None) -> NoReturn:
        stopped.append(number)
        for other in (signal.SIGINT, signal.SIGTERM):
            signal.signal(other, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = [(number, signal.signal(number, stop)) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        yield stopped
    finally:
        for number, handler in before:
            signal.signal(number, handler)


@contextmanager
def _one_line() -> Iterator[None]:
    """Say what hinders us in one line; a reader that went away is for click to deal with."""
    try:
        yield
    except LedgerError as error:
        raise settings.CommandError(str(error)) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'The output'}: {error.strerror or error}.") from error


def _tell_how_to_go_on(sink: Ledger | Stream, why: str, *, resume: bool) -> None:
    said = f"{why} " if why else ""
    said += f"Stopped after {sink.count.done:,} articles."
    if sink.resumable:
        words = sys.argv[1:] if resume else [*sys.argv[1:], "--resume"]
        said += f" Go on with: {shlex.join(['copydesk', *words])}"
    click.echo(said, err=True)


def _tell_left_out(names: list[str]) -> None:
    if names:
        click.echo(
            f"Left out for their endings: {names[0]}" + (f" and {len(names) - 1:,} more." if names[1:] else "."),
            err=True,
        )
