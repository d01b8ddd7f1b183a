"""Let answers name their bet, and keep of it only what its row does not say for ever.

Phase: contract. Servers of the previous release cannot read the table: stop them first.
Locks: answers, for as long as the conversion of all its rows takes.
"""

from alembic import op

revision = "0016"
down_revision = "0015"

CONVERT = """
    UPDATE answers
    SET provider_id = bet ->> 'provider_id',
        bet_ref = bet ->> 'bet_ref',
        bet = CASE WHEN bet::jsonb ? 'snapshot'
            THEN bet::jsonb - '{provider_id,bet_ref,lines,snapshot,sequence,create_time_us,
                round_ref,selected_source,stake}'::text[]
            ELSE bet::jsonb - '{provider_id,bet_ref}'::text[]
        END::json
    WHERE bet IS NOT NULL AND provider_id IS NULL
"""


def upgrade() -> None:
    op.execute("""
        ALTER TABLE answers
            ADD COLUMN IF NOT EXISTS provider_id text,
            ADD COLUMN IF NOT EXISTS bet_ref text
    """)
    op.execute("GRANT UPDATE ON answers TO CURRENT_USER")
    op.execute(CONVERT)
    op.execute("REVOKE UPDATE ON answers FROM CURRENT_USER")
    op.execute("""
        ALTER TABLE answers
            DROP CONSTRAINT IF EXISTS answers_bet_check,
            ADD CONSTRAINT answers_bet_check
                CHECK (num_nonnulls(provider_id, bet_ref, bet) IN (0, 3))
    """)


def downgrade() -> None:
    # No answer about a bet can be made longer again, so this stops where there is one.
    op.execute("""
        ALTER TABLE answers
            DROP CONSTRAINT IF EXISTS answers_longer_check,
            ADD CONSTRAINT answers_longer_check CHECK (bet IS NULL)
    """)
    op.execute("""
        ALTER TABLE answers
            DROP CONSTRAINT IF EXISTS answers_longer_check,
            DROP CONSTRAINT IF EXISTS answers_bet_check,
            DROP COLUMN IF EXISTS provider_id,
            DROP COLUMN IF EXISTS bet_ref
    """)
