"""Where a fact stands: locators and citation ids -> passages and citations of the sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .errors import Problems, suggest
from .model import Evidence, Fact, Passage, Source, Word
from .names import trt


@dataclass(frozen=True)
class Sources:
    """The sources of a data set, and how a word of the scheme of scopes becomes its term."""

    by_id: Mapping[str, Source]
    scope: Callable[[Word], str]
    problems: Problems

    def evidence(self, fact: Fact) -> tuple[Evidence, ...]:
        """Return the evidence of a fact, one for each citation that covers it; problems are noted."""
        passage = self._passage(fact.at)
        if passage is None:
            return ()
        citations = self.by_id[passage.source].citations
        if not fact.cites:
            if citations and fact.statements[0][1] is not None:
                self.problems.add(fact.id.position, "TRT035", f"the fact `{fact.id}` has no `cites`",
                                  "name the citation that covers it, or write `cites: none`")
            return (Evidence(passage, None, trt("Uncited")),)
        if fact.cites == ("none",):
            return (Evidence(passage, None, trt("Uncited")),)
        found = []
        for word in fact.cites:
            citation = citations.get(word)
            if citation is None:
                self.problems.add(word.position, "TRT031", f"unknown citation `{word}`",
                                  suggest(word, [*citations, "none"]))
            elif citation.passage.paragraph != passage.paragraph:
                self.problems.add(word.position, "TRT036", f"the citation `{word}` stands in "
                                  f"{citation.passage.at}, another paragraph than {fact.at}",
                                  "name a citation of the same paragraph")
            else:
                here = citation.passage.key == passage.key
                found.append(Evidence(passage, citation, self.scope(
                    citation.scope if here else Word("paragraph", word.position))))
        return tuple(found)

    def _passage(self, at: Word) -> Passage | None:
        named, mark, locator = at.rpartition("#")
        sources = self.by_id
        if not mark and len(sources) > 1:
            self.problems.add(at.position, "TRT031", f"`{at}` names no source",
                              f"write `SOURCE#{at}` with one of: {', '.join(sorted(sources))}")
            return None
        if mark and named not in sources:
            self.problems.add(at.position, "TRT031", f"unknown source `{named}`",
                              suggest(named, sources))
            return None
        if not sources:
            self.problems.add(at.position, "TRT031", "the data set has no source",
                              "describe one in sources.yaml")
            return None
        source = sources[named] if mark else next(iter(sources.values()))
        if locator not in source.passages:
            self.problems.add(at.position, "TRT031", f"no passage `{locator}` in {source.id}",
                              suggest(locator, source.passages))
            return None
        return source.passages[locator]

