"""`python -m tfkdoctor` is `tfkdoctor`."""

from tfkdoctor.cli import main

main()
