"""MLflow: runs are kept, and the saved model gives the scores of the predictor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

mlflow = pytest.importorskip("mlflow", reason="the training extra is not installed")
pd = pytest.importorskip("pandas", reason="the training extra is not installed")

from classifier.bundle import load_bundle
from classifier.comments import Comment
from classifier.errors import InputError, ModelError
from classifier.predictor import Predictor
from classifier.taxonomy import taxonomy
from classifier.tracking import log_run, save_pyfunc
from made_model import SENTENCES, save_model


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return save_model(tmp_path / "model")


def test_the_pyfunc_gives_the_predictors_scores(bundle: Path, tmp_path: Path) -> None:
    save_pyfunc(bundle, tmp_path / "pyfunc")
    files = {path.suffix for path in (tmp_path / "pyfunc").rglob("*") if path.is_file()}
    assert not files & {".pkl", ".py", ".joblib"}
    served = mlflow.pyfunc.load_model(str(tmp_path / "pyfunc"))
    table = pd.DataFrame({"text": SENTENCES, "post": [SENTENCES[0], None, SENTENCES[2], None, None]})
    found = served.predict(table)
    comments = [Comment(text=t, post=p if isinstance(p, str) else None) for t, p in zip(table["text"], table["post"])]
    scores, violation = Predictor(load_bundle(bundle)).score(comments)
    assert np.array_equal(found[list(taxonomy().labels)].to_numpy(), scores)
    assert np.array_equal(found["any_violation"].to_numpy(), violation)


def test_a_table_without_text_is_refused(bundle: Path) -> None:
    from classifier.tracking import _load_pyfunc

    with pytest.raises(InputError, match="text"):
        _load_pyfunc(str(bundle)).predict(pd.DataFrame({"texte": ["a"]}))


def test_a_saved_model_that_was_touched_is_refused(bundle: Path, tmp_path: Path) -> None:
    save_pyfunc(bundle, tmp_path / "pyfunc")
    [array] = (tmp_path / "pyfunc").rglob("gram_weights.npy")
    content = bytearray(array.read_bytes())
    content[-1] ^= 1
    array.write_bytes(bytes(content))
    with pytest.raises(ModelError, match="modifié"):
        mlflow.pyfunc.load_model(str(tmp_path / "pyfunc"))


def test_a_run_keeps_parameters_figures_plots_and_model(bundle: Path, tmp_path: Path) -> None:
    plots = tmp_path / "plots"
    plots.mkdir()
    (plots / "a.png").write_bytes(b"\x89PNG")
    store = f"sqlite:///{(tmp_path / 'mlflow.db').as_posix()}"
    parameters = {"mlflow": {"tracking_uri": store, "experiment": "essai"}, "train": {"regularisation": 3.0}}
    mlflow.set_tracking_uri(store)
    mlflow.create_experiment("essai", artifact_location=(tmp_path / "artefacts").as_uri())
    identifier = log_run(bundle, parameters=parameters, metrics={"test": {"auc": 0.5, "failed": ["a"]}}, plots=plots)
    run = mlflow.get_run(identifier)
    assert run.data.params["train.regularisation"] == "3.0"
    assert run.data.metrics == {"test.auc": 0.5}
    assert list((tmp_path / "artefacts").rglob("a.png"))
    assert mlflow.search_logged_models(experiment_ids=[run.info.experiment_id], output_format="list")
