"""The command `python -m tools.train_model`."""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.train_model import model

DATA = Path(__file__).parents[2] / "copydesk/langmodel/data"


def main() -> None:
    """Run a subcommand."""
    parser = argparse.ArgumentParser(prog="python -m tools.train_model", description=__doc__)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("model", help="write the tables, word lists and manifest")
    command.add_argument("--output", type=Path, default=DATA, help="the directory of model.npz and manifest.json")
    command.set_defaults(run=lambda arguments: model.train(arguments.output))
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
