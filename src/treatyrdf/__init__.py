"""Publish cited facts about treaties as linked data, with evidence for every statement.

from pathlib import Path
import treatyrdf

files = treatyrdf.compose(Path("datasets/alliance"))      # every file of dist/ by its name
published = treatyrdf.publish(Path("datasets/alliance"))  # claims and quads, before validation
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = ["DataError", "Position", "Problem", "Published", "RunError", "TreatyError", "__version__",
           "compose", "publish"]

if TYPE_CHECKING:
    from .build import Published, compose, publish
    from .errors import DataError, Position, Problem, RunError, TreatyError


def __getattr__(name: str) -> object:
    """Load a public name when it is first used: the command line must start fast."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "build" if name in ("Published", "compose", "publish") else "errors"
    return getattr(import_module(f".{home}", __name__), name)
