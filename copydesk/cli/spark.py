"""`copydesk spark`: crawls of any size, on all cores of a machine or of a cluster."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from copydesk.cli import settings

if TYPE_CHECKING:
    from copydesk.spark.job import Form

_MISSING = "This needs Apache Spark: pip install 'copydesk[spark,html]'."


@click.command()
@click.option(
    "--input", "source", required=True, metavar="PATH", help="A file, a folder or a pattern, wherever Spark can read."
)
@click.option("--output", required=True, metavar="PATH", help="The folder where the clean articles go, as Parquet.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "parquet", "warc"]),
    required=True,
    help="What the input is: an article a line, rows of raw fields, or web archives.",
)
@click.option(
    "--partitions", type=click.IntRange(1), help="How many parts the files make; by default one each, 200 at most."
)
@click.option("--keep", multiple=True, metavar="COLUMN", help="A column of Parquet files that passes through.")
@settings.option
@click.option("--conf", multiple=True, metavar="KEY=VALUE", help="A setting of Spark: spark.master=local[4].")
def spark(  # noqa: PLR0913, PLR0917  the options of a command
    source: str,
    output: str,
    form: Form,
    partitions: int | None,
    keep: tuple[str, ...],
    options: tuple[str, ...],
    conf: tuple[str, ...],
) -> None:
    """Clean a crawl with Apache Spark: a row for each article has its main fields and all of it as JSON, or a problem.

    The same command goes on with an interrupted run: what is done of its parts is not done again. The exit status is 0
    if all articles are clean, 1 if some are problems or the run could not go on, and 2 if the command is wrong.

    \b
    Examples:
      copydesk spark --format json --input crawl.ndjson --output clean
      copydesk spark --format json --input crawl/ --output clean --partitions 1 --conf spark.master=local[2]
    """  # noqa: D301  \b keeps the lines as they are
    try:
        from copydesk.spark import job, session
        from copydesk.spark import rows as columns  # noqa: PLC0415  an extra, for those who have Spark
    except ImportError as error:
        raise settings.CommandError(_MISSING) from error
    if keep and form != "parquet":
        raise settings.CommandError("--keep is for columns of Parquet files.")
    desk = columns.Desk(settings.parse_options(options), settings.read_settings())
    try:
        work = job.Job(session.begin(_pairs(conf)), form, desk, output.rstrip("/"), keep)
        parts = work.plan(source, partitions)
    except job.JobError as error:
        raise settings.CommandError(str(error)) from error
    left = work.left(parts)
    if len(left) < len(parts):
        click.echo(f"{len(parts) - len(left):,} of {len(parts):,} parts are done.", err=True)
    try:
        work.run(left, lambda part: click.echo(f"{part.name} is done.", err=True))
    except job.JobError as error:
        raise click.ClickException(f"{error} The same command goes on.") from error
    clean, problems = work.count()
    click.echo(f"{clean:,} clean, {problems:,} problems")
    sys.exit(1 if problems else 0)


def _pairs(conf: tuple[str, ...]) -> dict[str, str]:
    if wrong := [pair for pair in conf if "=" not in pair]:
        raise settings.CommandError(f"--conf takes KEY=VALUE, not {wrong[0]!r}.")
    return dict(pair.split("=", 1) for pair in conf)
