"""DVC stage `evaluate`: reads params.yaml, calls `classifier.training.pipeline.evaluate`."""

from pathlib import Path

from classifier.training import pipeline

if __name__ == "__main__":
    pipeline.evaluate(Path(), pipeline.read_parameters(Path()))
