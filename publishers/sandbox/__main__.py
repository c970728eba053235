"""``python -m publishers.sandbox``: serve the stand-in in the foreground."""

import sys

from publishers.sandbox.server import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
