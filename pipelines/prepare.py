"""DVC stage `prepare`: reads params.yaml, calls `classifier.training.pipeline.prepare`."""

from pathlib import Path

from classifier.training import pipeline

if __name__ == "__main__":
    pipeline.prepare(Path(), pipeline.read_parameters(Path()))
