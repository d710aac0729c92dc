"""Files in, documents and passages out."""

from ingest.compose import CELL_SEPARATOR
from ingest.nouns import Block, Document, Passage, PolicyError, Span
from ingest.printed import PrintedWord
from ingest.read import READERS, Corpus, Unread, document_from_text, fingerprint, read_bytes, read_corpus, read_documents
from ingest.read_pdf import find_words
from ingest.read_rows import json_rows, parse_row, raise_problems
from ingest.split import CHUNK_CHARACTERS, plain, split_chunks, split_sentences, splitter_name

__all__ = [
    "CELL_SEPARATOR",
    "CHUNK_CHARACTERS",
    "READERS",
    "Block",
    "Corpus",
    "Document",
    "Passage",
    "PolicyError",
    "PrintedWord",
    "Span",
    "Unread",
    "document_from_text",
    "find_words",
    "fingerprint",
    "json_rows",
    "parse_row",
    "plain",
    "raise_problems",
    "read_bytes",
    "read_corpus",
    "read_documents",
    "split_chunks",
    "split_sentences",
    "splitter_name",
]
