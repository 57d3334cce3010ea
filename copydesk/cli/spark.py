"""`copydesk spark`: clean a crawl with Apache Spark."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from copydesk.cli import settings

if TYPE_CHECKING:
    from copydesk.spark.job import InputFormat


@click.command()
@click.option(
    "--input", "source", required=True, metavar="PATH", help="A file, folder or pattern in any storage of Spark."
)
@click.option("--output", required=True, metavar="PATH", help="The folder for the clean articles, as Parquet.")
@click.option(
    "--format",
    "input_format",
    type=click.Choice(["json", "parquet", "warc"]),
    required=True,
    help="The input format: one article per line, rows of raw fields, or web archives.",
)
@click.option(
    "--partitions",
    type=click.IntRange(1),
    help="The number of parts to divide the files into. Default: one per file, at most 200.",
)
@click.option("--keep", multiple=True, metavar="COLUMN", help="A column of Parquet files to pass through.")
@settings.option
@click.option("--conf", multiple=True, metavar="KEY=VALUE", help="A setting of Spark, such as spark.master=local[4].")
def spark(  # noqa: PLR0913, PLR0917  the options of a command
    source: str,
    output: str,
    input_format: InputFormat,
    partitions: int | None,
    keep: tuple[str, ...],
    options: tuple[str, ...],
    conf: tuple[str, ...],
) -> None:
    """Clean a crawl with Apache Spark.

    Each article becomes a row with its main fields and its JSON, or a problem. The same command resumes an interrupted
    run: parts that are done are skipped. Exit status: 0 if all articles are clean, 1 if some are problems or the run
    failed, 2 for invalid usage.

    \b
    Examples:
      copydesk spark --format json --input crawl.ndjson --output clean
      copydesk spark --format json --input crawl/ --output clean --partitions 1 --conf spark.master=local[2]
    """  # noqa: D301  \b keeps the lines as they are
    try:
        from copydesk.spark.job import Job, JobError
        from copydesk.spark.rows import Cleaner
        from copydesk.spark.session import start_session
    except ImportError as error:
        raise settings.CommandError("This requires Apache Spark: pip install 'copydesk[spark,html]'.") from error
    if keep and input_format != "parquet":
        raise settings.CommandError("--keep requires --format parquet.")
    cleaner = Cleaner(settings.parse_options(options), settings.read_settings())
    try:
        job = Job(start_session(_parse_conf(conf)), input_format, cleaner, output.rstrip("/"), keep)
        parts = job.plan(source, partitions)
    except JobError as error:
        raise settings.CommandError(str(error)) from error
    remaining = job.list_remaining(parts)
    if len(remaining) < len(parts):
        click.echo(f"{len(parts) - len(remaining):,} of {len(parts):,} parts are done.", err=True)
    try:
        job.run(remaining, lambda part: click.echo(f"{part.name} is done.", err=True))
    except JobError as error:
        raise click.ClickException(f"{error} Run the same command to resume.") from error
    clean, problems = job.count_articles()
    click.echo(f"{clean:,} clean, {problems:,} problems")
    sys.exit(1 if problems else 0)


def _parse_conf(pairs: tuple[str, ...]) -> dict[str, str]:
    if invalid := [pair for pair in pairs if "=" not in pair]:
        raise settings.CommandError(f"--conf requires KEY=VALUE, not {invalid[0]!r}.")
    return dict(pair.split("=", 1) for pair in pairs)
