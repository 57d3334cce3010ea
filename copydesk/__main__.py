"""`python -m svc`: the command line, whose code is in copydesk/cli."""

from copydesk.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
