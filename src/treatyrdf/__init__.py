"""Publish cited facts about treaties as linked data, with evidence for every statement.

import treatyrdf

store = treatyrdf.store()                                  # the shipped data set in pyoxigraph
graph = treatyrdf.dataset()                                # or in rdflib
reply = treatyrdf.answer_to("in-force", year=2360)         # rows, grade, assumptions, evidence
treatyrdf.build_folder("my-treaty", "dist/my-treaty")      # your own data set; errors are exceptions
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

_HOMES = {
    "build": ("Published", "compose", "publish"),
    "errors": ("DataError", "Position", "Problem", "RunError", "TreatyError"),
    "library": ("Ground", "Reply", "ReplyRow", "answer_to", "build_folder", "dataset", "questions", "store"),
}

__all__ = ["DataError", "Ground", "Position", "Problem", "Published", "Reply", "ReplyRow", "RunError",
           "TreatyError", "__version__", "answer_to", "build_folder", "compose", "dataset", "publish",
           "questions", "store"]

if TYPE_CHECKING:
    from .build import compose
    from .errors import DataError, Position, Problem, RunError, TreatyError
    from .library import Ground, Reply, ReplyRow, answer_to, build_folder, dataset, questions, store
    from .publish import Published, publish


def __getattr__(name: str) -> object:
    """Load a public name when it is first used: the command line must start fast."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f".{home}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names, loaded or not."""
    return __all__
