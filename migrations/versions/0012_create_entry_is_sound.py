"""Create the function that tells whether an entry may stand in the journal.

At least two changes, none of them zero, that add up to zero; a balance afterwards for
every account of the player, not negative, or not positive where it is debt; none for
accounts of the house. Arrays put that beyond what a CHECK can say by itself. It is
PL/pgSQL because that was several times faster than SQL: docs/decisions/0031.

Phase: expand. Nobody calls it yet.
Locks: none; the function is new.
"""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("""
        CREATE OR REPLACE FUNCTION entry_is_sound(
            accounts text[], changes bigint[], balances_after bigint[]
        ) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
        SET search_path = pg_catalog, pg_temp
        AS $$
        DECLARE
            total numeric := 0;
        BEGIN
            IF accounts IS NULL OR changes IS NULL OR balances_after IS NULL
                OR cardinality(accounts) < 2
                OR cardinality(changes) <> cardinality(accounts)
                OR cardinality(balances_after) <> cardinality(accounts)
            THEN
                RETURN false;
            END IF;
            FOR line IN 1 .. cardinality(accounts) LOOP
                IF accounts[line] IS NULL OR changes[line] IS NULL OR changes[line] = 0 THEN
                    RETURN false;
                ELSIF starts_with(accounts[line], 'H:') THEN
                    IF balances_after[line] IS NOT NULL THEN
                        RETURN false;
                    END IF;
                ELSIF balances_after[line] IS NULL THEN
                    RETURN false;
                ELSIF starts_with(accounts[line], 'DEBT:') THEN
                    IF balances_after[line] > 0 THEN
                        RETURN false;
                    END IF;
                ELSIF balances_after[line] < 0 THEN
                    RETURN false;
                END IF;
                total := total + changes[line];
            END LOOP;
            RETURN total = 0;
        END
        $$
    """)
    op.execute("REVOKE ALL ON FUNCTION entry_is_sound(text[], bigint[], bigint[]) FROM PUBLIC")
    op.execute(
        "GRANT EXECUTE ON FUNCTION entry_is_sound(text[], bigint[], bigint[]) TO wallet_server"
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION IF EXISTS entry_is_sound(text[], bigint[], bigint[])")
