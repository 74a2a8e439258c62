"""Topics that draw questions: the publications that get most, and the words that questions use more than the rest."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

__all__ = ["PostVolume", "Topics"]

_MAX_POSTS = 20_000
_MAX_WORDS = 50_000
_MIN_WORD_CHARS = 4
#: Words too common to be a topic, without accents.
_STOP_WORDS = frozenset(
    [
        "alors",
        "apres",
        "aussi",
        "autre",
        "autres",
        "avait",
        "avant",
        "avec",
        "avez",
        "avoir",
        "avons",
        "beaucoup",
        "bien",
        "bonjour",
        "bonne",
        "cela",
        "celle",
        "celui",
        "cest",
        "cette",
        "ceux",
        "chaque",
        "chez",
        "comme",
        "comment",
        "dans",
        "depuis",
        "des",
        "deux",
        "dire",
        "dit",
        "donc",
        "dont",
        "elle",
        "elles",
        "encore",
        "entre",
        "etait",
        "etes",
        "etre",
        "fait",
        "faire",
        "faites",
        "fois",
        "font",
        "hier",
        "ici",
        "ils",
        "jamais",
        "jour",
        "jours",
        "juste",
        "leur",
        "leurs",
        "lors",
        "mais",
        "meme",
        "memes",
        "merci",
        "mettre",
        "mieux",
        "moins",
        "mois",
        "monsieur",
        "madame",
        "notre",
        "nous",
        "parce",
        "part",
        "pas",
        "pendant",
        "personne",
        "peut",
        "peux",
        "plus",
        "plutot",
        "pour",
        "pourquoi",
        "pourrait",
        "pouvez",
        "pouvoir",
        "puis",
        "quand",
        "quel",
        "quelle",
        "quelles",
        "quelqu",
        "quelque",
        "quelques",
        "quels",
        "quest",
        "quoi",
        "rien",
        "sans",
        "sait",
        "sera",
        "serait",
        "ses",
        "seulement",
        "sinon",
        "soit",
        "sont",
        "sous",
        "souvent",
        "svp",
        "tant",
        "tellement",
        "tous",
        "tout",
        "toute",
        "toutes",
        "tres",
        "trop",
        "une",
        "vais",
        "vers",
        "veut",
        "veux",
        "voir",
        "vont",
        "vos",
        "votre",
        "vous",
        "vraiment",
        "estce",
        "aucun",
        "aucune",
        "aller",
        "ceci",
        "chose",
        "choses",
        "combien",
        "demain",
        "aujourdhui",
        "savoir",
        "possible",
        "besoin",
        "quelquun",
        "toujours",
        "tant",
        "allez",
        "aimerais",
        "bonsoir",
    ]
)


@dataclass(slots=True)
class PostVolume:
    """Comments under one publication."""

    post: str
    total: int = 0
    asking: int = 0
    broken: int = 0


@dataclass(slots=True)
class Topics:
    """Counts by publication and by word.

    Examples
    --------
    >>> topics = Topics()
    >>> topics.add("Collecte", "À quelle heure passe la collecte?", asking=True, broken=False)
    >>> [post.asking for post in topics.busiest(3)]
    [1]
    """

    _posts: dict[str, PostVolume] = field(default_factory=dict)
    _asked: Counter[str] = field(default_factory=Counter)
    _said: Counter[str] = field(default_factory=Counter)
    _shown: dict[str, str] = field(default_factory=dict)
    asking: int = 0
    others: int = 0

    def add(self, post: str, text: str, *, asking: bool, broken: bool) -> None:
        """Count one comment."""
        if post and (post in self._posts or len(self._posts) < _MAX_POSTS):
            volume = self._posts.setdefault(post, PostVolume(post))
            volume.total += 1
            volume.asking += asking
            volume.broken += broken
        self.asking += asking
        self.others += not asking
        words = self._words(text)
        (self._asked if asking else self._said).update(words)
        if len(self._asked) + len(self._said) > 2 * _MAX_WORDS:
            # Memory stays bounded: what was met once in a long export is no topic.
            for counts in (self._asked, self._said):
                for word in [word for word, count in counts.items() if count == 1]:
                    del counts[word]
            kept = self._asked.keys() | self._said.keys()
            self._shown = {word: shown for word, shown in self._shown.items() if word in kept}

    def _words(self, text: str) -> set[str]:
        words = set()
        spaced = "".join(c if c.isalpha() or c == "-" else " " for c in text[:2_000].replace("’", "'"))
        for shown in spaced.lower().split():
            shown = shown.strip("-")
            plain = "".join(c for c in unicodedata.normalize("NFD", shown) if not unicodedata.combining(c))
            if len(plain) >= _MIN_WORD_CHARS and plain.replace("-", "") not in _STOP_WORDS:
                words.add(plain)
                self._shown.setdefault(plain, shown)
        return words

    def busiest(self, count: int) -> list[PostVolume]:
        """Publications with the most questions, first the most; those without any are left out."""
        asked = [post for post in self._posts.values() if post.asking]
        return sorted(asked, key=lambda post: (-post.asking, -post.total))[:count]

    def words(self, count: int) -> list[tuple[str, int]]:
        """Words that questions use markedly more than other comments, with the number of questions that use them."""
        scored = []
        for word, asked in self._asked.items():
            if asked < 2:
                continue
            rate = (asked + 0.5) / (self.asking + 1)
            other = (self._said[word] + 0.5) / (self.others + 1)
            if rate > other:
                scored.append((asked * math.log(rate / other), word, asked))
        scored.sort(key=lambda one: (-one[0], one[1]))
        return [(self._shown.get(word, word), asked) for _, word, asked in scored[:count]]
