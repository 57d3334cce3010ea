"""`copydesk clean`: clean files, folders and standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from copydesk.cli import settings

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, allow_dash=True))
@click.option(
    "--format",
    "input_format",
    type=click.Choice(["json", "ndjson", "csv", "text", "html", "feed"]),
    help="The input format. Default: by file extension; standard input is detected.",
)
@click.option(
    "--map",
    "-m",
    "mapping",
    multiple=True,
    metavar="FIELD=NAME",
    help="The key or column with a field of the article, such as title=headline or text=content.rendered.",
)
@settings.option
@click.option("--output", type=_FILE, help="The file for clean articles. Default: standard output.")
@click.option(
    "--errors",
    type=_FILE,
    help="The file for problems, each with its raw article. Default: standard error, without it.",
)
@click.option("--resume", is_flag=True, help="Resume an interrupted run. Requires --output.")
@click.option("--quiet", "-q", is_flag=True, help="No progress, no summary, no line about skipped files.")
@click.option("--jobs", "-j", type=click.IntRange(1), help="The number of processes. Default: one per CPU.")
@click.option("--url", metavar="URL", help="Clean with the service at this URL.")
@click.option("--key-file", type=click.File(encoding="utf-8"), help="The file with the API key for the service.")
def clean(**arguments: Any) -> None:
    """Clean FILES, folders or standard input (-).

    The input is JSON (one article, or a list of articles), NDJSON, CSV with names of columns, plain text, HTML pages or
    feeds (RSS, Atom), each of them also compressed with gzip. Records of Scrapy, WordPress, newspaper4k, trafilatura,
    Common Crawl news and feeds as JSON are recognized; --map names the fields of others. The output has one clean
    article per line, in the order of the input. An article that cannot be cleaned becomes a problem, one per line, on
    standard error. Exit status: 0 if all articles were cleaned, 1 if some were not or the run failed, 2 for invalid
    usage, 130 after Ctrl-C.

    \b
    Examples:
      copydesk clean article.json
      echo 'Russiaâ€™s' | copydesk clean
      copydesk clean page.html
      copydesk clean feed.rss
      copydesk clean -o changes=none crawl.ndjson > clean.ndjson
      copydesk clean pages/ --output clean.ndjson --errors failed.ndjson
      copydesk clean crawl.ndjson --output clean.ndjson --resume
      copydesk clean crawl.ndjson.gz --jobs 2
      copydesk clean stories.csv --map title=Headline --map text=Story
      copydesk clean --url http://127.0.0.1:8000 crawl.ndjson
      copydesk clean --url http://127.0.0.1:8000 --key-file crawler.key crawl.ndjson
    """  # noqa: D301  \b keeps the lines as they are
    from copydesk.cli.clean_files import CleanArguments, clean_files

    sys.exit(clean_files(CleanArguments(**arguments)))
