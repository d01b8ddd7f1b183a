"""Short tables of plain text, the same in a terminal and in a file."""

from collections.abc import Sequence


def format_table(rows: Sequence[Sequence[str]], *, indent: int = 4) -> str:
    """Returns rows as aligned columns: the first to the left, the others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        " " * indent
        + "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def format_amount(minor_units: int, *, exponent: int, signed: bool = False) -> str:
    """Returns an amount of minor units with its decimals, such as 12.34 for 1234."""
    sign = "-" if minor_units < 0 else "+" if signed and minor_units > 0 else ""
    whole, part = divmod(abs(minor_units), 10**exponent)
    return f"{sign}{whole}.{part:0{exponent}}" if exponent else f"{sign}{whole}"


def count_of(count: int, noun: str, plural: str = "") -> str:
    """Returns a number with what is counted, such as 1 bet or 2 bets."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"
