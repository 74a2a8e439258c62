"""Where the model in service lies: the wheel's own folder, the checkout's, or the one that the environment names."""

from __future__ import annotations

import os
from pathlib import Path

from classifier.errors import ModelError

__all__ = ["ENVIRONMENT_VARIABLE", "released_path"]

#: Environment variable that names another bundle's folder.
ENVIRONMENT_VARIABLE = "CLASSIFIER_MODEL"


def released_path() -> Path:
    """Folder of the bundle in service: `CLASSIFIER_MODEL` if set, else the one that came with the package.

    An installed wheel carries it as `classifier/_released`; a checkout (also installed in place) has it in
    `models/released`. What is in the folder is the bundle reader's affair: nothing is opened here.

    Returns
    -------
    Path
        An existing folder.

    Raises
    ------
    ModelError
        If the variable names no folder, or if the package came without a model.

    Examples
    --------
    >>> import os, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     os.environ["CLASSIFIER_MODEL"] = folder
    ...     found = released_path() == Path(folder)
    ...     del os.environ["CLASSIFIER_MODEL"]
    >>> found
    True
    """
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    if named:
        if Path(named).is_dir():
            return Path(named)
        raise ModelError(
            f"La variable {ENVIRONMENT_VARIABLE} nomme « {named} », qui n'est pas un dossier.",
            expected="un dossier de modèle (manifest.json et ses tableaux).",
            todo=f"corrigez {ENVIRONMENT_VARIABLE}, ou retirez-la pour utiliser le modèle livré.",
        )
    package = Path(__file__).resolve().parent
    for folder in (package / "_released", package.parents[1] / "models" / "released"):
        if folder.is_dir():
            return folder
    raise ModelError(
        "Aucun modèle n'accompagne cette installation.",
        expected="le dossier « classifier/_released » du paquet, ou « models/released » d'une copie du projet.",
        todo=f"réinstallez le paquet, ou nommez un dossier de modèle dans {ENVIRONMENT_VARIABLE}.",
    )
