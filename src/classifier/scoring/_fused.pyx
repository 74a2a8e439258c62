# distutils: language = c++
# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True, initializedcheck=False
"""The compiled scorer: from text to logits of all heads in one pass over the characters.

It takes the steps of `classifier.text.analyse` and `classifier.features` in the same order, on integers, so that the
portable scorer gives the same sums to the last bit. The interpreter lock is released while a batch is scored.
"""

import numpy as np

cimport cython
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ
from libc.math cimport sqrt
from libc.stdint cimport int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memset
from libcpp.vector cimport vector

from classifier import features as _features
from classifier import folding as _folding
from classifier import text as _text

cdef enum:
    SEPARATOR = 0
    LETTER = 1
    DIGIT = 2
    PUNCTUATION = 3
    EMOJI = 4
    IGNORED = 5
    NEWLINE = 6
    N_CLUES = 21
    MAX_HEADS = 64
    FLUSH = 16384

cdef int MAX_PART_WORDS = _text.MAX_PART_WORDS
cdef int MAX_PARTS = _text.MAX_PARTS
cdef int MAX_WORD_CODES = _text.MAX_WORD_CODES
cdef int TABLE_SIZE = _folding.TABLE_SIZE
cdef uint64_t FNV_PRIME = _features.FNV_PRIME
cdef uint64_t SEED_GRAM = _features.SEED_GRAM
cdef uint64_t SEED_WORD = _features.SEED_WORD
cdef uint64_t SEED_PAIR = _features.SEED_PAIR
cdef uint64_t SEED_POST = _features.SEED_POST
cdef int STEM_CODES = _features.STEM_CODES
cdef int MIN_CONTENT_CODES = _features.MIN_CONTENT_CODES
cdef int CAP = _features.DENSE_CAP

assert len(_text.CLUES) == N_CLUES and _features.NGRAM_SIZES == (2, 3, 4, 5)


cdef inline uint64_t mix(uint64_t h) noexcept nogil:
    h ^= h >> 33
    h *= <uint64_t>0xFF51AFD7ED558CCDULL
    h ^= h >> 33
    h *= <uint64_t>0xC4CEB9FE1A85EC53ULL
    h ^= h >> 33
    return h


cdef inline int64_t find(const uint64_t* slots, uint64_t mask, uint64_t h) noexcept nogil:
    cdef uint64_t at = h & mask
    cdef uint64_t key = h >> 32
    cdef uint64_t slot = slots[at]
    while slot:
        if slot >> 32 == key:
            return <int64_t>(slot & <uint64_t>0xFFFFFFFFULL) - 1
        at = (at + 1) & mask
        slot = slots[at]
    return -1


cdef struct Token:
    uint64_t word          # unmixed hash
    uint64_t stem          # mixed, 0 where too short
    int64_t start
    int64_t end
    int32_t part
    int32_t first          # place of its codes
    int32_t length
    uint8_t wordy
    uint8_t spelled


cdef class Workspace:
    """Buffers of one reading, reused from text to text."""

    cdef vector[uint8_t] kind
    cdef vector[uint8_t] upper
    cdef vector[uint32_t] code
    cdef vector[int64_t] start
    cdef vector[uint32_t] codes       # folded codes of the tokens
    cdef vector[Token] tokens
    cdef vector[int64_t] part_start
    cdef vector[int64_t] part_end
    cdef vector[int64_t] clues        # N_CLUES per part
    cdef vector[uint32_t] single_code
    cdef vector[int64_t] single_start
    cdef vector[int64_t] single_end


cdef struct Reading:
    int64_t length
    int64_t part_start
    int64_t part_end
    int32_t part
    int32_t part_words
    uint32_t single_sign
    uint32_t first_sign
    int64_t clues[N_CLUES]


cdef class FoldTable:
    cdef uint8_t[::1] kinds
    cdef uint32_t[::1] first
    cdef uint32_t[::1] second
    cdef uint8_t[::1] upper

    def __init__(self):
        kinds, first, second, upper = _folding.fold_table()
        self.kinds = np.array(kinds, dtype=np.uint8)
        self.first = np.array(first, dtype=np.uint32)
        self.second = np.array(second, dtype=np.uint32)
        self.upper = np.array(upper, dtype=np.uint8)


cdef inline int leet(uint32_t code) noexcept nogil:
    """Letter that a sign stands for, 0 if none (`text._LEET`)."""
    if code == 48: return 111    # 0 o
    if code == 49: return 105    # 1 i
    if code == 51: return 101    # 3 e
    if code == 52: return 97     # 4 a
    if code == 53: return 115    # 5 s
    if code == 55: return 116    # 7 t
    if code == 56: return 98     # 8 b
    if code == 64: return 97     # @ a
    if code == 36: return 115    # $ s
    if code == 0x20AC: return 101  # € e
    return 0


