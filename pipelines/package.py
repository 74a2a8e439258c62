"""DVC stage `package`: the candidate bundle with its card, and the MLflow run that keeps what it reached."""

from pathlib import Path

from classifier import tracking
from classifier.training import pipeline

if __name__ == "__main__":
    root = Path()
    parameters = pipeline.read_parameters(root)
    pipeline.package(root, parameters)
    tracking.log_run(
        root / pipeline.CANDIDATE,
        parameters=parameters,
        metrics=pipeline.read_metrics(root),
        plots=root / pipeline.PLOTS,
        files=(root / "metrics.json", root / pipeline.CANDIDATE / "MODEL_CARD.md"),
    )
