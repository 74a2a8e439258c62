"""`python -m classifier`: the same as the command `classifier`."""

from classifier.cli.main import run

if __name__ == "__main__":
    run()
