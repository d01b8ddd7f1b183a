"""What queries of Prometheus ask for: metrics, and labels of them."""

from dataclasses import dataclass, field

from promql_parser import AggregateExpr, BinaryExpr, Expr, VectorSelector, parse, walk

RANGE = "5m"


@dataclass
class Asked:
    """The metrics of a query with the labels that choose among them, and those it groups by."""

    metrics: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    grouped: set[str] = field(default_factory=set[str])


def read_query(query: str) -> Asked:
    """Returns what a query asks for.

    Raises:
        ValueError: It is none, or its types do not fit.
    """
    asked = Asked()

    def visit(expression: Expr) -> None:
        if isinstance(expression, VectorSelector):
            assert expression.name is not None
            labels = {matcher.name for matcher in expression.matchers.matchers}
            asked.metrics.setdefault(expression.name, set()).update(labels)
        elif isinstance(expression, AggregateExpr) and expression.modifier is not None:
            asked.grouped.update(expression.modifier.labels)
        elif isinstance(expression, BinaryExpr) and expression.modifier is not None:
            matching = expression.modifier.matching
            asked.grouped.update(matching.labels if matching is not None else ())

    walk(parse(query.replace("$__rate_interval", RANGE)), visit)
    return asked
