"""From a comment to folded tokens with their places in the original: the specification of the text steps.

`analyse` is what the compiled scorer does character by character, written to be read. Training, evidence and the
portable scorer call it; `scoring/_fused.pyx` must agree with it on every text (tested with hostile Unicode).

What it sees through: accents and case, NFD and NFC, look-alike letters (full-width, mathematical bold), stretched
letters (« nooon »), digits and signs set for letters (« cl0wn »), stars inside words (« tabarn**k »), words spelled
letter by letter (« c o u c o u », « S.A.Q. »).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .folding import (
    DIGIT,
    EMOJI,
    LETTER,
    NEWLINE,
    PUNCTUATION,
    SEPARATOR,
    read_codes,
)

__all__ = ["CLUES", "Analysis", "Token", "analyse", "fold"]

#: Counts taken while reading, one per part; the order is part of the bundle's format.
CLUES = (
    "words",
    "capitals",
    "stretched",
    "masked",
    "leet",
    "spelled",
    "exclamations",
    "questions",
    "ellipses",
    "quotes",
    "numbers",
    "money",
    "percents",
    "links",
    "mentions",
    "hashtags",
    "emojis",
    "symbols",
    "newlines",
    "letters",
    "upper_letters",
)
_CLUE = {name: index for index, name in enumerate(CLUES)}

#: A part never holds more words than this; a sentence that does is cut at the next separator.
MAX_PART_WORDS = 48
#: Parts beyond this many are read as one.
MAX_PARTS = 64
#: Letters further into a word than this are read as a new word: cost stays linear.
MAX_WORD_CODES = 40

_LEET = {ord(a): ord(b) for a, b in zip("0134578@$€", "oieastbase")}
_STAR = ord("*")


def fold(text: str) -> str:
    """Fold a form for look-up in a word list: the folded words of `text`, separated by one space.

    Examples
    --------
    >>> fold("Éhonté, l’AFFAIRE!")
    "ehonte l' affaire"
    """
    analysis = analyse(text)
    return " ".join(t.folded for t in analysis.tokens if t.is_word)


@dataclass(slots=True)
class Token:
    """A folded token and where it stands.

    Attributes
    ----------
    folded : str
        Folded form: a word, a run of digits written ``0``, one sign or one emoji.
    start, end : int
        Code points of the original text.
    part : int
        Index of its part.
    is_word : bool
        Whether it is made of letters.
    spelled : bool
        Whether it was put together from single letters (it then overlaps them).
    """

    folded: str
    start: int
    end: int
    part: int
    is_word: bool
    spelled: bool = False


@dataclass(slots=True)
class Analysis:
    """Tokens, parts and clues of one text.

    Attributes
    ----------
    tokens : list of Token
        In reading order; spelled-out words follow the letters that they gather.
    parts : list of (int, int)
        Spans of the parts, code points of the original text. At least one, even for an empty text.
    clues : list of list of int
        One row of counts per part, in the order of `CLUES`.
    """

    tokens: list[Token] = field(default_factory=list)
    parts: list[tuple[int, int]] = field(default_factory=list)
    clues: list[list[int]] = field(default_factory=list)


def analyse(text: str) -> Analysis:
    """Cut a text into folded tokens, parts and clues. Linear in the length of the text.

    Examples
    --------
    >>> [t.folded for t in analyse("Noooon!! gang de cl0wns…").tokens]
    ['non', '!', 'gang', 'de', 'clowns', '…']
    """
    return _Reader(text).read()


class _Reader:
    """One reading of a text; the compiled scorer follows the same steps in the same order."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.codes = read_codes(text)
        self.analysis = Analysis()
        self.part = 0
        self.part_start = -1
        self.part_end = 0
        self.part_words = 0
        self.clues = [0] * len(CLUES)
        # Single letters just read, which may spell a word, with the sign between the first two and after the last.
        self.singles: list[tuple[int, int, int]] = []
        self.single_sign = 0
        self.first_sign = 0

    def read(self) -> Analysis:
        kind, code = self.codes.kind, self.codes.code
        position, count = 0, len(kind)
        while position < count:
            here = kind[position]
            if here == LETTER:
                position = self._read_word(position)
                continue
            if here == DIGIT:
                position = self._read_number(position)
                continue
            position = self._read_sign(position, here, code[position])
        self._end_text()
        return self.analysis

    # -- words ---------------------------------------------------------------------------------------------

    def _read_word(self, position: int) -> int:
        kind, code, upper = self.codes.kind, self.codes.code, self.codes.upper
        begin, count = position, len(kind)
        letters: list[int] = []
        uppers = total = 0
        stretched = masked = leet = False
        while position < count and len(letters) < MAX_WORD_CODES:
            if kind[position] == LETTER:
                char = code[position]
                run = position + 1
                while run < count and kind[run] == LETTER and code[run] == char:
                    run += 1
                length = run - position
                total += length
                uppers += sum(upper[position:run])
                if length >= 3:
                    stretched = True
                    letters.append(char)
                else:
                    letters.extend([char] * length)
                position = run
                continue
            after = self._joins(position)
            if not after:
                break
            for at in range(position, after):
                if code[at] == _STAR:
                    masked = True
                    if letters[-1] != _STAR:
                        letters.append(_STAR)
                else:
                    leet = True
                    letters.append(_LEET[code[at]])
            position = after
        end = self._end_of(position - 1)
        elided = position + 1 < count and code[position] == 39 and kind[position] == PUNCTUATION
        if elided and kind[position + 1] == LETTER:
            letters.append(39)
            end = self._end_of(position)
            position += 1
        clues = self.clues
        clues[0] += 1
        clues[2] += stretched
        clues[3] += masked
        clues[4] += leet
        clues[19] += total
        clues[20] += uppers
        if uppers >= 3 and uppers == total:
            clues[1] += 1
        start = self.codes.start[begin]
        folded = "".join(map(chr, letters))
        if folded in ("http", "https") or (folded == "w" and total == 3):  # « www », stretched letters being one
            clues[13] += 1
        if len(letters) == 1:
            if self.singles and self.single_sign == 0:
                self._end_singles()
            self._add(folded, start, end, is_word=True)
            self.singles.append((letters[0], start, end))
            self.single_sign = 0
        else:
            self._end_singles()
            self._add(folded, start, end, is_word=True)
        return position

    def _joins(self, position: int) -> int:
        """Where a run of at most four signs that stand for letters ends, if a letter follows it; else 0."""
        kind, code, count = self.codes.kind, self.codes.code, len(self.codes.kind)
        at = position
        while at < count and at - position < 4 and (code[at] == _STAR or (code[at] in _LEET and kind[at] != LETTER)):
            at += 1
        if at == position or at >= count or kind[at] != LETTER:
            return 0
        if code[position] == 64:  # an e-mail address is no disguised word
            run = at
            while run < count and run - at < MAX_WORD_CODES and kind[run] in (LETTER, DIGIT):
                run += 1
            if run < count and code[run] in (46, 45):
                return 0
        return at

    def _read_number(self, position: int) -> int:
        kind = self.codes.kind
        begin, count = position, len(kind)
        while position < count and kind[position] == DIGIT:
            position += 1
        self.clues[10] += 1
        self._end_singles()
        self._add("0" * min(position - begin, 7), self.codes.start[begin], self._end_of(position - 1), is_word=False)
        return position

    # -- signs ---------------------------------------------------------------------------------------------

    def _read_sign(self, position: int, here: int, char: int) -> int:
        kind, code, count = self.codes.kind, self.codes.code, len(self.codes.kind)
        clues = self.clues
        run = position + 1
        while run < count and kind[run] == here and code[run] == char:
            run += 1
        length = run - position
        start, end = self.codes.start[position], self._end_of(run - 1)
        if here in (SEPARATOR, NEWLINE):
            if length > 1 or here == NEWLINE:
                self._end_singles()
            else:
                self._sign_after_single(32)
            if here == NEWLINE:
                clues[18] += length
                self._end_part()
            elif self.part_words >= MAX_PART_WORDS:
                self._end_part()
            return run
        if here == EMOJI:
            clues[16] += length
            self._end_singles()
            self._add(chr(char), start, end, is_word=False)
            return run
        if char in (46, 45, 42, 95) and length == 1:
            self._sign_after_single(char)
        else:
            self._end_singles()
        if char == 33:
            clues[6] += length
            self._add("!", start, end, is_word=False)
        elif char == 63:
            clues[7] += length
            self._add("?", start, end, is_word=False)
        elif char == 0x2026 or (char == 46 and length >= 2):
            clues[8] += 1
            self._add("…", start, end, is_word=False)
        elif char == 34:
            clues[9] += 1
            self._add('"', start, end, is_word=False)
        elif char in (36, 0x20AC):
            clues[11] += 1
            self._add("$", start, end, is_word=False)
        elif char == 37:
            clues[12] += 1
            self._add("%", start, end, is_word=False)
        elif char == 64:
            clues[14] += 1
        elif char == 35:
            clues[15] += 1
        elif char not in (46, 44, 45, 39, 40, 41, 58, 59, 47):
            clues[17] += length
        if self._ends_sentence(char, length, run):
            self._extend(start, end)
            self._end_part()
        return run

    def _ends_sentence(self, char: int, length: int, run: int) -> bool:
        """A full stop, « ! », « ? » or « … » before a space ends a part; a stop after one letter (« M. ») does not."""
        kind, code = self.codes.kind, self.codes.code
        if run < len(kind) and kind[run] not in (SEPARATOR, NEWLINE):
            return False
        if char in (33, 63, 0x2026):
            return not (run + 1 < len(kind) and code[run + 1] in (33, 63))
        if char != 46:
            return False
        if length >= 2:
            return True
        tokens = self.analysis.tokens
        return not tokens or len(tokens[-1].folded) > 1

    # -- tokens, spelled-out words, parts --------------------------------------------------------------------

    def _end_of(self, position: int) -> int:
        """Original offset just after folded position `position`, combining marks included."""
        starts = self.codes.start
        source = starts[position]
        while position + 1 < len(starts) and starts[position + 1] == source:
            position += 1
        return starts[position + 1] if position + 1 < len(starts) else len(self.text)

    def _extend(self, start: int, end: int) -> None:
        if self.part_start < 0:
            self.part_start = start
        self.part_end = max(self.part_end, end)

    def _add(self, folded: str, start: int, end: int, *, is_word: bool) -> None:
        self._extend(start, end)
        self.part_words += is_word
        self.analysis.tokens.append(Token(folded, start, end, self.part, is_word))

    def _sign_after_single(self, sign: int) -> None:
        if not self.singles:
            return
        if self.single_sign or (len(self.singles) > 1 and sign != self.first_sign):
            self._end_singles()
            return
        self.first_sign = self.single_sign = sign

    def _end_singles(self) -> None:
        singles, self.singles, self.single_sign = self.singles, [], 0
        if len(singles) < 3 or (len(singles) < 4 and self.first_sign == 32):
            return
        self.clues[5] += 1
        folded = "".join(chr(code) for code, _, _ in singles[:MAX_WORD_CODES])
        token = Token(folded, singles[0][1], singles[-1][2], self.part, True, spelled=True)
        self.analysis.tokens.append(token)

    def _end_part(self) -> None:
        if self.part_start < 0 or self.part >= MAX_PARTS - 1:
            return
        self._end_singles()
        self._close_part()

    def _close_part(self) -> None:
        self.analysis.parts.append((max(self.part_start, 0), self.part_end))
        self.analysis.clues.append(self.clues)
        self.clues = [0] * len(CLUES)
        self.part += 1
        self.part_start = -1
        self.part_words = 0

    def _end_text(self) -> None:
        self._end_singles()
        if self.part_start >= 0 or not self.analysis.parts:
            self._close_part()
        else:  # signs after the last part, line breaks say, count for it
            last = self.analysis.clues[-1]
            self.analysis.clues[-1] = [a + b for a, b in zip(last, self.clues)]
