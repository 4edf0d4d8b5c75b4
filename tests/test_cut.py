"""A data set is cut before its claims are worked out: what they rest on in other slices counts as in the whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from treaties import write_treaties
from treatyrdf import slices
from treatyrdf.build import build
from treatyrdf.errors import DataError
from treatyrdf.findings import check_shapes
from treatyrdf.publish import Published, publish

ASSUMPTION = """
- {id: guess, subject: france, prefLabel: La France, at: '1', basis: supposed, certainty: possible}
- {id: firm, subject: spain, prefLabel: Espana, at: '8'}
"""
RESTING = """
- {{id: rests-{n}, subject: treaty-{n}, prefLabel: 'Treaty {n}', at: '{n}', premises: [{premise}], rule: time-network, assumes: [{assumed}]}}
"""
STATUS = "\n- {id: as-of, subject: list, statusAsOf: 1950, at: '8'}\n"
RIVALS = """
- {{id: other-{n}, subject: signing-{n}, date: 1850, at: '{n}'}}
"""


@pytest.fixture
def treaties(tmp_path: Path) -> Path:
    """Return a data set of seven treaties with a passage more than they have."""
    write_treaties(tmp_path / "seven", 7)
    return tmp_path / "seven"


def add(folder: Path, text: str, file: str = "claims") -> None:
    """Write more at the end of a file."""
    with (folder / f"{file}.yaml").open("a", encoding="utf-8") as out:
        out.write(text)


def both(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Published, Published]:
    """Return a data set in slices, and whole."""
    whole = publish(folder)
    monkeypatch.setattr(slices, "WHOLE", 0)
    monkeypatch.setattr(slices, "ENOUGH", 3)
    cut = publish(folder)
    assert cut.count > 2 and whole.count == 1
    return cut, whole


def same(cut: Published, whole: Published) -> None:
    """Tell nothing twice, and the same as the whole."""
    told = [q for n in range(cut.count) for q in cut.part(n)]
    assert len(told) == len(set(told))
    assert sorted(told) == sorted(whole.quads)
    assert sorted(c.id for c in cut.claims) == sorted(c.id for c in whole.claims)
    assert [c.key for c in cut.conflicts] == [c.key for c in whole.conflicts]


@pytest.mark.parametrize("facts", [
    ASSUMPTION + "".join(RESTING.format(n=n, premise="firm", assumed="guess") for n in (2, 5)),
    ASSUMPTION + RESTING.format(n=2, premise="treaty-5-haspartys", assumed="guess").replace("treaty-5-haspartys", "firm")
    + RESTING.format(n=6, premise="rests-2", assumed="guess"),
    ASSUMPTION + "\n- {id: of-six, subject: spain, prefLabel: Six, at: '8', premises: [treaty-6-hasparty-france], rule: time-network}\n"
    + RESTING.format(n=3, premise="of-six", assumed="guess"),
    STATUS,
    STATUS + ASSUMPTION + RESTING.format(n=4, premise="as-of", assumed="guess"),
    STATUS.replace("statusAsOf", "certainty: possible, statusAsOf"),
    "\n- {id: twice, subject: france, prefLabel: One, at: '2'}\n- {id: on-two, subject: treaty-2, prefLabel: Two, at: '2'}\n",
    RIVALS.format(n=3) + RIVALS.format(n=5),
], ids=["shared", "chain", "shared of one", "status", "status as premise", "doubtful status", "passage", "rivals"])
def test_slices_say_what_the_whole_says(facts: str, treaties: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a fact rests on, and wherever that stands."""
    add(treaties, facts)
    if "other-" in facts:
        add(treaties, "conflicts: keep\n", "dataset")
    cut, whole = both(treaties, monkeypatch)
    same(cut, whole)
    assert check_shapes(cut) == check_shapes(whole)


def test_what_is_deprecated_may_stand_in_any_slice(treaties: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its replacement is found in every slice, and what is still there too."""
    add(treaties, "deprecated:\n  claim/gone: [claim/signing-5-date-1905]\n", "dataset")
    same(*both(treaties, monkeypatch))
    add(treaties, "  claim/signing-3-date-1903: [none]\n  claim/lost: [claim/nowhere]\n", "dataset")
    with pytest.raises(DataError) as error:
        publish(treaties)
    assert [p.code for p in error.value.problems] == ["TRT129", "TRT129"]


def test_the_problems_of_all_slices_are_told_at_once(treaties: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of dataset.yaml too; and so are those of a build, where each slice is worked out in another process."""
    claims = treaties / "claims.yaml"
    claims.write_text(claims.read_text().replace("date: 1902", "date: soon").replace("date: 1906", "date: later")
                      .replace("changes: treaty-4", "changes: treaty-44"))
    monkeypatch.setattr(slices, "WHOLE", 0)
    monkeypatch.setattr(slices, "ENOUGH", 3)
    for call in (lambda: publish(treaties), lambda: build(treaties, tmp_path / "out")):
        with pytest.raises(DataError) as error:
            call()
        assert [p.code for p in error.value.problems] == ["TRT037", "TRT030", "TRT037"]
        assert [p.position.line for p in error.value.problems] == sorted(p.position.line for p in error.value.problems)
    add(treaties, "counts: {Treatise: {min: 1}}\n", "dataset")
    with pytest.raises(DataError) as error:
        build(treaties, tmp_path / "out")
    assert [p.code for p in error.value.problems] == ["TRT037", "TRT030", "TRT037", "TRT032"]


def test_an_id_that_is_taken_in_another_slice(treaties: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two facts of one id stand together, so that it is found."""
    add(treaties, "\n- {id: signing-2-date-1902, subject: signing-6, date: 1906, at: '6'}\n")
    monkeypatch.setattr(slices, "WHOLE", 0)
    monkeypatch.setattr(slices, "ENOUGH", 3)
    with pytest.raises(DataError, match="TRT023 the id `signing-2-date-1902` is taken in"):
        publish(treaties)
