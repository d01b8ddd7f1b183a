"""The page about events is the one that the protos give."""

from tools import events_reference


def test_the_page_is_current() -> None:
    assert events_reference.PAGE.read_text("utf-8") == events_reference.render()


def test_every_message_of_an_event_is_told_of() -> None:
    page = events_reference.render()

    for name, message in events_reference.payload_messages().items():
        assert f"| `{name.upper()}` |" in page
        assert f"## {message.name}\n" in page
        assert all(f"| `{field.name}` |" in page for field in message.fields)
