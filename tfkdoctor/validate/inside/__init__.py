"""What runs in examined interpreters, on Python 2.7 and 3.5+: the standard library, and what is installed there."""