cdef void read_codes(FoldTable table, Workspace w, int ukind, const void* data, int64_t count) noexcept nogil:
    cdef int64_t position
    cdef int64_t place
    cdef uint32_t code
    cdef uint8_t kind
    w.kind.clear(); w.upper.clear(); w.code.clear(); w.start.clear()
    for position in range(count):
        if ukind == 1:
            code = (<const uint8_t*>data)[position]
        elif ukind == 2:
            code = (<const uint16_t*>data)[position]
        else:
            code = (<const uint32_t*>data)[position]
        place = -1
        if code < <uint32_t>TABLE_SIZE:
            place = code
        elif 0x1D400 <= code < 0x1D800:
            place = TABLE_SIZE + code - 0x1D400
        elif 0xFF00 <= code < 0xFFF0:
            place = TABLE_SIZE + 0x400 + code - 0xFF00
        elif 0xFB00 <= code < 0xFB07:
            place = TABLE_SIZE + 0x4F0 + code - 0xFB00
        if place >= 0:
            kind = table.kinds[place]
            if kind == IGNORED:
                continue
            w.kind.push_back(kind)
            w.code.push_back(table.first[place])
            w.upper.push_back(table.upper[place])
            w.start.push_back(position)
            if table.second[place]:
                w.kind.push_back(kind)
                w.code.push_back(table.second[place])
                w.upper.push_back(table.upper[place])
                w.start.push_back(position)
            continue
        if 0x1F000 <= code < 0x1FB00:
            if 0x1F3FB <= code <= 0x1F3FF:
                continue
            kind = EMOJI
        elif 0x3000 <= code < 0x3004:
            kind = SEPARATOR
        elif (0xFE00 <= code <= 0xFE0F or 0xD800 <= code < 0xE000 or code == 0xFEFF
              or 0xFFF0 <= code < 0x10000 or 0xE0000 <= code < 0xE1000):
            continue
        else:
            kind = LETTER
        w.kind.push_back(kind)
        w.code.push_back(code)
        w.upper.push_back(0)
        w.start.push_back(position)


cdef inline int64_t end_of(Workspace w, Reading* r, int64_t position) noexcept nogil:
    cdef int64_t count = w.start.size()
    cdef int64_t source = w.start[position]
    while position + 1 < count and w.start[position + 1] == source:
        position += 1
    return w.start[position + 1] if position + 1 < count else r.length


cdef inline void extend(Reading* r, int64_t start, int64_t end) noexcept nogil:
    if r.part_start < 0:
        r.part_start = start
    if end > r.part_end:
        r.part_end = end


cdef void add_token(Workspace w, Reading* r, int64_t first, int64_t start, int64_t end, bint wordy,
                    bint spelled) noexcept nogil:
    cdef Token token
    cdef int64_t position, count = w.codes.size()
    cdef uint64_t h = SEED_WORD
    token.first = first
    token.length = count - first
    token.start = start
    token.end = end
    token.part = r.part
    token.wordy = wordy
    token.spelled = spelled
    token.stem = 0
    for position in range(first, count):
        if position - first == STEM_CODES and token.length >= MIN_CONTENT_CODES:
            token.stem = mix(h)
        h = (h ^ w.codes[position]) * FNV_PRIME
    token.word = h
    if token.length >= MIN_CONTENT_CODES and token.length <= STEM_CODES:
        token.stem = mix(h)
    if w.codes[first] == 48:
        token.stem = 0
    w.tokens.push_back(token)


cdef void end_singles(Workspace w, Reading* r) noexcept nogil:
    cdef int64_t count = w.single_code.size()
    cdef int64_t first, position
    if count >= 3 and not (count < 4 and r.first_sign == 32):
        r.clues[5] += 1
        first = w.codes.size()
        for position in range(min(count, <int64_t>MAX_WORD_CODES)):
            w.codes.push_back(w.single_code[position])
        add_token(w, r, first, w.single_start[0], w.single_end[count - 1], True, True)
    w.single_code.clear(); w.single_start.clear(); w.single_end.clear()
    r.single_sign = 0


cdef inline void sign_after_single(Workspace w, Reading* r, uint32_t sign) noexcept nogil:
    if w.single_code.size() == 0:
        return
    if r.single_sign or (w.single_code.size() > 1 and sign != r.first_sign):
        end_singles(w, r)
        return
    r.first_sign = sign
    r.single_sign = sign


cdef void close_part(Workspace w, Reading* r) noexcept nogil:
    cdef int i
    w.part_start.push_back(r.part_start if r.part_start > 0 else 0)
    w.part_end.push_back(r.part_end)
    for i in range(N_CLUES):
        w.clues.push_back(r.clues[i])
        r.clues[i] = 0
    r.part += 1
    r.part_start = -1
    r.part_words = 0


