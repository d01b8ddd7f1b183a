"""Keep apart, in the outbox, what events tell from where they belong.

What an event tells is passed on as it is written; only its header is looked into. Rows that wait
for a sequencer are split.

Phase: contract. Earlier servers cannot do without the column: stop them first.
Locks: outbox, for as long as it takes to split what waits.
"""

from alembic import op

revision = "0038"
down_revision = "0037"

SPLIT = """
    DO $$
    BEGIN
        IF EXISTS (
            SELECT FROM pg_attribute
            WHERE attrelid = 'outbox'::regclass AND attname = 'document' AND NOT attisdropped
        ) THEN
            UPDATE outbox AS o SET (headers, documents) = (
                SELECT coalesce(jsonb_agg(e.event::jsonb - 13 ORDER BY e.place), '[]'),
                    coalesce(array_agg(e.event -> 13 ORDER BY e.place), '{}')
                FROM json_array_elements(o.document) WITH ORDINALITY AS e (event, place)
            );
        END IF;
    END
    $$
"""

JOIN = """
    DO $$
    BEGIN
        IF EXISTS (
            SELECT FROM pg_attribute
            WHERE attrelid = 'outbox'::regclass AND attname = 'headers' AND NOT attisdropped
        ) THEN
            UPDATE outbox AS o SET document = (
                SELECT coalesce(
                    json_agg(e.header || jsonb_build_array(e.document::jsonb) ORDER BY e.place),
                    '[]'
                )
                FROM ROWS FROM (jsonb_array_elements(o.headers), unnest(o.documents))
                    WITH ORDINALITY AS e (header, document, place)
            );
        END IF;
    END
    $$
"""


def upgrade() -> None:
    op.execute("ALTER TABLE outbox ADD COLUMN IF NOT EXISTS headers jsonb")
    op.execute("ALTER TABLE outbox ADD COLUMN IF NOT EXISTS documents json[]")
    # Both are read once, soon, and deleted: compressing them would take longer than all else.
    op.execute("ALTER TABLE outbox ALTER COLUMN headers SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE outbox ALTER COLUMN documents SET STORAGE EXTERNAL")
    op.execute(SPLIT)
    op.execute("ALTER TABLE outbox ALTER COLUMN headers SET NOT NULL")
    op.execute("ALTER TABLE outbox ALTER COLUMN documents SET NOT NULL")
    op.execute("ALTER TABLE outbox DROP COLUMN IF EXISTS document")


def downgrade() -> None:
    op.execute("ALTER TABLE outbox ADD COLUMN IF NOT EXISTS document json")
    op.execute("ALTER TABLE outbox ALTER COLUMN document SET STORAGE EXTERNAL")
    op.execute(JOIN)
    op.execute("ALTER TABLE outbox ALTER COLUMN document SET NOT NULL")
    op.execute("ALTER TABLE outbox DROP COLUMN IF EXISTS headers")
    op.execute("ALTER TABLE outbox DROP COLUMN IF EXISTS documents")
