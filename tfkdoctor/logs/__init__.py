"""What programs print, read line by line: messages that are known, tracebacks, and what they mean."""
