"""Create the bets: placed, declined, or never to be placed, all in one namespace.

What a bet is lies in its document; what a query asks for is also in columns. All but
the key may change, because a bet that was declined may be tried anew. The owner gives
up its own right to write: it only makes and changes tables.

Phase: expand. The previous release does not know the table.
Locks: none; the table is new.
"""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS bets (
            shard smallint NOT NULL,
            wallet_id uuid NOT NULL,
            provider_id text NOT NULL,
            bet_ref text NOT NULL,
            state text NOT NULL,
            sequence bigint NOT NULL,
            revision bigint NOT NULL,
            stake bigint NOT NULL,
            create_time timestamptz NOT NULL,
            document jsonb NOT NULL,
            CONSTRAINT bets_pkey PRIMARY KEY (shard, wallet_id, provider_id, bet_ref),
            CONSTRAINT bets_sequence_check CHECK (sequence >= 1),
            CONSTRAINT bets_revision_check CHECK (revision >= 1),
            CONSTRAINT bets_stake_check CHECK (stake >= 0),
            CONSTRAINT bets_state_check CHECK (
                state IN (
                    'AUTHORIZED', 'PARTIALLY_SETTLED', 'SETTLED',
                    'ROLLED_BACK', 'DECLINED', 'TOMBSTONED'
                )
            )
        ) WITH (fillfactor = 70)
    """)
    op.execute("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON bets FROM CURRENT_USER")
    op.execute("""
        GRANT SELECT, INSERT, UPDATE (state, sequence, revision, stake, create_time, document)
        ON bets TO wallet_server
    """)
    op.execute("GRANT SELECT ON bets TO wallet_retention")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS bets")
