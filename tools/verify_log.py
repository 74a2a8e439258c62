#!/usr/bin/env python3
"""Verify an SQLite audit log with the standard library alone, from `docs/audit.md` and none of the project's code.

    python verify_log.py audit.db [CHECKPOINT.json …]

Exit code 0 if everything holds. Checkpoints are compared; their Ed25519 signature is checked by `classifier audit
verify`.
"""

import hashlib
import json
import sqlite3
import sys
from pathlib import Path


def text(value):
    """Text of a column read as bytes."""
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def link(previous, seq, kind, record_id, at_us, about, seal, body):
    """Digest of a record."""
    columns = (seq, kind, record_id, at_us, "-" if about is None else about, "-" if seal is None else seal.hex(), body)
    return hashlib.sha256(previous + "\n".join(map(str, columns)).encode("utf-8", "surrogatepass")).digest()


def sealed(author, subject, publication, moment_us, retention, form, salt, payload):
    """Commitment to what stands apart."""
    columns = [author, subject, publication, moment_us, retention, form]
    header = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(salt + header.encode("utf-8", "surrogatepass") + b"\n" + payload).digest()


def verify(path, checkpoints):
    """Yield one line for each thing that does not hold."""
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    destroyed = base.execute("SELECT first_seq, last_seq, seq FROM audit_purges ORDER BY first_seq").fetchall()
    listed, previous, expected = [], bytes(32), 1
    records = (
        "SELECT seq, CAST(kind AS BLOB), CAST(id AS BLOB), at_us, CAST(about AS BLOB), seal, CAST(body AS BLOB), digest"
    )
    for seq, *columns, digest in base.execute(f"{records} FROM audit_records ORDER BY seq"):
        kind, record_id, at_us, about, seal, body = (
            value if n in (2, 4) else text(value) for n, value in enumerate(columns)
        )
        about = text(about)
        if seq != expected:
            yield f"enregistrements {expected} à {seq - 1} : absents"
        elif link(previous, seq, kind, record_id, at_us, about, seal, body) != digest:
            yield f"enregistrement {seq} : le maillon ne tient pas"
        for point in checkpoints:
            if seq == point["seq"] and digest.hex() != point["digest"]:
                yield f"enregistrement {seq} : ce n'est pas celui du point de contrôle"
        if kind == "destruction":
            listed += [(first, last, seq) for first, last in json.loads(body)["ranges"]]
        previous, expected = digest, seq + 1
    yield from (
        f"point de contrôle {p['seq']} : la fin du registre manque" for p in checkpoints if p["seq"] >= expected
    )
    if sorted(listed) != destroyed:
        yield "destructions : la table ne dit pas ce que la chaîne consigne"
    sealed_rows = "SELECT r.seq, r.seal, a.* FROM audit_records r LEFT JOIN audit_apart a ON a.seq = r.seq"
    base.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    for seq, seal, found, *beside in base.execute(f"{sealed_rows} WHERE r.seal IS NOT NULL"):
        purged = any(first <= seq <= last for first, last, _ in destroyed)
        if (found is None) != purged or (found is not None and sealed(*beside) != seal):
            yield f"enregistrement {seq} : ce qui est conservé à part ne correspond pas au sceau"
    for (seq,) in base.execute(
        "SELECT seq FROM audit_apart WHERE seq NOT IN (SELECT seq FROM audit_records WHERE seal IS NOT NULL)"
    ):
        yield f"enregistrement {seq} : un texte est conservé sans enregistrement"
    for key, body in base.execute("SELECT key, body FROM audit_publications"):
        if hashlib.sha256(body).hexdigest()[:20] != key:
            yield "une publication ne correspond pas à son empreinte"


if __name__ == "__main__":
    points = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[2:]]
    faults = 0
    for faults, line in enumerate(verify(sys.argv[1], points), 1):  # noqa: B007
        print(line)
    print("Le registre tient." if not faults else f"{faults} anomalie(s).")
    sys.exit(1 if faults else 0)
