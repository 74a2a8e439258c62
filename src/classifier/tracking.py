"""MLflow: runs with their parameters, figures, plots and model; the model as a `pyfunc`. Alone in importing MLflow.

The model is saved by `loader_module` and `data_path`: the bundle's own arrays and JSON, no pickle and no code in the
folder. Loading one goes through `bundle.load_bundle`, so that hashes and the allow-list are checked as always.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mlflow
import mlflow.pyfunc
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, Schema

from .comments import Comment
from .errors import InputError
from .predictor import Predictor
from .taxonomy import taxonomy

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CommentModel", "log_run", "save_pyfunc"]

#: Parameters of a run are cut at this length by MLflow's stores.
_MAX_VALUE_CHARS = 500


class CommentModel:
    """What MLflow serves: a table with `text` (and `post`) in, one score column per label out."""

    def __init__(self, predictor: Predictor) -> None:
        self._predictor = predictor

    def predict(self, model_input: pd.DataFrame, params: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Scores of each row.

        Parameters
        ----------
        model_input : DataFrame
            Columns ``text`` and, if known, ``post``.
        params : mapping, optional
            None is used.

        Returns
        -------
        DataFrame
            One float64 column per label, and ``any_violation``, in the order of the rows.

        Raises
        ------
        InputError
            If there is no column ``text``.
        """
        import pandas as pd

        if "text" not in model_input.columns:
            raise InputError(
                "La table reçue n'a pas de colonne « text ».", "une colonne « text », et « post » au besoin."
            )
        posts = model_input["post"] if "post" in model_input.columns else [None] * len(model_input)
        comments = [
            Comment(text=str(text), post=str(post) if isinstance(post, str) and post else None)
            for text, post in zip(model_input["text"], posts, strict=True)
        ]
        scores, violation = self._predictor.score(comments)
        table = pd.DataFrame(scores, columns=list(taxonomy().labels), index=model_input.index)
        table["any_violation"] = violation
        return table


def _load_pyfunc(path: str) -> CommentModel:
    """Entry point that MLflow calls by name (`loader_module`)."""
    return CommentModel(Predictor.load(path))


def _signature() -> ModelSignature:
    inputs = Schema([ColSpec(DataType.string, "text"), ColSpec(DataType.string, "post", required=False)])
    outputs = Schema([ColSpec(DataType.double, name) for name in (*taxonomy().labels, "any_violation")])
    return ModelSignature(inputs=inputs, outputs=outputs)


def save_pyfunc(bundle: Path, target: Path) -> None:
    """Save a bundle as an MLflow model folder."""
    mlflow.pyfunc.save_model(
        path=str(target), loader_module=__name__, data_path=str(bundle), signature=_signature(), pip_requirements=[]
    )


def log_run(
    bundle: Path,
    *,
    parameters: Mapping[str, Any],
    metrics: Mapping[str, Any],
    plots: Path,
    files: tuple[Path, ...] = (),
) -> str:
    """Record one run: parameters, figures, plots, files and the model.

    Parameters
    ----------
    bundle : Path
        Model folder.
    parameters : mapping
        Contents of `params.yaml`; its ``mlflow`` says where runs go (a local SQLite store by default).
    metrics : mapping
        What `evaluate` wrote.
    plots : Path
        Folder of PNG files.
    files : tuple of Path
        Other files to keep with the run.

    Returns
    -------
    str
        Id of the run.
    """
    mlflow.set_tracking_uri(parameters["mlflow"]["tracking_uri"])
    mlflow.set_experiment(parameters["mlflow"]["experiment"])
    with mlflow.start_run() as run:
        flat = _flatten({k: v for k, v in parameters.items() if k != "mlflow"})
        mlflow.log_params({name: str(value)[:_MAX_VALUE_CHARS] for name, value in flat.items()})
        numbers = {name: float(v) for name, v in _flatten(metrics).items() if isinstance(v, (int, float))}
        mlflow.log_metrics({name: value for name, value in numbers.items() if value == value})
        mlflow.log_artifacts(str(plots), "plots")
        for path in files:
            mlflow.log_artifact(str(path))
        mlflow.pyfunc.log_model(
            name="model",
            loader_module=__name__,
            data_path=str(bundle),
            signature=_signature(),
            pip_requirements=[],
        )
        return str(run.info.run_id)


def _flatten(value: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested mappings as dotted names; lists are left to the files kept with the run."""
    flat: dict[str, Any] = {}
    for name, inner in value.items():
        if isinstance(inner, Mapping):
            flat.update(_flatten(inner, f"{prefix}{name}."))
        elif not isinstance(inner, list):
            flat[f"{prefix}{name}"] = inner
    return flat
