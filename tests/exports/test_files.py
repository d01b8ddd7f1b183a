"""Each format says what it is given, to programs that are not ours."""

import io
import re
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from tests.exports.reading import read_csv, read_pdf, read_xlsx
from wallet_server.core.exports.formula import restore
from wallet_server.core.exports.number_style import PLAIN, NumberStyle
from wallet_server.core.exports.table import CellKind, Column, Cover, Group, Money, Row, Table
from wallet_server.exports.csv_file import CsvFile
from wallet_server.exports.file_writer import FileWriter
from wallet_server.exports.locales import style_of
from wallet_server.exports.pdf_file import PdfFile
from wallet_server.exports.xlsx_file import XlsxFile

NOW = datetime(2030, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
COVER = Cover("Report", ("Tenant acme", "=1+1"), NOW)
TABLE = Table(
    "Things",
    (
        Column("tenant", is_common=True),
        *(Column("text", width_chars=12), Column("count", CellKind.NUMBER)),
        *(Column("amount", CellKind.MONEY, width_chars=15), Column("time", CellKind.TIME, 19)),
        Column("day", CellKind.DAY),
    ),
)
SUMMARY = Table("Totals", (Column("account"), Column("net", CellKind.MONEY)), is_summary=True)
ROW: Row = ("acme", "bet-1", 7, Money(-123_456, 2), NOW, date(2030, 1, 2))
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(1)", '=HYPERLINK("x";"y")', "a;=1", "\t=1", "'=1", "=cmd|' /C calc'!A0", "\r=1", "a\n=1", "player\n-1", "_x003D_1"]  # fmt: skip

TAKEN_FOR_XML = ["<r></r></is></c><c><f>1+1</f></c><c><is><r></r>", "<r></r>", "<r>&</r>", "<r>a</r>"]  # fmt: skip


def written(writer: FileWriter, rows: list[Row]) -> bytes:
    """Returns a file of one group of rows, and a summary."""
    pieces: list[bytes] = []
    try:
        writer.begin(COVER)
        writer.begin_table(TABLE)
        writer.begin_group(Group("Wallet acme/player-1/EUR"))
        for row in rows:
            writer.write([row])
            pieces.append(writer.take())
        writer.begin_table(SUMMARY)
        writer.write([("H:CASH", Money(5, 0))])
        writer.end()
        while piece := writer.take():
            pieces.append(piece)
    finally:
        writer.close()
    return b"".join(pieces)


def unbroken(text: str) -> str:
    """Returns text without the ends of its lines."""
    return re.sub(r"\s+", " ", text)


def of_text(text: str) -> Row:
    return ("acme", text, 1, Money(1, 0), NOW, date(2030, 1, 2))


# --- CSV


def test_csv_has_plain_figures_for_programs() -> None:
    content = written(CsvFile(PLAIN), [ROW, ("acme", 'a,"b"', 0, None, None, None)])

    assert content.decode("ascii") == (
        "tenant,text,count,amount,time,day\r\n"
        "acme,bet-1,7,-1234.56,2030-01-02T03:04:05.678901Z,2030-01-02\r\n"
        'acme,"a,""b""",0,,,\r\n'
    )


def test_csv_for_people_is_as_their_spreadsheets_have_it() -> None:
    [german] = read_csv(written(CsvFile(style_of("de")), [ROW]), delimiter=";")
    [english] = read_csv(written(CsvFile(style_of("en")), [ROW]))

    assert (german["amount"], english["amount"]) == ("-1.234,56", "-1,234.56")
    assert written(CsvFile(style_of("en")), [ROW]).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("text", DANGEROUS)
@pytest.mark.parametrize("locale", ["", "de"])
def test_csv_has_no_formula_and_loses_no_text(text: str, locale: str) -> None:
    content = written(CsvFile(style_of(locale)), [of_text(text)])

    for separator in ",;\t|":
        for cell in re.split(f"[{re.escape(separator)}\r\n]", content.decode("utf-8-sig")):
            assert not cell.strip('" \t').startswith(("=", "+", "-", "@")), cell
    [row] = read_csv(content, delimiter=";" if locale else ",")
    assert restore(row["text"]) == text


# --- XLSX


def test_xlsx_has_figures_that_can_be_added_up() -> None:
    sheets = read_xlsx(written(XlsxFile(PLAIN), [ROW]))

    assert list(sheets) == ["About", "Things", "Totals"]
    assert sheets["About"] == [("Report",), ("Tenant acme",), ("=1+1",)]
    assert sheets["Things"][0] == ("tenant", "text", "count", "amount", "time", "day")
    time = datetime(2030, 1, 2, 3, 4, 5, 679_000)  # noqa: DTZ001 - as spreadsheets have it.
    day = datetime(2030, 1, 2)  # noqa: DTZ001
    assert sheets["Things"][1] == ("acme", "bet-1", 7, -1234.56, time, day)
    assert sheets["Totals"] == [("account", "net"), ("H:CASH", 5)]


def test_xlsx_has_amounts_with_the_decimals_of_their_asset() -> None:
    content = written(XlsxFile(PLAIN), [ROW, ("acme", "points", 1, Money(5, 0), None, None)])

    sheet = openpyxl.load_workbook(io.BytesIO(content))["Things"]
    assert [sheet.cell(row, 4).number_format for row in (2, 3)] == ["#,##0.00", "#,##0"]


@pytest.mark.parametrize(
    ("exponent", "plain", "german", "form"),
    [
        (0, "-123456789", "-123.456.789", "#,##0"),
        (3, "-123456.789", "-123.456,789", "#,##0.000"),
        (8, "-1.23456789", "-1,23456789", "#,##0.00000000"),
    ],
)
def test_amounts_have_the_decimals_of_their_asset_in_every_format(
    exponent: int, plain: str, german: str, form: str
) -> None:
    rows: list[Row] = [("acme", "x", 1, Money(-123_456_789, exponent), None, None)]

    [for_programs] = read_csv(written(CsvFile(PLAIN), rows))
    [for_people] = read_csv(written(CsvFile(style_of("de")), rows), delimiter=";")
    workbook = written(XlsxFile(style_of("de")), rows)
    cell = openpyxl.load_workbook(io.BytesIO(workbook))["Things"].cell(2, 4)
    [page] = read_pdf(written(PdfFile(style_of("de")), rows))

    assert (for_programs["amount"], for_people["amount"]) == (plain, german)
    assert (cell.value, cell.number_format) == (float(plain), form)
    assert german in page


def test_xlsx_has_amounts_as_text_where_numbers_would_lose_digits() -> None:
    exact, large = Money(10**15 - 1, 2), Money(-(2**63), 2)
    rows: list[Row] = [("acme", "x", 1, each, None, None) for each in (exact, large)]

    things = read_xlsx(written(XlsxFile(style_of("de")), rows))["Things"]

    assert [row[3] for row in things[1:]] == [9_999_999_999_999.99, "-92.233.720.368.547.758,08"]


def test_xlsx_has_no_formula_and_text_stays_text_when_it_is_edited() -> None:
    content = written(XlsxFile(PLAIN), [of_text(text) for text in DANGEROUS])

    parts = zipfile.ZipFile(io.BytesIO(content))
    sheets = "".join(parts.read(n).decode() for n in parts.namelist() if "worksheets/sheet" in n)
    assert "<f>" not in sheets
    assert "hyperlink" not in sheets
    texts = [str(row[1]) for row in read_xlsx(content)["Things"][1:]]
    assert [unescape(text) for text in texts] == DANGEROUS
    quoted = re.search(r'<xf [^>]*quotePrefix="1"', parts.read("xl/styles.xml").decode())
    assert quoted is not None
    plain, marked = re.findall(r'<c r="B(?:2|7)"( s="\d+")? t="inlineStr">', sheets)[0:2]
    assert plain != marked


@pytest.mark.parametrize("text", TAKEN_FOR_XML)
def test_xlsx_has_text_as_text_that_its_library_takes_for_xml(text: str) -> None:
    content = written(XlsxFile(PLAIN), [of_text(text), of_text("next")])

    things = openpyxl.load_workbook(io.BytesIO(content))["Things"]
    cells = [things["B2"], things["B3"]]
    assert [(cell.value, cell.data_type) for cell in cells] == [(text, "s"), ("next", "s")]
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet2.xml")
    assert b"<f>" not in sheet


def test_xlsx_goes_on_on_another_sheet_where_one_is_full() -> None:
    rows = [of_text(f"text-{number}") for number in range(5)]

    sheets = read_xlsx(written(XlsxFile(PLAIN, sheet_rows_max=3), rows))

    assert list(sheets) == ["About", "Things", "Things 2", "Things 3", "Totals"]
    assert [len(sheets[name]) for name in ("Things", "Things 2", "Things 3")] == [3, 3, 2]
    assert all(sheets[name][0][1] == "text" for name in ("Things", "Things 2", "Things 3"))


def test_xlsx_leaves_nothing_behind_when_it_is_given_up() -> None:
    file = XlsxFile(PLAIN)
    file.begin(COVER)
    file.begin_table(TABLE)
    file.write([ROW])
    assert file._path.parent.exists()

    file.close()

    assert not file._path.parent.exists()


# --- PDF


def test_pdf_has_pages_that_say_what_is_on_them() -> None:
    [page] = map(unbroken, read_pdf(written(PdfFile(PLAIN), [ROW])))

    for text in (
        *("Report", "Tenant acme", "Made 2030-01-02 03:04:05 UTC", "Wallet acme/player-1/EUR"),
        *("bet-1", "-1234.56", "2030-01-02 03:04:05", "Totals", "H:CASH", "page 1 of 1"),
    ):
        assert text in page
    assert "tenant" not in page.partition("Totals")[0].replace("Tenant acme", "")


def test_pdf_goes_on_over_pages_with_heads_on_each_and_their_number() -> None:
    rows = [of_text(f"text-{number}") for number in range(5_000)]

    pages = read_pdf(written(PdfFile(PLAIN), rows))

    assert len(pages) > 100  # More than hang on one branch of the tree.
    found = [name for page in pages for name in re.findall(r"text-\d+", page)]
    assert found == [f"text-{number}" for number in range(5_000)]
    for number, page in enumerate(pages, start=1):
        assert f"page {number} of {len(pages)}" in unbroken(page)
        assert "amount" in page or "Totals" in page


def test_pdf_shows_long_text_whole_and_what_it_cannot_print_as_a_question_mark() -> None:
    [page] = read_pdf(written(PdfFile(PLAIN), [of_text("x(y)\\" * 20), of_text("\u65e5")]))

    assert "x(y)\\" * 2 in page  # The column has room for twelve characters.
    assert page.replace("\n", "").count("x(y)\\") >= 19  # One is beside the other columns.
    assert "?" in page


def test_pdf_shows_amounts_as_the_language_has_them_and_all_their_digits() -> None:
    style = NumberStyle(decimal=",", group="\u202f")

    [page] = read_pdf(written(PdfFile(style), [("acme", "x", 1, Money(-(2**63), 2), None, None)]))

    assert "-92\xa0233\xa0720\xa0368\xa0547\xa0758,08" in page


def test_pdf_begins_a_page_for_what_is_handed_out_by_itself() -> None:
    file = PdfFile(PLAIN)
    file.begin(COVER)
    file.begin_table(TABLE)
    for player in ("one", "two"):
        file.begin_group(Group(f"Wallet {player}", is_apart=True))
        file.write([ROW])
    file.end()

    first, second = read_pdf(file.take())

    assert ("Wallet one" in first, "Wallet two" in first) == (True, False)
    assert ("Wallet one" in second, "Wallet two" in second) == (False, True)


# --- All


@pytest.mark.parametrize("form", [CsvFile, XlsxFile, PdfFile])
def test_the_same_figures_make_the_same_file(form: type[CsvFile | XlsxFile | PdfFile]) -> None:
    assert written(form(PLAIN), [ROW]) == written(form(PLAIN), [ROW])