cdef inline void end_part(Workspace w, Reading* r) noexcept nogil:
    if r.part_start < 0 or r.part >= MAX_PARTS - 1:
        return
    end_singles(w, r)
    close_part(w, r)


cdef int64_t joins(Workspace w, int64_t position) noexcept nogil:
    cdef int64_t count = w.kind.size()
    cdef int64_t at = position, run
    while at < count and at - position < 4 and (w.code[at] == 42 or (leet(w.code[at]) and w.kind[at] != LETTER)):
        at += 1
    if at == position or at >= count or w.kind[at] != LETTER:
        return 0
    if w.code[position] == 64:
        run = at
        while run < count and run - at < MAX_WORD_CODES and (w.kind[run] == LETTER or w.kind[run] == DIGIT):
            run += 1
        if run < count and (w.code[run] == 46 or w.code[run] == 45):
            return 0
    return at


cdef bint spells(Workspace w, int64_t first, const char* word, int64_t length) noexcept nogil:
    cdef int64_t i
    if <int64_t>w.codes.size() - first != length:
        return False
    for i in range(length):
        if w.codes[first + i] != <uint32_t>word[i]:
            return False
    return True


cdef int64_t read_word(Workspace w, Reading* r, int64_t position) noexcept nogil:
    cdef int64_t begin = position, count = w.kind.size()
    cdef int64_t first = w.codes.size()
    cdef int64_t run, length, at, after, i, start, end
    cdef int64_t uppers = 0, total = 0
    cdef bint stretched = False, masked = False, has_leet = False, single
    cdef uint32_t char
    while position < count and <int64_t>w.codes.size() - first < MAX_WORD_CODES:
        if w.kind[position] == LETTER:
            char = w.code[position]
            run = position
            while run < count and w.kind[run] == LETTER and w.code[run] == char:
                uppers += w.upper[run]
                run += 1
            length = run - position
            total += length
            if length >= 3:
                stretched = True
                w.codes.push_back(char)
            else:
                for i in range(length):
                    w.codes.push_back(char)
            position = run
            continue
        after = joins(w, position)
        if not after:
            break
        for at in range(position, after):
            if w.code[at] == 42:
                masked = True
                if w.codes.back() != 42:
                    w.codes.push_back(42)
            else:
                has_leet = True
                w.codes.push_back(leet(w.code[at]))
        position = after
    end = end_of(w, r, position - 1)
    if position < count and w.code[position] == 39 and w.kind[position] == PUNCTUATION:
        if position + 1 < count and w.kind[position + 1] == LETTER:
            w.codes.push_back(39)
            end = end_of(w, r, position)
            position += 1
    r.clues[0] += 1
    r.clues[2] += stretched
    r.clues[3] += masked
    r.clues[4] += has_leet
    r.clues[19] += total
    r.clues[20] += uppers
    if uppers >= 3 and uppers == total:
        r.clues[1] += 1
    start = w.start[begin]
    if spells(w, first, b"http", 4) or spells(w, first, b"https", 5) or (total == 3 and spells(w, first, b"w", 1)):
        r.clues[13] += 1
    single = <int64_t>w.codes.size() - first == 1
    if single:
        if w.single_code.size() and r.single_sign == 0:
            first = end_singles_before(w, r, first)
        extend(r, start, end)
        r.part_words += 1
        add_token(w, r, first, start, end, True, False)
        w.single_code.push_back(w.codes.back())
        w.single_start.push_back(start)
        w.single_end.push_back(end)
        r.single_sign = 0
    else:
        if w.single_code.size():
            first = end_singles_before(w, r, first)
        extend(r, start, end)
        r.part_words += 1
        add_token(w, r, first, start, end, True, False)
    return position


cdef int64_t end_singles_before(Workspace w, Reading* r, int64_t first) noexcept nogil:
    """End the spelled-out word that stands before the codes just read at `first`; give the new place of these."""
    cdef int64_t count = w.codes.size(), i
    cdef int64_t held = count - first
    cdef int64_t added
    cdef uint32_t[64] kept
    for i in range(held):
        kept[i] = w.codes[first + i]
    w.codes.resize(first)
    end_singles(w, r)
    first = w.codes.size()
    for i in range(held):
        w.codes.push_back(kept[i])
    return first


cdef void add_sign(Workspace w, Reading* r, uint32_t code, int64_t start, int64_t end) noexcept nogil:
    cdef int64_t first = w.codes.size()
    extend(r, start, end)
    w.codes.push_back(code)
    add_token(w, r, first, start, end, False, False)


