# mypy: ignore-errors
"""`tf.app.flags.FLAGS`: the command line is parsed where a flag is first read. With `absl.app.run(main)`, and no flag
read before that, absl.flags.FLAGS is enough."""

import sys

from absl import flags as absl_flags


def parsed_flags():
    """The flags of this program."""
    return _ParsedFlags()


class _ParsedFlags:
    def __getattr__(self, name):
        known = absl_flags.FLAGS
        if not known.is_parsed():
            known(sys.argv, known_only=True)
        return getattr(known, name)

    def __setattr__(self, name, value):
        setattr(absl_flags.FLAGS, name, value)

    def __call__(self, *args, **kwargs):
        return absl_flags.FLAGS(*args, **kwargs)

    def __getitem__(self, name):
        return absl_flags.FLAGS[name]

    def __iter__(self):
        return iter(absl_flags.FLAGS)

    def __contains__(self, name):
        return name in absl_flags.FLAGS
