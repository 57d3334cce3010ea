"""The run of `copydesk clean`: from the inputs to the output and the errors."""

from __future__ import annotations

import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn, TextIO

import click

from copydesk.cli.checkpoint import CheckpointError, ResumableOutput, StreamOutput, checkpoint_path
from copydesk.cli.progress import Display, Progress
from copydesk.cli.readers import InputFormat, Inputs
from copydesk.cli.runner import Cleaner, RemoteService, RunError, clean_locally, clean_remotely
from copydesk.cli.settings import CommandError, parse_options, read_settings
from copydesk.errors import ValidationFailed
from copydesk.records import check_fields
from copydesk.settings import cpu_quota


@dataclass(frozen=True, slots=True)
class CleanArguments:
    """The arguments of `copydesk clean`; its help describes them."""

    files: tuple[str, ...]
    input_format: InputFormat | None
    mapping: tuple[str, ...]
    options: tuple[str, ...]
    output: Path | None
    errors: Path | None
    resume: bool
    quiet: bool
    jobs: int | None
    url: str | None
    key_file: TextIO | None


def clean_files(arguments: CleanArguments) -> int:
    """Clean all inputs.

    Returns:
        The exit status.

    Raises:
        ClickException: the arguments are invalid, or a file cannot be read or written.
    """
    options, settings = parse_options(arguments.options), read_settings()
    output, errors, resume = arguments.output, arguments.errors, arguments.resume
    if resume and not output:
        raise CommandError("--resume requires --output.")
    written = _written_files(arguments.files, output, errors)
    fields = _parse_mapping(arguments.mapping)
    inputs = Inputs(arguments.files, arguments.input_format, settings.max_body_bytes, written, fields)
    cleaner = Cleaner(options, settings, errors is not None, fields)
    service = _remote_service(arguments)
    run_settings = shlex.join([*sorted(arguments.options), *sorted(arguments.mapping), str(arguments.input_format)])
    with _catch_signals() as signals, _one_line_errors():
        sink = _open_output(output, errors, run_settings, resume=resume)
        try:
            with sink:
                worker = service or arguments.jobs or cpu_quota()
                display = _choose_display(arguments)
                _write_results(inputs, cleaner, sink, worker, display)
        except (KeyboardInterrupt, RunError) as error:
            _report_interruption(sink, str(error), resume=resume)
            return 128 + signals[0] if signals else 1
    _report_missing_paths(inputs)
    if not arguments.quiet:
        _report_skipped(inputs.skipped)
    if display != "none":
        _report_end(sink, errors)
    return 1 if sink.state.failed else 0


def _parse_mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    """Parse the mapping of records as `FIELD=NAME`.

    Raises:
        BadParameter: a field is unknown or repeated, or a name is missing.
    """
    fields: dict[str, str] = {}
    try:
        for pair in pairs:
            name, _, path = pair.partition("=")
            check_fields({name: path})
            if name in fields:
                raise click.BadParameter(f"{name!r} is mapped twice.", param_hint="--map")
            fields[name] = path
    except ValidationFailed as error:
        raise click.BadParameter(f"{error} Write FIELD=NAME, as in title=headline.", param_hint="--map") from error
    return fields


def _written_files(files: tuple[str, ...], output: Path | None, errors: Path | None) -> frozenset[Path]:
    """Return the files that the run writes, and check that none of them is an input."""
    paths = [path for path in (output, errors) if path]
    written = frozenset(path.resolve() for path in (*paths, *map(checkpoint_path, paths)))
    if len(paths) > len({path.resolve() for path in paths}):
        raise CommandError("--output and --errors are the same file.")
    for name in files:
        if name != "-" and Path(name).is_file() and Path(name).resolve() in written:
            raise CommandError(f"{name} is both an input and an output.")
    return written


def _remote_service(arguments: CleanArguments) -> RemoteService | None:
    """Return the service to clean with, if any.

    Raises:
        CommandError: the URL or the key is invalid.
    """
    if not arguments.url:
        return None
    from copydesk.client._http import check_headers, parse_base_url

    service = RemoteService(arguments.url, arguments.key_file.read().strip() if arguments.key_file else None)
    try:
        parse_base_url(service.url)
    except ValueError as error:
        raise CommandError(f"--url: {error}") from error
    try:
        check_headers(service.headers())
    except ValueError as error:
        raise CommandError(f"--key-file: {error}") from error
    return service


