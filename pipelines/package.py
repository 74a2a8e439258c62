"""DVC stage `package`: reads params.yaml, calls `classifier.training.pipeline.package`."""

from pathlib import Path

from classifier.training import pipeline

if __name__ == "__main__":
    pipeline.package(Path(), pipeline.read_parameters(Path()))
