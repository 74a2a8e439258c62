"""DVC stage `train`: reads params.yaml, calls `classifier.training.pipeline.train`."""

from pathlib import Path

from classifier.training import pipeline

if __name__ == "__main__":
    pipeline.train(Path(), pipeline.read_parameters(Path()))