def _open_output(
    output: Path | None, errors: Path | None, run_settings: str, *, resume: bool
) -> ResumableOutput | StreamOutput:
    """Open the output. Only a regular file, or a new one, can be resumed."""
    if output and (output.is_file() or not output.exists()):
        return ResumableOutput(output, errors, run_settings, resume=resume)
    if resume:
        raise CommandError("--resume requires an --output that is a file.")
    return StreamOutput(output, errors)


def _choose_display(arguments: CleanArguments) -> Display:
    """Return how to show the progress: not at a terminal where the output is, too.

    Without files, standard error has only problems off a terminal, one per line, for programs.
    """
    if arguments.quiet:
        return "none"
    if sys.stderr.isatty():
        return "bar" if arguments.output or not sys.stdout.isatty() else "none"
    return "lines" if arguments.output or arguments.errors else "none"


def _write_results(
    inputs: Inputs,
    cleaner: Cleaner,
    sink: ResumableOutput | StreamOutput,
    worker: RemoteService | int,
    display: Display,
) -> None:
    """Clean all inputs with a service or with a number of processes, and write the results."""
    total = inputs.total_bytes() if display != "none" else None
    items = iter(inputs)
    done_bytes = sum(item.input_size for item in sink.skip_done(items))
    results = (
        clean_locally(items, cleaner, worker) if isinstance(worker, int) else clean_remotely(items, cleaner, worker)
    )
    with closing(results), Progress(total, done_bytes, display) as progress:
        for item, result in results:
            if not result.is_clean and not cleaner.quote_raw:
                progress.write_line(result.line)
            sink.write(item, result)
            progress.advance(item.input_size, failed=not result.is_clean)


@contextmanager
def _catch_signals() -> Iterator[list[int]]:
    """Turn the first SIGINT or SIGTERM into KeyboardInterrupt and ignore further ones. Yields the signals received."""
    received: list[int] = []

    def interrupt(number: int, _: FrameType | None) -> NoReturn:
        received.append(number)
        for other in (signal.SIGINT, signal.SIGTERM):
            signal.signal(other, signal.SIG_IGN)
        raise KeyboardInterrupt

    handlers = [(number, signal.signal(number, interrupt)) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        yield received
    finally:
        for number, handler in handlers:
            signal.signal(number, handler)


@contextmanager
def _one_line_errors() -> Iterator[None]:
    """Turn errors of files into messages of one line. click handles a broken pipe."""
    try:
        yield
    except CheckpointError as error:
        raise CommandError(str(error)) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'The output'}: {error.strerror or error}.") from error


def _report_interruption(sink: ResumableOutput | StreamOutput, reason: str, *, resume: bool) -> None:
    message = f"{reason} " if reason else ""
    message += f"Stopped after {sink.state.done:,} articles."
    if sink.can_resume:
        words = sys.argv[1:] if resume else [*sys.argv[1:], "--resume"]
        message += f" Resume with: {shlex.join(['copydesk', *words])}"
    click.echo(message, err=True)


def _report_end(sink: ResumableOutput | StreamOutput, errors: Path | None) -> None:
    failed = sink.state.failed
    place = f", see {errors}" if failed and errors else ""
    click.echo(f"{sink.state.done - failed:,} clean, {failed:,} failed{place}", err=True)


def _report_missing_paths(inputs: Inputs) -> None:
    if inputs.has_records and inputs.missing_paths:
        pairs = ", ".join(f"{name}={path}" for name, path in inputs.missing_paths.items())
        click.echo(f"No record has the key of --map {pairs}.", err=True)


def _report_skipped(names: list[str]) -> None:
    if names:
        others = f" and {len(names) - 1:,} more" if names[1:] else ""
        click.echo(f"Skipped files of unknown type: {names[0]}{others}.", err=True)
