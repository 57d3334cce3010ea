"""`python -m svc`: the command line, whose code is in svc/cli."""

from svc.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
