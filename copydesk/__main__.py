"""`python -m copydesk`: the command line."""

from copydesk.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
