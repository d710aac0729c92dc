"""Answers in, citations out that can be checked again."""

from cite.as_pdf import highlighted_page
from cite.cells import harmless
from cite.claim import Claim, claims_of
from cite.export import bundle_of_answers, export_answers, export_bundle, input_from_bytes
from cite.formats import FORMATS
from cite.gold import add_gold, gold_rows
from cite.library import Library, library_of, read_library
from cite.make import make_bundle, now
from cite.merge import merge_reviews, with_reviews
from cite.nearest import Change
from cite.nouns import Bundle, Citation, Entry, Review
from cite.returned import Returned, read_returned, returned_from_bytes
from cite.store import bundle_from_json, bundle_to_json, is_sealed
from cite.template import fill_template
from cite.verify import Status, Verification, verify
from cite.write import write_file

__all__ = [
    "FORMATS",
    "Bundle",
    "Change",
    "Citation",
    "Claim",
    "Entry",
    "Library",
    "Returned",
    "Review",
    "Status",
    "Verification",
    "add_gold",
    "bundle_from_json",
    "bundle_of_answers",
    "bundle_to_json",
    "claims_of",
    "export_answers",
    "export_bundle",
    "fill_template",
    "gold_rows",
    "harmless",
    "highlighted_page",
    "input_from_bytes",
    "is_sealed",
    "library_of",
    "make_bundle",
    "merge_reviews",
    "now",
    "read_library",
    "read_returned",
    "returned_from_bytes",
    "verify",
    "with_reviews",
    "write_file",
]