cdef bint ends_sentence(Workspace w, uint32_t char, int64_t length, int64_t run) noexcept nogil:
    cdef int64_t count = w.kind.size()
    if run < count and w.kind[run] != SEPARATOR and w.kind[run] != NEWLINE:
        return False
    if char == 33 or char == 63 or char == 0x2026:
        return not (run + 1 < count and (w.code[run + 1] == 33 or w.code[run + 1] == 63))
    if char != 46:
        return False
    if length >= 2:
        return True
    return w.tokens.size() == 0 or w.tokens.back().length > 1


cdef int64_t read_sign(Workspace w, Reading* r, int64_t position) noexcept nogil:
    cdef int64_t count = w.kind.size()
    cdef uint8_t here = w.kind[position]
    cdef uint32_t char = w.code[position]
    cdef int64_t run = position + 1
    cdef int64_t length, start, end
    while run < count and w.kind[run] == here and w.code[run] == char:
        run += 1
    length = run - position
    start = w.start[position]
    end = end_of(w, r, run - 1)
    if here == SEPARATOR or here == NEWLINE:
        if length > 1 or here == NEWLINE:
            end_singles(w, r)
        else:
            sign_after_single(w, r, 32)
        if here == NEWLINE:
            r.clues[18] += length
            end_part(w, r)
        elif r.part_words >= MAX_PART_WORDS:
            end_part(w, r)
        return run
    if here == EMOJI:
        r.clues[16] += length
        end_singles(w, r)
        add_sign(w, r, char, start, end)
        return run
    if length == 1 and (char == 46 or char == 45 or char == 42 or char == 95):
        sign_after_single(w, r, char)
    else:
        end_singles(w, r)
    if char == 33:
        r.clues[6] += length
        add_sign(w, r, 33, start, end)
    elif char == 63:
        r.clues[7] += length
        add_sign(w, r, 63, start, end)
    elif char == 0x2026 or (char == 46 and length >= 2):
        r.clues[8] += 1
        add_sign(w, r, 0x2026, start, end)
    elif char == 34:
        r.clues[9] += 1
        add_sign(w, r, 34, start, end)
    elif char == 36 or char == 0x20AC:
        r.clues[11] += 1
        add_sign(w, r, 36, start, end)
    elif char == 37:
        r.clues[12] += 1
        add_sign(w, r, 37, start, end)
    elif char == 64:
        r.clues[14] += 1
    elif char == 35:
        r.clues[15] += 1
    elif not (char == 46 or char == 44 or char == 45 or char == 39 or char == 40 or char == 41 or char == 58
              or char == 59 or char == 47):
        r.clues[17] += length
    if ends_sentence(w, char, length, run):
        extend(r, start, end)
        end_part(w, r)
    return run


cdef void read_text(FoldTable table, Workspace w, int ukind, const void* data, int64_t length) noexcept nogil:
    """`text.analyse`: tokens, parts and clues of one text, left in the workspace."""
    cdef Reading r
    cdef int64_t position = 0, count, begin, first, i
    memset(&r, 0, sizeof(Reading))
    r.length = length
    r.part_start = -1
    w.codes.clear(); w.tokens.clear(); w.part_start.clear(); w.part_end.clear(); w.clues.clear()
    w.single_code.clear(); w.single_start.clear(); w.single_end.clear()
    read_codes(table, w, ukind, data, length)
    count = w.kind.size()
    while position < count:
        if w.kind[position] == LETTER:
            position = read_word(w, &r, position)
        elif w.kind[position] == DIGIT:
            begin = position
            while position < count and w.kind[position] == DIGIT:
                position += 1
            r.clues[10] += 1
            end_singles(w, &r)
            first = w.codes.size()
            for i in range(min(position - begin, <int64_t>7)):
                w.codes.push_back(48)
            extend(&r, w.start[begin], end_of(w, &r, position - 1))
            add_token(w, &r, first, w.start[begin], end_of(w, &r, position - 1), True, False)
        else:
            position = read_sign(w, &r, position)
    end_singles(w, &r)
    if r.part_start >= 0 or w.part_start.size() == 0:
        close_part(w, &r)
    else:
        first = w.clues.size() - N_CLUES
        for i in range(N_CLUES):
            w.clues[first + i] += r.clues[i]


cdef struct Sums:
    int64_t grams[MAX_HEADS]
    int64_t norm
    int64_t words[MAX_HEADS]
    int64_t word_mass
    int64_t content
    int64_t shared


cdef class Context:
    """What a publication brings: a contribution to each head, and the rough stems of its words."""

    cdef double[::1] logits
    cdef uint64_t[::1] stems

    def __init__(self, logits, stems):
        self.logits = np.ascontiguousarray(logits, dtype=np.float64)
        self.stems = np.ascontiguousarray(stems, dtype=np.uint64)


cdef inline bint shares(const uint64_t* stems, int64_t count, uint64_t stem) noexcept nogil:
    cdef int64_t low = 0, high = count, middle
    while low < high:
        middle = (low + high) >> 1
        if stems[middle] < stem:
            low = middle + 1
        else:
            high = middle
    return low < count and stems[low] == stem


