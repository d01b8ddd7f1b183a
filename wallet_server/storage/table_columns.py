"""What tables are made of: the metadata that all are in, and columns that many have."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column
from sqlalchemy.dialects.postgresql import ARRAY, JSON, TIMESTAMP, UUID

# As Postgres would name them by itself.
NAMES = {
    "pk": "%(table_name)s_pkey",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
}

metadata = sa.MetaData(naming_convention=NAMES)


def text(name: str, *, nullable: bool = False) -> Column[Any]:
    """Returns a column of text."""
    return Column(name, sa.Text, nullable=nullable)


def number(name: str) -> Column[Any]:
    """Returns a column of whole numbers of 64 bits."""
    return Column(name, sa.BigInteger, nullable=False)


def time(name: str, *, nullable: bool = False) -> Column[Any]:
    """Returns a column of moments."""
    return Column(name, TIMESTAMP(timezone=True), nullable=nullable)


def texts(name: str) -> Column[Any]:
    """Returns a column of texts in an order."""
    return Column(name, ARRAY(sa.Text), nullable=False)


def numbers(name: str) -> Column[Any]:
    """Returns a column of whole numbers in an order."""
    return Column(name, ARRAY(sa.BigInteger), nullable=False)


def shard() -> Column[Any]:
    """Returns the column that every key on the side of the wallets starts with."""
    return Column("shard", sa.SmallInteger, nullable=False)


def wallet_key() -> tuple[Column[Any], Column[Any]]:
    """Returns the columns that every key of a table of wallets starts with."""
    return shard(), Column("wallet_id", UUID(as_uuid=True), nullable=False)


def one_of(column: str, *values: str) -> CheckConstraint:
    """Returns the check that a column has one of some values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def document(name: str, *, nullable: bool = True) -> Column[Any]:
    """Returns a column of documents. None is NULL, and not JSON's null."""
    return Column(name, JSON(none_as_null=True), nullable=nullable)


def identity(name: str, *, nullable: bool = False) -> Column[Any]:
    """Returns a column of ids that the program has drawn."""
    return Column(name, UUID(as_uuid=True), nullable=nullable)
