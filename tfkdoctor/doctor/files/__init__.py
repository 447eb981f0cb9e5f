"""The rules of the doctor on dependency files: what an installer would bring today, and how it would die."""
