"""Answers in, citations out that can be checked again."""

from cite.as_pdf import pdf_documents
from cite.cells import harmless
from cite.claim import Claim, claims_of
from cite.export import export_answers, export_bundle, read_input
from cite.formats import FORMATS
from cite.gold import gold_rows
from cite.library import Library, library_of, open_library, read_library
from cite.make import make_bundle
from cite.merge import Merged, merge_reviews, with_reviews
from cite.nouns import Bundle, Citation, Review
from cite.returned import Returned, read_returned, read_sealed, returned_from_bytes
from cite.store import bundle_from_json, bundle_to_json, json_schema
from cite.template import fill_template
from cite.verify import Status, Verification, verify

__all__ = [
    "FORMATS",
    "Bundle",
    "Citation",
    "Claim",
    "Library",
    "Merged",
    "Returned",
    "Review",
    "Status",
    "Verification",
    "bundle_from_json",
    "bundle_to_json",
    "claims_of",
    "export_answers",
    "export_bundle",
    "fill_template",
    "gold_rows",
    "harmless",
    "json_schema",
    "library_of",
    "make_bundle",
    "merge_reviews",
    "open_library",
    "pdf_documents",
    "read_input",
    "read_library",
    "read_returned",
    "read_sealed",
    "returned_from_bytes",
    "verify",
    "with_reviews",
]
