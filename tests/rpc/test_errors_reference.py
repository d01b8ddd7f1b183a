"""The page about errors is the one that the proto gives."""

from tools import errors_reference


def test_the_page_is_current() -> None:
    page = errors_reference.render(errors_reference.PROTO.read_text("utf-8"))

    assert errors_reference.PAGE.read_text("utf-8") == page


def test_a_comment_is_read_in_its_three_parts() -> None:
    [reason] = errors_reference.parse("""\
  // Too little.
  // Far too little.
  //
  // Status: `FAILED_PRECONDITION`, recorded: the same `request_id` gets the
  // same answer for ever. Retry: no; send a new one.
  //
  // Metadata: `stake`; `max`, in minor units.
  ERROR_REASON_TOO_LITTLE = 3;
""")

    assert reason == errors_reference.Reason(
        name="TOO_LITTLE",
        what="Too little. Far too little.",
        code="FAILED_PRECONDITION",
        recorded=True,
        retry="no; send a new one.",
        metadata="`stake`; `max`, in minor units.",
    )
    assert reason.keys == {"stake", "max"}