cdef class FusedScorer:
    """Logits of all heads for batches of texts.

    Parameters
    ----------
    weights : classifier.scoring.weights.Weights
        Quantised weights and tables.
    """

    cdef FoldTable table
    cdef const uint64_t[::1] gram_slots
    cdef const int16_t[:, ::1] gram_weights
    cdef const uint16_t[::1] gram_idf2
    cdef const double[::1] gram_scale
    cdef const uint64_t[::1] word_slots
    cdef const int16_t[:, ::1] word_weights
    cdef const double[::1] word_scale
    cdef const uint64_t[::1] lexicon_slots
    cdef const int32_t[:, ::1] dense_weights
    cdef const double[::1] dense_scale
    cdef const double[::1] bias
    cdef int heads
    cdef int classes
    cdef int dense

    def __init__(self, weights):
        self.table = FoldTable()
        self.gram_slots = weights.gram_slots
        self.gram_weights = weights.gram_weights
        self.gram_idf2 = weights.gram_idf2
        self.gram_scale = weights.gram_scale
        self.word_slots = weights.word_slots
        self.word_weights = weights.word_weights
        self.word_scale = weights.word_scale
        self.lexicon_slots = weights.lexicon_slots
        self.dense_weights = weights.dense_weights
        self.dense_scale = weights.dense_scale
        self.bias = weights.bias
        self.heads = weights.gram_weights.shape[1]
        self.classes = len(weights.lexicon_classes)
        self.dense = weights.dense_weights.shape[0]
        if self.heads > MAX_HEADS:
            raise ValueError(f"at most {MAX_HEADS} heads, got {self.heads}")

    def score(self, list texts, list contexts):
        """Logits of a batch.

        Parameters
        ----------
        texts : list of str (n)
        contexts : list of Context or None (n)

        Returns
        -------
        tuple
            (text_parts int64 (n + 1), part_start, part_end int64 (p), clues int64 (p, clues), lexicon int64
            (p, classes), whole float64 (n, heads), parts float64 (p, heads)).
        """
        cdef int64_t n = len(texts), i, j, p, k
        cdef int H = self.heads, L = self.classes
        cdef Workspace w = Workspace()
        cdef vector[int64_t] starts, ends, all_clues, all_lexicon
        cdef vector[double] part_logits
        cdef vector[Sums] sums
        cdef vector[int64_t] lexicon
        cdef Sums total
        cdef int64_t[N_CLUES] clue_total
        cdef vector[int64_t] lexicon_total
        text_parts_array = np.zeros(n + 1, dtype=np.int64)
        whole_array = np.empty((n, H), dtype=np.float64)
        cdef int64_t[::1] text_parts = text_parts_array
        cdef double[:, ::1] whole = whole_array
        cdef double[MAX_HEADS] row
        cdef const double* post_logits
        cdef const uint64_t* stems
        cdef int64_t stem_count
        cdef const void* data
        cdef int ukind
        cdef int64_t length
        cdef bint has_post
        cdef Context context
        lexicon_total.resize(max(L, 1))
        for i in range(n):
            text = texts[i]
            if not isinstance(text, str):
                raise TypeError(f"expected str, got {type(text).__name__}")
            context = contexts[i]
            has_post = context is not None
            post_logits = NULL
            stems = NULL
            stem_count = 0
            if has_post:
                post_logits = &context.logits[0]
                stem_count = context.stems.shape[0]
                if stem_count:
                    stems = &context.stems[0]
            data = PyUnicode_DATA(text)
            ukind = PyUnicode_KIND(text)
            length = PyUnicode_GET_LENGTH(text)
            with nogil:
                read_text(self.table, w, ukind, data, length)
                p = w.part_start.size()
                sums.resize(p)
                lexicon.assign(p * L, 0)
                self.add_up(w, p, sums.data(), lexicon.data(), stems, stem_count)
                memset(&total, 0, sizeof(Sums))
                memset(clue_total, 0, sizeof(clue_total))
                for k in range(L):
                    lexicon_total[k] = 0
                for j in range(p):
                    for k in range(H):
                        total.grams[k] += sums[j].grams[k]
                        total.words[k] += sums[j].words[k]
                    total.norm += sums[j].norm
                    total.word_mass += sums[j].word_mass
                    total.content += sums[j].content
                    total.shared += sums[j].shared
                    for k in range(N_CLUES):
                        clue_total[k] += w.clues[j * N_CLUES + k]
                        all_clues.push_back(w.clues[j * N_CLUES + k])
                    for k in range(L):
                        lexicon_total[k] += lexicon[j * L + k]
                        all_lexicon.push_back(lexicon[j * L + k])
                    starts.push_back(w.part_start[j])
                    ends.push_back(w.part_end[j])
                self.finish(&total, clue_total, lexicon_total.data(), has_post, post_logits, &whole[i, 0])
                for j in range(p):
                    if p == 1:
                        for k in range(H):
                            part_logits.push_back(whole[i, k])
                    else:
                        self.finish(&sums[j], &w.clues[j * N_CLUES], &lexicon[j * L], has_post, post_logits, row)
                        for k in range(H):
                            part_logits.push_back(row[k])
            text_parts[i + 1] = text_parts[i] + p
        return (text_parts_array, _integers(starts), _integers(ends), _integers(all_clues).reshape(-1, N_CLUES),
                _integers(all_lexicon).reshape(-1, L), whole_array, _floats(part_logits).reshape(-1, H))

    cdef void add_gram(self, int64_t row, int32_t* pending, int64_t* norm) noexcept nogil:
        cdef int k
        cdef int H = self.heads
        cdef const int16_t* weights = &self.gram_weights[row, 0]
        if H == 40:  # a length that the compiler knows becomes vector instructions
            for k in range(40):
                pending[k] += weights[k]
        else:
            for k in range(H):
                pending[k] += weights[k]
        norm[0] += self.gram_idf2[row]

    cdef void add_up(self, Workspace w, int64_t parts, Sums* sums, int64_t* lexicon, const uint64_t* stems,
                     int64_t stem_count) noexcept nogil:
        """Sums of each part over its tokens, n-grams, words and lexicon classes."""
        cdef int64_t t, count = w.tokens.size(), k, position, first, length, row, size, value, mass
        cdef int32_t[MAX_HEADS] pending
        cdef int64_t pended = 0
        cdef int part = 0
        cdef int H = self.heads, L = self.classes
        cdef uint64_t grams_mask = self.gram_slots.shape[0] - 1
        cdef uint64_t words_mask = self.word_slots.shape[0] - 1
        cdef uint64_t lexicon_mask = self.lexicon_slots.shape[0] - 1
        cdef const uint64_t* gram_slots = &self.gram_slots[0]
        cdef uint64_t h
        cdef uint64_t[4] phrase      # hashes of the sequences that end here, by size - 1
        cdef int run = 0             # tokens of this part that may begin a sequence here
        cdef Token* token
        cdef uint32_t code
        cdef Sums* sum
        memset(sums, 0, parts * sizeof(Sums))
        memset(pending, 0, sizeof(pending))
        for t in range(count):
            token = &w.tokens[t]
            if token.part != part or pended > FLUSH:
                for k in range(H):
                    sums[part].grams[k] += pending[k]
                    pending[k] = 0
                pended = 0
                if token.part != part:
                    part = token.part
                    run = 0
            sum = &sums[part]
            first = token.first
            length = token.length
            if token.wordy:
                # n-grams over « boundary, codes, boundary », each started once and grown from 2 to 5
                for position in range(-1, length):
                    h = SEED_GRAM
                    code = 32 if position < 0 else w.codes[first + position]
                    h = (h ^ code) * FNV_PRIME
                    for size in range(2, 6):
                        if position + size > length + 1:
                            break
                        code = 32 if position + size - 1 == length else w.codes[first + position + size - 1]
                        h = (h ^ code) * FNV_PRIME
                        row = find(gram_slots, grams_mask, mix(h))
                        if row >= 0:
                            self.add_gram(row, pending, &sum.norm)
                pended += 4 * length
            h = mix(token.word)
            row = find(gram_slots, grams_mask, h)
            if row >= 0:
                self.add_gram(row, pending, &sum.norm)
            pended += 2
            value = find(&self.word_slots[0], words_mask, h)
            if value >= 0:
                mass = value >> 20
                row = value & 0xFFFFF
                for k in range(H):
                    sum.words[k] += mass * self.word_weights[row, k]
                sum.word_mass += mass
            value = find(&self.lexicon_slots[0], lexicon_mask, h)
            if value >= 0:
                lexicon[part * L + value] += 1
            if token.stem:
                sum.content += 1
                if stem_count and shares(stems, stem_count, token.stem):
                    sum.shared += 1
            if token.spelled:
                continue
            for size in range(3, 0, -1):
                if run >= size:
                    phrase[size] = ((SEED_PAIR ^ phrase[size - 1]) * FNV_PRIME ^ token.word) * FNV_PRIME
                    h = mix(phrase[size])
                    value = find(&self.lexicon_slots[0], lexicon_mask, h)
                    if value >= 0:
                        lexicon[part * L + value] += 1
                    if size == 1:
                        row = find(gram_slots, grams_mask, h)
                        if row >= 0:
                            self.add_gram(row, pending, &sum.norm)
            phrase[0] = token.word
            if run < 3:
                run += 1
        if count:
            for k in range(H):
                sums[part].grams[k] += pending[k]

    def explain(self, str text, list heads):
        """Share of each token in the logits of some heads, within its part.

        Parameters
        ----------
        text : str
        heads : list of int (k)

        Returns
        -------
        tuple
            (start, end, part, mass int64 (t), shares float64 (t, k)), spelled-out words among the tokens.
        """
        cdef Workspace w = Workspace()
        cdef int64_t t, count, k, p, chosen = len(heads), head
        cdef vector[Sums] sums
        cdef vector[int64_t] lexicon
        cdef int L = self.classes
        read_text(self.table, w, PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text))
        p = w.part_start.size()
        count = w.tokens.size()
        sums.resize(p)
        lexicon.assign(p * L, 0)
        self.add_up(w, p, sums.data(), lexicon.data(), NULL, 0)
        starts, ends, parts, masses = (np.empty(count, dtype=np.int64) for _ in range(4))
        shares_array = np.zeros((count, chosen), dtype=np.float64)
        cdef int64_t[::1] start = starts, end = ends, part = parts, mass = masses
        cdef int64_t value
        cdef double[:, ::1] shares_of = shares_array
        cdef vector[int64_t] chosen_heads
        for k in range(chosen):
            chosen_heads.push_back(heads[k])
        for t in range(count):
            start[t] = w.tokens[t].start
            end[t] = w.tokens[t].end
            part[t] = w.tokens[t].part
            value = find(&self.word_slots[0], self.word_slots.shape[0] - 1, mix(w.tokens[t].word))
            mass[t] = value >> 20 if value >= 0 else 255
        if count and chosen:
            self.share(w, sums.data(), lexicon.data(), chosen_heads, shares_of)
        return starts, ends, parts, masses, shares_array

    cdef void share_gram(self, int64_t row, double root, vector[int64_t]& heads, double[:, ::1] out, int64_t t,
                         double part) noexcept nogil:
        cdef size_t k
        for k in range(heads.size()):
            out[t, k] += part * self.gram_weights[row, heads[k]] / root * self.gram_scale[heads[k]]

    cdef void share_class(self, int64_t value, int64_t seen, vector[int64_t]& heads, double[:, ::1] out, int64_t t,
                          int64_t size, vector[int64_t]& plain) noexcept nogil:
        """Spread a lexicon class over the words that made it, its count being capped."""
        cdef size_t k
        cdef int64_t row = self.dense_weights.shape[0] - self.classes + value, i, last = plain.size() - 1
        cdef double part = (1.0 if seen <= CAP else <double>CAP / <double>seen) / size
        for k in range(heads.size()):
            for i in range(size):
                out[t if size == 1 else plain[last - i], k] += (
                    part * self.dense_weights[row, heads[k]] * self.dense_scale[heads[k]])

    cdef void share(self, Workspace w, Sums* sums, int64_t* lexicon, vector[int64_t]& heads,
                    double[:, ::1] out) noexcept nogil:
        cdef int64_t t, count = w.tokens.size(), position, row, size, value, k
        cdef int part = 0, run = 0, L = self.classes
        cdef uint64_t grams_mask = self.gram_slots.shape[0] - 1
        cdef uint64_t lexicon_mask = self.lexicon_slots.shape[0] - 1
        cdef uint64_t h
        cdef uint64_t[4] phrase
        cdef Token* token
        cdef uint32_t code
        cdef double root
        cdef vector[int64_t] plain
        for t in range(count):
            token = &w.tokens[t]
            if token.part != part:
                part = token.part
                run = 0
            root = sqrt(<double>max(sums[part].norm, 1))
            if token.wordy:
                for position in range(-1, token.length):
                    h = SEED_GRAM
                    code = 32 if position < 0 else w.codes[token.first + position]
                    h = (h ^ code) * FNV_PRIME
                    for size in range(2, 6):
                        if position + size > token.length + 1:
                            break
                        code = (32 if position + size - 1 == token.length
                                else w.codes[token.first + position + size - 1])
                        h = (h ^ code) * FNV_PRIME
                        row = find(&self.gram_slots[0], grams_mask, mix(h))
                        if row >= 0:
                            self.share_gram(row, root, heads, out, t, 1.0)
            h = mix(token.word)
            row = find(&self.gram_slots[0], grams_mask, h)
            if row >= 0:
                self.share_gram(row, root, heads, out, t, 1.0)
            value = find(&self.word_slots[0], self.word_slots.shape[0] - 1, h)
            if value >= 0:
                for k in range(<int64_t>heads.size()):
                    out[t, k] += (<double>(value >> 20) * self.word_weights[value & 0xFFFFF, heads[k]]
                                  / <double>sums[part].word_mass * self.word_scale[heads[k]])
            value = find(&self.lexicon_slots[0], lexicon_mask, h)
            if value >= 0:
                self.share_class(value, lexicon[part * L + value], heads, out, t, 1, plain)
            if token.spelled:
                continue
            plain.push_back(t)
            for size in range(3, 0, -1):
                if run >= size:
                    phrase[size] = ((SEED_PAIR ^ phrase[size - 1]) * FNV_PRIME ^ token.word) * FNV_PRIME
                    h = mix(phrase[size])
                    value = find(&self.lexicon_slots[0], lexicon_mask, h)
                    if value >= 0:
                        self.share_class(value, lexicon[part * L + value], heads, out, t, size + 1, plain)
                    if size == 1:
                        row = find(&self.gram_slots[0], grams_mask, h)
                        if row >= 0:
                            self.share_gram(row, root, heads, out, t, 0.5)
                            self.share_gram(row, root, heads, out, plain[plain.size() - 2], 0.5)
            phrase[0] = token.word
            if run < 3:
                run += 1

    cdef void finish(self, Sums* sum, const int64_t* clues, const int64_t* lexicon, bint has_post,
                     const double* post_logits, double* out) noexcept nogil:
        """Logits from sums: `features.dense_counts`, then the three blocks, the publication and the bias."""
        cdef int k, d = 0, i
        cdef int H = self.heads, L = self.classes
        cdef int64_t[MAX_HEADS] dense
        cdef int64_t words = clues[0], letters = clues[19], upper = clues[20], value
        cdef bint judged = has_post and sum.content > 0
        cdef double root = sqrt(<double>sum.norm)
        cdef double mass = <double>sum.word_mass
        cdef double logit
        cdef int[8] bounds = [1, 2, 3, 5, 9, 15, 25, 50]
        cdef double[3] shares_upper = [0.3, 0.6, 0.9]
        cdef double[4] overlaps = [0.0, 0.1, 0.25, 0.5]
        memset(dense, 0, sizeof(dense))
        for i in range(1, 19):
            value = clues[i] if clues[i] < CAP else CAP
            if value:
                self.add_dense(d + i - 1, value, dense)
        d = 18
        i = 0
        while i < 8 and bounds[i] < words:
            i += 1
        self.add_dense(d + i, 1, dense)
        d += 9
        for i in range(3):
            if letters >= 6 and <double>upper > shares_upper[i] * <double>letters:
                self.add_dense(d + i, 1, dense)
        d += 3
        if has_post:
            self.add_dense(d, 1, dense)
        if judged and sum.shared == 0:
            self.add_dense(d + 1, 1, dense)
        if judged:
            for i in range(4):
                if <double>sum.shared > overlaps[i] * <double>sum.content:
                    self.add_dense(d + 2 + i, 1, dense)
        d += 6
        for i in range(L):
            value = lexicon[i] if lexicon[i] < CAP else CAP
            if value:
                self.add_dense(d + i, value, dense)
        for k in range(H):
            logit = self.bias[k]
            if sum.norm:
                logit += <double>sum.grams[k] / root * self.gram_scale[k]
            if sum.word_mass:
                logit += <double>sum.words[k] / mass * self.word_scale[k]
            logit += <double>dense[k] * self.dense_scale[k]
            if has_post:
                logit += post_logits[k]
            out[k] = logit

    cdef inline void add_dense(self, int row, int64_t value, int64_t* dense) noexcept nogil:
        cdef int k
        cdef const int32_t* weights = &self.dense_weights[row, 0]
        for k in range(self.heads):
            dense[k] += value * weights[k]

    def context(self, logits, stems):
        """A publication's `Context`, from its logits (heads) and the sorted stems of its words."""
        return Context(logits, stems)


def tokens(str text):
    """Tokens, parts and clues of one text, as `text.analyse` gives them (for the tests that compare the two)."""
    cdef Workspace w = Workspace()
    read_text(FoldTable(), w, PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text))
    found = []
    for i in range(w.tokens.size()):
        t = w.tokens[i]
        folded = "".join([chr(w.codes[t.first + j]) for j in range(t.length)])
        found.append((folded, t.start, t.end, t.part, bool(t.spelled)))
    parts = [(w.part_start[i], w.part_end[i]) for i in range(w.part_start.size())]
    clues = [[w.clues[i * N_CLUES + j] for j in range(N_CLUES)] for i in range(w.part_start.size())]
    return found, parts, clues


cdef _integers(const vector[int64_t]& values):
    cdef int64_t count = values.size(), i
    array = np.empty(count, dtype=np.int64)
    cdef int64_t[::1] view = array
    for i in range(count):
        view[i] = values[i]
    return array


cdef _floats(const vector[double]& values):
    cdef int64_t count = values.size(), i
    array = np.empty(count, dtype=np.float64)
    cdef double[::1] view = array
    for i in range(count):
        view[i] = values[i]
    return array
