"""Triggers that make the database itself refuse what the log never does: rewriting, deleting, skipping, replacing."""

from __future__ import annotations

__all__ = ["statements"]

_SQLITE = (
    """CREATE TRIGGER audit_records_update BEFORE UPDATE ON audit_records
    BEGIN SELECT RAISE(ABORT, 'audit: records are append-only'); END""",
    """CREATE TRIGGER audit_records_delete BEFORE DELETE ON audit_records
    BEGIN SELECT RAISE(ABORT, 'audit: records are append-only'); END""",
    # The second condition stops INSERT OR REPLACE, which deletes the row in its way without firing DELETE triggers.
    """CREATE TRIGGER audit_records_insert BEFORE INSERT ON audit_records
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit_records)
      OR EXISTS (SELECT 1 FROM audit_records WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'audit: a record follows the last one, once'); END""",
    """CREATE TRIGGER audit_apart_update BEFORE UPDATE ON audit_apart
    BEGIN SELECT RAISE(ABORT, 'audit: rows kept apart are never edited'); END""",
    """CREATE TRIGGER audit_apart_delete BEFORE DELETE ON audit_apart
    WHEN NOT EXISTS (SELECT 1 FROM audit_purges WHERE last_seq >= OLD.seq AND first_seq <= OLD.seq)
    BEGIN SELECT RAISE(ABORT, 'audit: destruction is recorded first'); END""",
    """CREATE TRIGGER audit_apart_insert BEFORE INSERT ON audit_apart
    WHEN NOT EXISTS (SELECT 1 FROM audit_records WHERE seq = NEW.seq AND seal IS NOT NULL)
      OR EXISTS (SELECT 1 FROM audit_apart WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'audit: a row apart belongs to one record'); END""",
    """CREATE TRIGGER audit_publications_update BEFORE UPDATE ON audit_publications
    BEGIN SELECT RAISE(ABORT, 'audit: publications are never edited'); END""",
    """CREATE TRIGGER audit_publications_delete BEFORE DELETE ON audit_publications
    WHEN EXISTS (SELECT 1 FROM audit_apart WHERE publication = OLD.key)
    BEGIN SELECT RAISE(ABORT, 'audit: this publication is still referred to'); END""",
    """CREATE TRIGGER audit_purges_update BEFORE UPDATE ON audit_purges
    BEGIN SELECT RAISE(ABORT, 'audit: destructions are append-only'); END""",
    """CREATE TRIGGER audit_purges_delete BEFORE DELETE ON audit_purges
    BEGIN SELECT RAISE(ABORT, 'audit: destructions are append-only'); END""",
    """CREATE TRIGGER audit_purges_insert BEFORE INSERT ON audit_purges
    WHEN NOT EXISTS (SELECT 1 FROM audit_records WHERE seq = NEW.seq AND kind = 'destruction')
      OR EXISTS (SELECT 1 FROM audit_purges WHERE seq = NEW.seq AND first_seq = NEW.first_seq)
    BEGIN SELECT RAISE(ABORT, 'audit: destruction is recorded first'); END""",
)

_POSTGRESQL = (
    """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'audit: % is append-only', TG_TABLE_NAME; END $$""",
    """CREATE FUNCTION audit_next() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.seq IS DISTINCT FROM (SELECT coalesce(max(seq), 0) + 1 FROM audit_records) THEN
      RAISE EXCEPTION 'audit: a record follows the last one, once'; END IF;
    RETURN NEW; END $$""",
    """CREATE FUNCTION audit_destroy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM audit_purges WHERE last_seq >= OLD.seq AND first_seq <= OLD.seq) THEN
      RAISE EXCEPTION 'audit: destruction is recorded first'; END IF;
    RETURN OLD; END $$""",
    """CREATE FUNCTION audit_belong() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM audit_records WHERE seq = NEW.seq AND seal IS NOT NULL) THEN
      RAISE EXCEPTION 'audit: a row apart belongs to one record'; END IF;
    RETURN NEW; END $$""",
    """CREATE FUNCTION audit_permit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM audit_records WHERE seq = NEW.seq AND kind = 'destruction') THEN
      RAISE EXCEPTION 'audit: destruction is recorded first'; END IF;
    RETURN NEW; END $$""",
    """CREATE FUNCTION audit_unused() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM audit_apart WHERE publication = OLD.key) THEN
      RAISE EXCEPTION 'audit: this publication is still referred to'; END IF;
    RETURN OLD; END $$""",
    """CREATE TRIGGER audit_records_keep BEFORE UPDATE OR DELETE ON audit_records
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_records_truncate BEFORE TRUNCATE ON audit_records
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_records_insert BEFORE INSERT ON audit_records
    FOR EACH ROW EXECUTE FUNCTION audit_next()""",
    """CREATE TRIGGER audit_apart_keep BEFORE UPDATE ON audit_apart
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_apart_truncate BEFORE TRUNCATE ON audit_apart
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_apart_delete BEFORE DELETE ON audit_apart
    FOR EACH ROW EXECUTE FUNCTION audit_destroy()""",
    """CREATE TRIGGER audit_apart_insert BEFORE INSERT ON audit_apart
    FOR EACH ROW EXECUTE FUNCTION audit_belong()""",
    """CREATE TRIGGER audit_publications_keep BEFORE UPDATE ON audit_publications
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_publications_delete BEFORE DELETE ON audit_publications
    FOR EACH ROW EXECUTE FUNCTION audit_unused()""",
    """CREATE TRIGGER audit_purges_keep BEFORE UPDATE OR DELETE ON audit_purges
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_purges_truncate BEFORE TRUNCATE ON audit_purges
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_purges_insert BEFORE INSERT ON audit_purges
    FOR EACH ROW EXECUTE FUNCTION audit_permit()""",
)


def statements(dialect: str) -> tuple[str, ...]:
    """The statements that set the triggers up, for ``"sqlite"`` or ``"postgresql"``."""
    return {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[dialect]
