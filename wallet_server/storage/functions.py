"""Every function in the database: what a CHECK cannot say by itself."""

# Measured for docs/decisions/0031. Names in the body mean Postgres' own, whatever
# search_path a session sets. The sum is numeric, which does not overflow.
ENTRY_IS_SOUND = """
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
"""
