"""A small model made for tests: random weights over the words of a few sentences, no training."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from classifier.bundle import save_bundle
from classifier.features import HashTable, dense_names, extract
from classifier.heads import Calibration, Operating
from classifier.scoring import Weights
from classifier.taxonomy import taxonomy

SENTENCES = [
    "Bravo à l'équipe de la voirie, ma rue était faite à 5 h!",
    "Gang de cl0wns… vous êtes PAS capables de déneiger, tabarn**k.",
    "M. le maire, c'est quand la prochaine séance? Merci 👏👏",
    "t'es rien qu'un c o u c o u, la S.A.Q. est fermée\nappelle-moi 555-0123",
    "Noooooon mais c'est ben trop cher votre affaire de piscine",
]
LEXICON = ("greeting", "sacre")


def make_weights(seed: int = 0) -> Weights:
    """Weights of 40 heads: any text gets scores, those that share words with `SENTENCES` different ones."""
    random = np.random.default_rng(seed)
    heads = len(taxonomy().labels)
    found = extract(SENTENCES)
    grams, words = np.unique(found.gram_hash), np.unique(found.token_hash)
    phrases = np.unique(found.phrase_hash)[::2]
    dense = len(dense_names(LEXICON))
    return Weights(
        gram_slots=HashTable.build(grams, np.arange(len(grams))).slots,
        gram_weights=random.integers(-3000, 3000, (len(grams), heads)).astype(np.int16),
        gram_idf2=random.integers(200, 20000, len(grams)).astype(np.uint16),
        gram_scale=np.full(heads, 0.01),
        word_slots=HashTable.build(
            words, random.integers(1, 255, len(words)) << 20 | random.integers(0, 9, len(words))
        ).slots,
        word_weights=random.integers(-3000, 3000, (9, heads)).astype(np.int16),
        word_scale=np.full(heads, 1e-3),
        lexicon_slots=HashTable.build(phrases, random.integers(0, len(LEXICON), len(phrases))).slots,
        dense_weights=random.integers(-1000, 1000, (dense, heads)).astype(np.int32),
        dense_scale=np.full(heads, 1e-3),
        post_scale=np.full(heads, 0.002),
        bias=random.normal(-1, 1, heads),
        lexicon_classes=LEXICON,
    )


def make_calibration() -> Calibration:
    """A calibration in which both the whole and the strongest part count."""
    heads = len(taxonomy().labels)
    return Calibration(np.full(heads, 0.7), np.full(heads, 0.3), np.full(heads, -0.2), 1.1, 0.1)


def save_model(path: Path) -> Path:
    """The small model as a bundle folder."""
    save_bundle(
        path,
        name="essai",
        version="1",
        weights=make_weights(),
        calibration=make_calibration(),
        operating=make_operating(),
        goals={},
        card="# Essai\n",
    )
    return path


def make_operating() -> Operating:
    """Thresholds at one half, bands around them."""
    labels = taxonomy()
    multi = labels.netiquette + labels.political
    return Operating(
        dict.fromkeys(multi, 0.5),
        dict.fromkeys((*multi, *labels.alerts), (0.3, 0.6)),
        dict.fromkeys(labels.alerts, 0.3),
    )
