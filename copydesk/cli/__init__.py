"""The command line: what the service does, without one; and the service itself.

copydesk clean    files, folders, pipes: on all cores, or by a service       clean.py
copydesk repair   one text, before and after, in words                       repair.py
copydesk spark    crawls of any size, with Apache Spark                      spark.py
copydesk serve    the service                                                serve.py
copydesk openapi  its contract                                               serve.py
copydesk key      an API key for it                                          serve.py
"""

import click

from copydesk import __version__
from copydesk.cli.clean import clean
from copydesk.cli.repair import repair
from copydesk.cli.serve import key, openapi, serve
from copydesk.cli.spark import spark


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="copydesk", message="%(prog)s %(version)s")
def main() -> None:
    """Copydesk takes raw articles, returns clean ones and says what it changed.

    \b
    Examples:
      copydesk --version
      copydesk clean article.json
      copydesk repair 'Russiaâ€™s envoy'
      copydesk clean --help
    """  # noqa: D301  \b keeps the lines as they are


for _command in (clean, repair, spark, serve, openapi, key):
    main.add_command(_command)
