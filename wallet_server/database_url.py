"""What the URL of a database must look like, and what of it may be told."""

from urllib.parse import SplitResult, parse_qs, urlsplit

SCHEMES = frozenset({"postgres", "postgresql", "postgres+asyncpg", "postgresql+asyncpg"})

EXAMPLE = "postgresql://user:password@host:5432/database"


def check_database_url(url: str) -> None:
    """Checks the form of a URL. What is wrong is told without the URL, which holds a password.

    Raises:
        ValueError: It is not the URL of a Postgres.

    """
    parts = split(url)
    if parts is None or parts.scheme not in SCHEMES:
        raise ValueError(f"must be a URL such as {EXAMPLE}")
    given = [host.rpartition("]")[2].partition(":")[2] for host in hosts_of(parts).split(",")]
    ports = [*given, *",".join(parse_qs(parts.query).get("port", [])).split(",")]
    if not all(port.isdecimal() for port in ports if port):
        raise ValueError(f"must have a number for its port, as {EXAMPLE}")


def place_of(url: str) -> str:
    """Returns host and port, or the directory of a socket; nothing where that is uncertain.

    A password with a slash or an @ that was not escaped ends up anywhere in the URL.
    """
    parts = split(url)
    if parts is None or "@" in parts.path + parts.query + parts.fragment:
        return ""
    return hosts_of(parts) or "".join(parse_qs(parts.query).get("host", [])[:1])


def split(url: str) -> SplitResult | None:
    """Returns the parts of a URL, or nothing if it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return None


def hosts_of(parts: SplitResult) -> str:
    """Returns the hosts with their ports, separated by commas."""
    return parts.netloc.rpartition("@")[2]
