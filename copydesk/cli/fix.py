"""`copydesk fix`: repair a text, with the options of the command `ftfy`."""

from __future__ import annotations

import click

_FORMS = ("NFC", "NFD", "NFKC", "NFKD", "none")


@click.command()
@click.argument("filename", default="-", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--output", "-o", default="-", metavar="FILE", help="The file for the text. Default: standard output.")
@click.option("--encoding", "-e", default="utf-8", help="The encoding of the input. Default: UTF-8.")
@click.option("--guess", "-g", is_flag=True, help="Detect the encoding of the input. Overrides -e.")
@click.option(
    "--normalization",
    "-n",
    type=click.Choice(_FORMS, case_sensitive=False),
    default="NFC",
    help="The normal form of Unicode. Default: NFC.",
)
@click.option("--preserve-entities", is_flag=True, help="Keep character references of HTML, such as &amp;.")
@click.option("--plain", is_flag=True, help="Straighten quotes, divide ligatures and narrow wide letters, too.")
def fix(filename: str, output: str, encoding: str, normalization: str, **flags: bool) -> None:
    """Repair the text of FILENAME or standard input and print it.

    The options are those of the command ftfy. Lines and spaces stay as they are, except that line breaks become those
    of Unix, and controls of terminals and invisible characters are removed. Exit status: 0, or 1 if the input cannot
    be decoded or a file cannot be written, 2 for invalid usage.

    \b
    Examples:
      copydesk fix story.txt
      copydesk fix story.txt -o fixed.txt
      copydesk fix -g --plain < story.txt
    """  # noqa: D301  \b keeps the lines as they are
    from copydesk.cli.fixing import FixOptions, fix_lines, is_same_file, open_output, read_blocks
    from copydesk.errors import UnreadableContent

    if is_same_file(filename, output):
        raise click.ClickException("Cannot read and write the same file.")
    options = FixOptions(normalization, flags["preserve_entities"], flags["plain"])
    try:
        with open_output(output) as file:
            for block in read_blocks(filename, None if flags["guess"] else encoding):
                file.write(fix_lines(block, options).encode("utf-8", "replace"))
    except UnreadableContent as error:
        raise click.ClickException(str(error)) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        name = filename if error.filename == filename else output
        raise click.ClickException(f"{name}: {error.strerror or error}.") from error
