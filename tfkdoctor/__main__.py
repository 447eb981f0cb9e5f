"""`python -m tfkdoctor` is `tfkdoctor`."""

from tfkdoctor.cli import main

if __name__ == "__main__":
    main()
