"""Files come in pieces that callers of any kind take, however much is written at once."""

import pytest

from tests.database import Database
from tests.exports.reading import request_of
from wallet_server.core.exports.request import ExportFormat, ExportKind
from wallet_server.exports import exporting
from wallet_server.exports.exporting import Content, connect, export, writer_of


@pytest.mark.parametrize("kind", ExportKind)
@pytest.mark.parametrize("form", ExportFormat)
async def test_no_piece_is_larger_than_pieces_are(
    ledger: Database, monkeypatch: pytest.MonkeyPatch, kind: ExportKind, form: ExportFormat
) -> None:
    monkeypatch.setattr(exporting, "PIECE_BYTES", 1_000)
    request = request_of(kind, form)

    async with connect(ledger.server_url) as connection:
        parts = export(connection, request, writer_of(request))
        pieces = [part.data async for part in parts if isinstance(part, Content)]

    assert len(pieces) > 1
    assert {len(piece) for piece in pieces[:-1]} == {1_000}
    assert 0 < len(pieces[-1]) <= 1_000
