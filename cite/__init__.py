"""Answers in, citations out that can be checked again."""

from cite.export import export_answers, export_bundle, read_input
from cite.formats import FORMATS
from cite.library import Library, library_of, open_library, read_library
from cite.make import make_bundle
from cite.nouns import Bundle, Citation, Review
from cite.store import bundle_from_json, bundle_to_json, json_schema

__all__ = [
    "FORMATS",
    "Bundle",
    "Citation",
    "Library",
    "Review",
    "bundle_from_json",
    "bundle_to_json",
    "export_answers",
    "export_bundle",
    "json_schema",
    "library_of",
    "make_bundle",
    "open_library",
    "read_input",
    "read_library",
]
