"""Writes documents as YAML, in the one form that every equal document has.

Fields stand in the order of their form, and what goes without saying is left out. Reading what is
written gives an equal document.
"""

import yaml

from wallet_server.core.config.documents import Document, write_document

WIDTH = 100


def write_yaml(value: Document) -> str:
    """Returns a document as the text of a YAML file."""
    document = write_document(value)
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=WIDTH)
