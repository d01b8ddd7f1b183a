"""Makes the roles that migrations grant to, or says which SQL makes them."""

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

SERVER = "wallet_server"
RETENTION = "wallet_retention"
GRANTEES = (SERVER, RETENTION)

DUPLICATE_OBJECT = "42710"

MAY_CREATE_ROLES = sa.text(
    "SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user"
)
EXISTING = sa.text("SELECT rolname FROM pg_roles WHERE rolname = ANY (:names)")
OWNED_DATABASE = sa.text("""
    SELECT quote_ident(datname) FROM pg_database
    WHERE datname = current_database() AND pg_has_role(datdba, 'MEMBER')
""")


class MissingRolesError(Exception):
    """Roles are missing, and this login may not make them."""

    def __init__(self, missing: list[str]) -> None:
        self.statements = [f"CREATE ROLE {name} NOLOGIN;" for name in missing]
        super().__init__(
            "Roles are missing, and this login may not create them. Have somebody who may run:\n"
            + "\n".join(self.statements)
        )


class WrongOwnerError(Exception):
    """The login that would own the tables is one whose rights on them must be limited."""

    def __init__(self, role: str) -> None:
        super().__init__(
            f"{role} must not own the tables: an owner may do anything to them. "
            "Run migrations as another role, such as wallet_owner."
        )


def prepare_roles(connection: sa.Connection) -> None:
    """Makes what is missing, and closes the database to everyone but the roles.

    Takes a connection in autocommit.

    Raises:
        MissingRolesError: This login may not make what is missing.
        WrongOwnerError: This login is one of the roles.

    """
    current = connection.scalar(sa.text("SELECT current_user"))
    if current in GRANTEES:
        raise WrongOwnerError(str(current))
    existing = set(connection.scalars(EXISTING, {"names": list(GRANTEES)}))
    missing = [name for name in GRANTEES if name not in existing]
    if missing and not connection.scalar(MAY_CREATE_ROLES):
        raise MissingRolesError(missing)
    for name in missing:
        _create_role(connection, name)
    _close_database(connection)


def _create_role(connection: sa.Connection, name: str) -> None:
    """Makes a role, unless a migrator of another database in the cluster was faster."""
    try:
        connection.execute(sa.text(f"CREATE ROLE {name} NOLOGIN"))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != DUPLICATE_OBJECT:
            raise


def _close_database(connection: sa.Connection) -> None:
    """Takes everybody's right to connect, where the database is this login's own."""
    database = connection.scalar(OWNED_DATABASE)
    if database is not None:
        granted = ", ".join(GRANTEES)
        connection.execute(sa.text(f"GRANT CONNECT ON DATABASE {database} TO {granted}"))
        connection.execute(sa.text(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC"))
