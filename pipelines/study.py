"""Studies that the cards cite: `python pipelines/study.py curve|public` writes `data/figures/<name>.json`."""

import json
import sys
from pathlib import Path

from classifier.training import pipeline, studies

if __name__ == "__main__":
    root, name = Path(), sys.argv[1]
    parameters = pipeline.read_parameters(root)
    settings = pipeline.read_settings(parameters)
    if name == "curve":
        found = studies.draw_curve(root, settings)
    elif name == "public":
        found = studies.compare_public(root, settings, parameters["train"]["public_weight"])
    else:
        sys.exit("curve ou public")
    target = root / "data" / "figures" / f"{name}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for value in found if isinstance(found, list) else (found["written_only"], found["with_public"]):
        print(studies.describe(value))
