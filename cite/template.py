"""Fill in an HTML template, everything escaped. The only file that knows Jinja."""

from __future__ import annotations

import functools
import pathlib
from typing import Any

import jinja2


def fill_template(path: pathlib.Path, **values: Any) -> str:
    """The template in the file `path` with these values in it; a value that the template names and isn't there is an error."""
    return _environment(path.parent).get_template(path.name).render(values)


@functools.cache
def _environment(folder: pathlib.Path) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
