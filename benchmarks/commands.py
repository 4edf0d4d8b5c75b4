"""The commands that are measured: their words, what must be there before, and what counts what they made."""

from __future__ import annotations

import shlex
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generate import facts
from measure import Run, run
from room import HERE, SHAPES, Place, peer, shapes_file
from runs import MADE, ROOT

from treatyrdf.slices import WHOLE

BUILD, MORPH, STACK, SERDI, STAGES = "treatyrdf build", "morph-kgc", "pySHACL + rdflib", "serdi", "stages"
COMPILED, PROFILE = f"{BUILD} --validator compiled", f"{STAGES} --profile"
PEER, OURS = "pySHACL", "treatyrdf, compiled"
VALIDATORS = {PEER: "", "treatyrdf, pyshacl": "pyshacl", OURS: "compiled"}
"""Names of validators in the tables, and what `validator.py` calls them; without such a name it is the peer."""


@dataclass(frozen=True)
class Command:
    """A command by its name in the tables."""

    name: str
    words: Sequence[str]
    folder: Path
    before: Callable[[], object] = tuple
    """What makes what it needs, or removes what it must not find."""
    into: Path | None = None
    """The file that takes what it prints, if it is much."""
    count: Callable[[], dict[str, int]] = dict
    """What counts what it made."""

    def run(self) -> Run:
        """Run it once; RuntimeError when it fails."""
        self.before()
        return run(self.words, self.folder, self.into)

    def shown(self, options: Namespace) -> str:
        """Return the command without the folders of this machine."""
        told = shlex.join(self.words)
        for long, short in ((sys.executable, "python"), (peer("morph"), "python"), (peer("shacl"), "python"),
                            (f"{self.folder}/", ""), (f"{options.room}/", ""), (str(options.tables), "TABLES"),
                            (f"{ROOT}/", "")):
            told = told.replace(long, short)
        return told


def validating(name: str, kind: str) -> str:
    """Return the name of the command of a validator."""
    return f"{name} on {kind} shapes"


def commands(place: Place, options: Namespace) -> Iterator[Command]:
    """Yield what runs in each round, in an order in which each finds what it needs."""
    given, python = place.given, sys.executable

    def build(name: str, *more: str) -> Command:
        words = [python, "-m", *name.split(), str(data), "--out", str(place.out), *more, *options.build_args]
        return Command(" ".join((name, *options.build_args)), words, place.folder, place.clear, None, place.built)

    if given.kind != MADE:
        data = ROOT / "datasets" / "environment"
        yield build(COMPILED, "--tables", str(options.tables), *(["--limit", str(given.count)] if given.count else []))
        return
    data = place.data
    made = build(COMPILED)
    yield made
    if given.count in options.sizes:
        if facts(given.count, given.members) <= WHOLE:
            yield build(BUILD)
        yield from _peers(place, options, made)
    for kind, checked in zip(SHAPES, (options.checks, options.sparql), strict=True):
        given_to = [str(place.faulty), str(options.room / "above.nt"), str(shapes_file(options.room, kind))]
        for name, called in VALIDATORS.items() if given.count in checked else ():
            words = [python, str(HERE / "validator.py"), called, *given_to[::2]] if called else [
                peer("shacl"), str(HERE / "peer.py"), "shacl", *given_to]
            yield Command(validating(name, kind), words, place.folder, lambda: place.need_faulty(made.run))
    words = [python, str(HERE / "stages.py"), str(data), "--validator", "compiled", "--json"]
    if given.count in options.stages:
        yield Command(STAGES, words, place.folder)
    if given.count in options.profile:
        yield Command(PROFILE, [*words, "--profile"], place.folder)


def _peers(place: Place, options: Namespace, build: Command) -> Iterator[Command]:
    """Yield what others do with the same tables and triples."""
    morph = Command(MORPH, [peer("morph"), "-m", "morph_kgc", "peer/config.ini"], place.data, count=place.mapped)
    yield morph
    yield Command(SERDI, ["serdi", "-i", "ntriples", "-o", "ntriples", str(place.triples)], place.folder,
                  lambda: place.need_triples(build.run), place.copy)
    if place.given.count <= options.slow:
        yield Command(STACK, [peer("shacl"), str(HERE / "peer.py"), "dumps", str(place.peer), str(place.folder),
                              str(shapes_file(options.room, "Core"))], place.folder,
                      lambda: place.need_peer(morph.run))
