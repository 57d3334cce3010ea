"""The command `copydesk`.

    copydesk clean      clean files, folders and standard input     clean.py, clean_files.py
    copydesk fix        repair a text file, as ftfy does            fix.py, fixing.py
    copydesk repair     show the repair of one text                 repair.py, repair_report.py
    copydesk spark      clean a crawl with Apache Spark             spark.py
    copydesk serve      start the HTTP service                      serve.py
    copydesk openapi    print the OpenAPI document                  openapi.py
    copydesk key        generate an API key                         keys.py

The modules of the commands import the rest of the package when a command runs, so that `--help` is fast.
"""

import click

from copydesk import __version__
from copydesk.cli.clean import clean
from copydesk.cli.fix import fix
from copydesk.cli.keys import key
from copydesk.cli.openapi import openapi
from copydesk.cli.repair import repair
from copydesk.cli.serve import serve
from copydesk.cli.spark import spark


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="copydesk", message="%(prog)s %(version)s")
def main() -> None:
    """Repair, clean and normalize scraped articles, with a record of every change.

    \b
    Examples:
      copydesk --version
      copydesk clean article.json
      copydesk repair 'Russiaâ€™s envoy'
      copydesk clean --help
    """  # noqa: D301  \b keeps the lines as they are


for _command in (clean, fix, repair, spark, serve, openapi, key):
    main.add_command(_command)
