"""What each command does: settings, engine, report, exit code. One module per subject, imported when it runs."""
