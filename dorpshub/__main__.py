"""`python -m dorpshub` is the command `dorpshub`."""

from __future__ import annotations

from dorpshub.cli.main import main

if __name__ == "__main__":
    main()
