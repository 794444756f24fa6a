"""Tables to take away, as CSV or XLSX, in which no cell is a formula (OWASP, CSV injection)."""

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from flask import Response

Row = Sequence[str | int | None]
ACTS = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet reads as the beginning of a formula
TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def send_sheet(name: str, kind: str, header: Row, rows: Iterable[Row]) -> Response:
    """An answer that a browser saves as `name.kind`; kind is one of TYPES."""
    body = _csv(header, rows) if kind == "csv" else _xlsx(header, rows)
    saved = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(body, mimetype=TYPES[kind], headers=saved)


def _csv(header: Row, rows: Iterable[Row]) -> bytes:
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    for row in (header, *rows):
        writer.writerow([_harmless(cell) for cell in row])
    return made.getvalue().encode("utf-8-sig")  # with the mark by which Excel knows UTF-8


def _xlsx(header: Row, rows: Iterable[Row]) -> bytes:
    made = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, plain) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for at, row in enumerate((header, *rows)):
            sheet.write_row(at, 0, ["" if cell is None else cell for cell in row])
    return made.getvalue()


def _harmless(cell: str | int | None) -> str | int:
    if cell is None or isinstance(cell, int):
        return "" if cell is None else cell
    return f"'{cell}" if cell.startswith(ACTS) else cell
