"""The command line: arguments in, exit code out. `main` is the entry point; each command has a file of its own."""
