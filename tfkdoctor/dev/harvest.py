"""Read the public API of released TensorFlow and Keras packages into `rules/api/`.

    python -m tfkdoctor.dev.harvest                       everything
    python -m tfkdoctor.dev.harvest keras                 one view
    python -m tfkdoctor.dev.harvest --installed SITE …    take releases that are installed in a site-packages folder

Names and signatures are read statically; no package is imported. For the next release: add a row to `VIEWS` in
`harvest_releases.py`, run everything, and read the diff.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tfkdoctor.dev.harvest_releases import VIEWS
from tfkdoctor.dev.harvest_views import Entry, entries_of

COMMAND = "python -m tfkdoctor.dev.harvest"


def main(argv: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of: {', '.join(PARTS)}; none: all")
    parser.add_argument("--installed", action="append", default=[], type=Path, metavar="SITE",
                        help="a site-packages folder to read releases from (may be repeated)")  # fmt: skip
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "tfkdoctor" / "wheels",
                        help="where downloaded wheels are kept (default: %(default)s)")  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[2] / "rules" / "api",
                        help="where the files are written (default: the repository's rules/api)")  # fmt: skip
    options = parser.parse_args(argv)
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    options.out.mkdir(parents=True, exist_ok=True)
    for part in options.parts or PARTS:
        started = time.monotonic()
        files = texts_of(part, options.installed, options.cache, options.out)
        for name, text in files.items():
            (options.out / name).write_text(text, encoding="utf-8", newline="\n")
            print(f"{name}: {text.count(chr(10))} lines, {len(text) // 1024} kB, {time.monotonic() - started:.0f} s")
    return 0


PARTS = (*VIEWS, "keras_homes", "tf1_homes", "keras1_args")


def texts_of(part: str, installed: list[Path], cache: Path, out: Path) -> dict[str, str]:
    """The files of one part: file name -> text."""
    command = f"{COMMAND} {part}"
    match part:
        case "keras_homes":
            return {"keras_homes.txt": _keras_homes(command, out)}
        case "tf1_homes":
            return {"tf1_homes.txt": _tf1_homes(command, installed, cache)}
        case "keras1_args":
            return {"keras1_args.toml": _keras1_args(command, installed, cache, out)}
        case _:
            return {f"{part}.txt": _view(part, command, installed, cache)}


def _keras_homes(command: str, out: Path) -> str:
    from tfkdoctor.dev.harvest_homes import homes_text, keras_homes
    from tfkdoctor.validate.index import View

    keras, target = (View((out / f"{view}.txt").read_text(encoding="utf-8")) for view in ("keras", "tensorflow.keras"))
    origins = tuple(version for version in keras.versions() if not version.startswith("3."))
    keras2 = [version for version in target.versions() if version.startswith("2.")]
    versions = (keras2[-1], target.versions()[-1])
    return homes_text(keras_homes(keras, target, origins, versions), command, origins, versions)


def _tf1_homes(command: str, installed: list[Path], cache: Path) -> str:
    from tfkdoctor.dev.harvest_releases import names_of
    from tfkdoctor.dev.harvest_tf1 import fates, fates_text
    from tfkdoctor.dev.harvest_views import walk_of

    oldest, newest = VIEWS["tensorflow"][0], VIEWS["tensorflow"][-1]
    old, new = (walk_of(names_of(release, installed, cache), release.recipe) for release in (oldest, newest))
    labels = (oldest.version, newest.version)
    return fates_text(fates(old, new, labels), command, (oldest.pins[0], newest.pins[0]))


def _keras1_args(command: str, installed: list[Path], cache: Path, out: Path) -> str:
    from tfkdoctor.dev.harvest_args import args_text, interfaces_of
    from tfkdoctor.dev.harvest_releases import names_of
    from tfkdoctor.validate.index import View

    release = next(release for release in VIEWS["keras"] if release.version == "2.2.5")
    names = names_of(release, installed, cache)
    view = View((out / "keras.txt").read_text(encoding="utf-8"))
    return args_text(interfaces_of(names, view, release.version), command, release.pins[0])


def _view(part: str, command: str, installed: list[Path], cache: Path) -> str:
    from tfkdoctor.dev.harvest_write import index_text

    releases = VIEWS[part]
    entries = view_entries(part, installed, cache)
    pins = [" + ".join(release.pins) for release in releases]
    return index_text(part, command, pins, entries)


def view_entries(view: str, installed: list[Path], cache: Path) -> dict[str, dict[str, Entry]]:
    """Every version's entries of a view, oldest first. Modules that cannot be parsed are named on stderr."""
    from tfkdoctor.dev.harvest_releases import names_of

    found: dict[str, dict[str, Entry]] = {}
    for release in VIEWS[view]:
        names = names_of(release, installed, cache)
        found[release.version] = entries_of(names, release.recipe)
        for module, reason in sorted(names.tree.refused.items()):
            print(f"{view} {release.version}: {module} was not read: {reason}", file=sys.stderr)
    return found


if __name__ == "__main__":
    raise SystemExit(main())
