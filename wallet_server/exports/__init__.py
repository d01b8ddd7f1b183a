"""THE FILES: the ledger as CSV, XLSX and PDF, written as it is read.

Memory stays the same however much is written. Start reading at exporting.py.
"""
