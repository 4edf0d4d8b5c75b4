"""Facts -> Claims: references resolved, values typed, ids minted, evidence and standing attached."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property

from .errors import Problem, Problems, suggest, with_article
from .evidence import Sources
from .model import Claim, Dataset, Fact, Word
from .names import GREGORIAN, Names, trt
from .reasons import settle
from .values import UNKNOWN, statements
from .vocabulary import Property, Vocabulary

_YEAR = re.compile(r"[+-]?[0-9]{1,18}")
DATASET_HOLDER = "dataset"
RESERVED = frozenset({DATASET_HOLDER, "policy", "sparql"})
"""What stands directly below the base beside the things: the data set, its policy, its endpoint."""
_DEFAULTS = {"basis": "stated", "polarity": "affirmed", "certainty": "certain"}
_SCHEMES = {"basis": "BasisScheme", "polarity": "PolarityScheme", "certainty": "CertaintyScheme",
            "realm": "RealmScheme"}


def check_words(dataset: Dataset, vocabulary: Vocabulary, names: Names) -> list[Problem]:
    """Return what is wrong with dataset.yaml, the things and the sources of a data set, its facts aside."""
    return _Resolver(dataset, vocabulary, names, Problems()).check()


def resolve_claims(dataset: Dataset, vocabulary: Vocabulary, names: Names,
                   assumed: Set[str] = frozenset()) -> tuple[Claim, ...]:
    """Return every claim and silence of a data set, in the order they were written.

    `assumed` are ids of claims that others elsewhere take for granted. Raises DataError with every problem
    of the facts.
    """
    return _Resolver(dataset, vocabulary, names, Problems()).resolve(assumed)


@dataclass
class _Resolver:
    dataset: Dataset
    vocabulary: Vocabulary
    names: Names
    problems: Problems

    @cached_property
    def sources(self) -> Sources:
        """Return the sources, to look up where facts stand."""
        return Sources(self.dataset.sources, lambda word: self._concept("CiteScopeScheme", word),
                       self.problems)

    def check(self) -> list[Problem]:
        self._check_header()
        self._check_things()
        return self.problems.found

    def resolve(self, assumed: Set[str]) -> tuple[Claim, ...]:
        claims: dict[str, Claim] = {}
        for fact in (*self.dataset.facts, *self.dataset.silences):
            for claim in self._claims(fact):
                if claim.id in claims:
                    first = claims[claim.id].fact.id.position
                    self.problems.add(fact.id.position, "TRT023", f"the id `{claim.id}` is taken in "
                                      f"{first}", "write another `id`")
                    break
                claims[claim.id] = claim
        header = self.dataset.header
        settled = settle(claims, {self._concept("BasisScheme", w) for w in header.basis},
                         {self._concept("CertaintyScheme", w) for w in header.certainty},
                         self._failed(claims), self.problems, assumed)
        self.problems.stop()
        return settled

    def _failed(self, claims: Mapping[str, Claim]) -> frozenset[str]:
        """Return the facts that gave no claim, so that naming them is no second problem."""
        return frozenset(f.id for f in self.dataset.facts) - {c.fact.id for c in claims.values()}

    def _check_header(self) -> None:
        header = self.dataset.header
        self._concept("RealmScheme", header.realm)
        self._check_calendar(header.calendar)
        if header.realm == "in-universe" and header.calendar == "gregorian":
            self.problems.add(header.realm.position, "TRT046", "an invented world without a calendar of "
                              "its own", "add `calendar: ID`, and a thing of class Calendar with that id")
        for word in header.counts:
            self._class(word)
        for word in header.absent:
            if word not in self.vocabulary.properties:
                self._class(word)

    def _class(self, word: Word) -> None:
        if word not in self.vocabulary.classes:
            self.problems.add(word.position, "TRT032", f"unknown class `{word}`",
                              suggest(word, self.vocabulary.classes))

    # --- things -----------------------------------------------------------------------------

    def _check_things(self) -> None:
        for thing in self.dataset.things.values():
            self._class(thing.type)
            if thing.id in RESERVED or thing.id in self.dataset.sources:
                self._taken(thing.id)
        for source in self.dataset.sources.values():
            if source.id in RESERVED:
                self._taken(source.id)
            for citation in source.citations.values():
                self._concept("CiteScopeScheme", citation.scope)
                for work in citation.works:
                    if not self.vocabulary.is_a(self._type(work), ("Work",)):
                        self._unknown_thing(work, "work", self._of_class("Work"))

    def _taken(self, word: Word) -> None:
        self.problems.add(word.position, "TRT023", f"the id `{word}` is taken", "choose another id")

    def _type(self, thing: str) -> str:
        known = self.dataset.things.get(thing)
        return known.type if known else ("Source" if thing in self.dataset.sources else "")

    def _of_class(self, *wanted: str) -> Iterable[str]:
        return (t for t in self.dataset.things if self.vocabulary.is_a(self._type(t), wanted))

    def _unknown_thing(self, word: Word, what: str, known: Iterable[str]) -> None:
        if word in self.dataset.things:
            self.problems.add(word.position, "TRT033", f"`{word}` is {with_article(self._type(word))}, "
                              f"not {with_article(what)}", suggest(word, known))
        else:
            hint = suggest(word, known)
            more = " If it is new, add it to `things`" if hint[-1] == "?" else ", or add it to `things`"
            self.problems.add(word.position, "TRT030", f"unknown {what} `{word}`", hint + more)

    # --- facts ------------------------------------------------------------------------------

    def _claims(self, fact: Fact) -> Iterable[Claim]:
        if fact.subject not in self.dataset.things and fact.subject not in self.dataset.sources:
            self._unknown_thing(fact.subject, "thing", self.dataset.things)
            return
        evidence = self.sources.evidence(fact)
        source = evidence[0].passage.source if evidence else ""
        silent = fact.statements[0][1] is None
        holders = self._holders(fact, source, silent)
        qualifiers = {} if silent else self._standing(fact)
        if fact.reasoning.rule:
            self._concept("RuleScheme", fact.reasoning.rule)
        calendar = "" if silent else self._calendar(fact)
        subject = self.names.thing(fact.subject)
        self._check_bounds(fact)
        worded = {"originalWording": self.names.text(fact.words["wording"])} if "wording" in fact.words else {}
        seen: dict[str, int] = {}
        for number, (key, value) in enumerate(fact.statements):
            seen[key] = seen.get(key, 0) + 1
            tail = f".{key}" + (f".{seen[key]}" if seen[key] > 1 else "")
            prop = self._property(key, fact)
            if prop is None:
                continue
            for suffix, predicate, term, more in self._statements(prop, value):
                yield Claim(
                    id=fact.id + (tail if number else "") + suffix, fact=fact, subject=subject,
                    predicate=f"<{predicate.iri}>", object=term,
                    qualifiers=self._qualified(qualifiers, calendar, predicate, term, {**worded, **more}),
                    holders=holders, evidence=evidence, rule=self._rule(fact),
                    kinds=(predicate.claim_class,) if predicate.claim_class else ())

    def _qualified(self, qualifiers: Mapping[str, str], calendar: str, prop: Property,
                   term: str | None, more: Mapping[str, str]) -> Mapping[str, str]:
        """Return the standing of one claim, with what its value adds."""
        if term is None:
            return qualifiers
        if term == UNKNOWN:
            return {**qualifiers, **more, "certainty": trt("Unknown")}
        if qualifiers["certainty"] != trt("Certain"):
            more = {name: value for name, value in more.items() if name != "certainty"}
        dated = {"calendar": calendar} if prop.name in self.vocabulary.dating else {}
        return {**qualifiers, **more, **dated}

    def _check_bounds(self, fact: Fact) -> None:
        """Note a fact whose own earliest year is after its latest."""
        years = {name: [int(v) for k, v in fact.statements if k == name and v and _YEAR.fullmatch(v)]
                 for name in ("earliestYear", "latestYear")}
        early, late = years["earliestYear"], years["latestYear"]
        if early and late and max(early) > min(late):
            word = next(v for k, v in fact.statements if k == "earliestYear" and v)
            self.problems.add(word.position, "TRT044", f"the earliest year {max(early)} is after the "
                              f"latest year {min(late)}", "write the smaller one as `earliestYear`")

    def _property(self, key: Word, fact: Fact) -> Property | None:
        prop = self.vocabulary.properties.get(key)
        if prop is None:
            known = [p.name for p in self.vocabulary.properties.values()
                     if self.vocabulary.is_a(self._type(fact.subject), p.domains)]
            self.problems.add(key.position, "TRT020", f"unknown property `{key}`",
                              suggest(key, [*known, "at", "cites", "basis", "claimant", "premises"]))
            return None
        kind = self._type(fact.subject)
        if kind in self.vocabulary.classes and not self.vocabulary.is_a(kind, prop.domains):
            self.problems.add(key.position, "TRT033", f"`{key}` is said of "
                              f"{' or '.join(prop.domains)}, and `{fact.subject}` is {with_article(kind)}",
                              "use another property or another subject")
            return None
        return prop

    def _statements(self, prop: Property, value: Word | None,
                    ) -> Iterable[tuple[str, Property, str | None, Mapping[str, str]]]:
        """Yield the statements of one value; a silence has no value."""
        if value is None:
            yield "", prop, None, {}
            return
        for suffix, name, term, more in statements(prop, value, self.vocabulary, self.names,
                                                   self._known_type, self.problems):
            yield suffix, self.vocabulary.properties[name], term, more

    def _known_type(self, word: Word, wanted: tuple[str, ...]) -> bool:
        kind = self._type(word)
        if kind and (kind not in self.vocabulary.classes or self.vocabulary.is_a(kind, wanted)):
            return True
        self._unknown_thing(word, " or ".join(wanted) or "thing", self._of_class(*wanted))
        return False

    # --- standing ---------------------------------------------------------------------------

    def _concept(self, scheme: str, word: Word) -> str:
        known = self.vocabulary.schemes.get(scheme, {})
        if word in known:
            return f"<{known[word].iri}>"
        self.problems.add(word.position, "TRT034", f"unknown word `{word}`", suggest(word, known))
        return ""

    def _standing(self, fact: Fact) -> Mapping[str, str]:
        standing, here = fact.standing, fact.id.position
        reasoned = bool(fact.reasoning.premises)
        words = {
            "basis": standing.basis or Word("inferred" if reasoned else "stated", here),
            "polarity": standing.polarity or Word(_DEFAULTS["polarity"], here),
            "certainty": standing.certainty or Word(_DEFAULTS["certainty"], here),
            "realm": standing.realm or self.dataset.header.realm}
        if words["basis"] == "inferred" and not (reasoned and fact.reasoning.rule):
            self.problems.add(words["basis"].position, "TRT040", "an inferred fact without its "
                              "reasons", "add `premises` (ids of claims) and a `rule`")
        return {key: self._concept(_SCHEMES[key], word) for key, word in words.items()}

    def _calendar(self, fact: Fact) -> str:
        """Return the calendar of a fact's dates: its own, else that of its realm."""
        realm = fact.standing.realm or self.dataset.header.realm
        if fact.standing.calendar:
            self._check_calendar(fact.standing.calendar)
        default = "gregorian" if realm == "real-world" else self.dataset.header.calendar
        word = fact.standing.calendar or default
        return GREGORIAN if word == "gregorian" else self.names.thing(word)

    def _check_calendar(self, word: Word) -> None:
        if word != "gregorian" and self._type(word) != "Calendar":
            self._unknown_thing(word, "calendar", ["gregorian", *self._of_class("Calendar")])

    def _rule(self, fact: Fact) -> str | None:
        rule = fact.reasoning.rule
        known = self.vocabulary.schemes.get("RuleScheme", {})
        return f"<{known[rule].iri}>" if rule and rule in known else None

    def _holders(self, fact: Fact, source: str, silent: bool) -> tuple[str, ...]:
        """Return who holds the fact, outermost first: the source itself unless the data set."""
        given = fact.standing.claimant
        if given == (DATASET_HOLDER,) or (silent and not given):
            return (DATASET_HOLDER,)
        for word in given:
            if word == DATASET_HOLDER:
                self.problems.add(word.position, "TRT041", "the data set in a chain of claimants",
                                  "write `claimant: dataset` alone")
            elif not self._type(word):
                self._unknown_thing(word, "claimant", self._of_class("Agent", "Work", "Source"))
        return (source, *(w for w in given if w != source))
