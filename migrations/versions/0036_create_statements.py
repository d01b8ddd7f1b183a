"""Create statements: what every account comes to, and what each day did to it, by tenant.

They are kept behind the path of commands, from events and the entries of their commands. For
tenants that are there already they are made from the ledger by the first server that keeps them.

Phase: expand. The previous release does not know the tables.
Locks: none; the tables are new.
"""

from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS statements (
            tenant_id text NOT NULL,
            state text NOT NULL,
            time_zone text NOT NULL,
            position_time timestamptz,
            place_shard smallint,
            place_wallet_id uuid,
            CONSTRAINT statements_pkey PRIMARY KEY (tenant_id),
            CONSTRAINT statements_state_check CHECK (state IN ('BUILDING', 'KEPT')),
            CONSTRAINT statements_place_check CHECK (
                num_nonnulls(place_shard, place_wallet_id)
                    = CASE WHEN state = 'BUILDING' THEN 2 ELSE 0 END
            )
        ) WITH (fillfactor = 50)
    """)
    op.execute("""
        CREATE TABLE IF NOT EXISTS statement_totals (
            tenant_id text NOT NULL,
            day date NOT NULL,
            asset_code text NOT NULL,
            provider_type text NOT NULL,
            account text NOT NULL,
            command text NOT NULL,
            debits numeric NOT NULL,
            credits numeric NOT NULL,
            changes_count bigint NOT NULL,
            CONSTRAINT statement_totals_pkey
                PRIMARY KEY (tenant_id, day, asset_code, provider_type, account, command),
            CONSTRAINT statement_totals_debits_check CHECK (debits >= 0),
            CONSTRAINT statement_totals_credits_check CHECK (credits >= 0),
            CONSTRAINT statement_totals_changes_count_check CHECK (changes_count >= 1)
        ) WITH (fillfactor = 70)
    """)
    op.execute("""
        CREATE TABLE IF NOT EXISTS statement_balances (
            tenant_id text NOT NULL,
            asset_code text NOT NULL,
            account text NOT NULL,
            day date NOT NULL,
            balance numeric NOT NULL,
            CONSTRAINT statement_balances_pkey PRIMARY KEY (tenant_id, asset_code, account, day)
        ) WITH (fillfactor = 70)
    """)
    op.execute("""
        GRANT SELECT, INSERT, UPDATE (state, time_zone, position_time, place_shard, place_wallet_id)
        ON statements TO wallet_server
    """)
    op.execute("""
        GRANT SELECT, INSERT, UPDATE (debits, credits, changes_count), DELETE
        ON statement_totals TO wallet_server
    """)
    op.execute("""
        GRANT SELECT, INSERT, UPDATE (balance), DELETE ON statement_balances TO wallet_server
    """)


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS statement_balances")
    op.execute("DROP TABLE IF EXISTS statement_totals")
    op.execute("DROP TABLE IF EXISTS statements")
