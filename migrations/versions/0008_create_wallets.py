"""Create the wallets: one row each, with all balances in it.

The row is the wallet's lock and its version: every recorded command sets `sequence`. No
column that changes is indexed, and half of each page is left free, so that updates stay
on their page and touch no index: that is what keeps serializable transactions from
false conflicts. The owner gives up its own right to write: it only makes and changes
tables.

Phase: expand. The previous release does not know the table.
Locks: none; the table is new.
"""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("""
        CREATE TABLE IF NOT EXISTS wallets (
            shard smallint NOT NULL,
            wallet_id uuid NOT NULL,
            tenant_id text NOT NULL,
            player_id text NOT NULL,
            currency_code text NOT NULL,
            sequence bigint NOT NULL,
            create_time timestamptz NOT NULL,
            update_time timestamptz NOT NULL,
            accounts text[] NOT NULL,
            balances bigint[] NOT NULL,
            debt_assets text[] NOT NULL,
            debts bigint[] NOT NULL,
            frozen_buckets text[] NOT NULL,
            CONSTRAINT wallets_pkey PRIMARY KEY (shard, wallet_id),
            CONSTRAINT wallets_sequence_check CHECK (sequence >= 1),
            CONSTRAINT wallets_accounts_check
                CHECK (cardinality(accounts) = cardinality(balances)),
            CONSTRAINT wallets_debt_assets_check
                CHECK (cardinality(debt_assets) = cardinality(debts)),
            CONSTRAINT wallets_balances_check CHECK ((0 <= ALL (balances)) IS TRUE),
            CONSTRAINT wallets_debts_check CHECK ((0 > ALL (debts)) IS TRUE)
        ) WITH (fillfactor = 50)
    """)
    op.execute("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON wallets FROM CURRENT_USER")
    op.execute("""
        GRANT SELECT, INSERT, UPDATE (
            sequence, update_time, accounts, balances, debt_assets, debts, frozen_buckets
        ) ON wallets TO wallet_server
    """)
    op.execute("GRANT SELECT ON wallets TO wallet_retention")


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS wallets")
