"""Four real stores: loaded twice, spoilt by hand, killed midway, repaired; all questions give the expected rows there."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

import stores
from conftest import ROOT, Run
from treatyrdf.ask import read_questions
from treatyrdf.load import differences, read_shipment
from treatyrdf.packing import find_dump
from treatyrdf.remote import KINDS, Access, Body, Remote

DIST = ROOT / "dist" / "alliance"
FILES = {"alliance.nq": (DIST / "alliance.nq").read_bytes(),
         **{f"questions/{p.name}": p.read_bytes() for p in (DIST / "questions").iterdir()}}
EDITION = read_shipment(find_dump(FILES, "alliance.nq"), FILES)
LOGIN = {"TREATYRDF_USER": "dba", "TREATYRDF_PASSWORD": "dba"}
CLAIMS = next(g for g in EDITION.graphs if g.endswith("/claims"))
FACTS = next(g for g in EDITION.graphs if g.endswith("/facts"))


def states(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    assert done.stdout, done.stderr
    return {g["graph"].rpartition("/")[2]: g["state"] for g in json.loads(done.stdout)["graphs"]}


def all_graphs(state: str) -> dict[str, str]:
    return {g.rpartition("/")[2]: state for g in EDITION.graphs}


@pytest.mark.parametrize("name", list(stores.STORES))
def test_a_real_store(name: str, tmp_path: Path, tool, treatyrdf: Run) -> None:  # type: ignore[no-untyped-def]
    with stores.STORES[name](tmp_path, tool) as url:
        def load(*options: str) -> subprocess.CompletedProcess[str]:
            return treatyrdf("load", url, "--json", *options, cwd=ROOT, **LOGIN)

        dry = load("--dry-run")
        assert dry.returncode == 0 and states(dry) == all_graphs("new")
        unloaded = load("--check")
        assert unloaded.returncode == 1 and "TRT114" in unloaded.stderr and "TRT117" in unloaded.stderr
        first = load()
        assert first.returncode == 0, first.stderr
        value = json.loads(first.stdout)
        assert value["store"] == name and value["questions"] == len(read_questions(ROOT / "datasets" / "alliance"))
        assert all(g["written"] for g in value["graphs"]) and "dba" not in first.stdout + first.stderr
        again = load()
        assert states(again) == all_graphs("same") and not any(g["written"] for g in json.loads(again.stdout)["graphs"])

        remote = Remote(url, Access("dba", "dba"), 60)  # half a graph is there, and one by hand
        lines = EDITION.graphs[CLAIMS]
        remote.write(CLAIMS, lines[:len(lines) // 2], lambda _: None)
        remote.write(FACTS, [*EDITION.graphs[FACTS][1:], "<https://example.org/a> <https://example.org/b> \"c\" ."], lambda _: None)
        spoilt = load("--check")
        assert spoilt.returncode == 1 and f"<{CLAIMS}> holds {len(lines) // 2} triples, not {len(lines)}" in spoilt.stderr
        assert f"<{FACTS}> differs in 1 triples" in spoilt.stderr and "example.org" in spoilt.stderr
        assert states(load("--dry-run")) == all_graphs("same") | {"claims": "changed", "facts": "changed"}
        repaired = load()
        assert repaired.returncode == 0 and [g["graph"] for g in json.loads(repaired.stdout)["graphs"] if g["written"]] == [CLAIMS, FACTS]
        assert [*differences(EDITION, remote)] == []
        remote.close()


def test_killed_at_any_point_and_run_again(tmp_path: Path, tool, treatyrdf: Run) -> None:  # type: ignore[no-untyped-def]
    with stores.oxigraph(tmp_path, tool) as url:
        for moment in (0.2, 0.5, 0.8, 1.1):
            for graph in EDITION.graphs:
                httpx.delete(f"{url}/store", params={"graph": graph})
            process = subprocess.Popen([sys.executable, "-m", "treatyrdf", "load", url], cwd=ROOT, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
            process.wait(timeout=30)
            assert treatyrdf("load", url, cwd=ROOT).returncode == 0
            assert treatyrdf("load", url, "--check", cwd=ROOT).returncode == 0


def test_a_store_with_sparql_update_only(tmp_path: Path, tool, treatyrdf: Run) -> None:  # type: ignore[no-untyped-def]
    with stores.oxigraph(tmp_path, tool) as url:
        options = ("--store", "update", "--query", f"{url}/query", "--target", f"{url}/update")
        assert states(treatyrdf("load", url, "--json", *options, cwd=ROOT)) == all_graphs("new")
        again = treatyrdf("load", url, "--json", *options, cwd=ROOT)
        assert again.returncode == 0 and states(again) == all_graphs("same")


def test_a_store_that_gives_out_less_than_it_holds(tmp_path: Path, tool) -> None:  # type: ignore[no-untyped-def]
    with stores.virtuoso(tmp_path, tool, rows=100) as url:
        remote = Remote(url, Access("dba", "dba"), 60)
        for graph, lines in EDITION.graphs.items():
            remote.write(graph, lines, lambda _: None)
        found = [p.code for p in differences(EDITION, remote)]
        remote.close()
        assert "TRT115" in found or "TRT117" in found


def test_a_graph_too_large_for_one_request_is_sent_and_read_in_parts(tmp_path: Path, tool) -> None:  # type: ignore[no-untyped-def]
    with stores.virtuoso(tmp_path, tool) as url:
        remote = Remote(url, Access("dba", "dba"), 60, replace(KINDS["virtuoso"], most=200, part=300))
        lines, told = EDITION.graphs[CLAIMS], []
        remote.write(CLAIMS, lines, told.append)
        assert len(told) > len(lines) // 300 and told[-1].endswith(f"{len(lines)} of {len(lines)} triples")
        assert set(remote.read(CLAIMS)) == set(lines)
        assert [*differences(replace(EDITION, questions={}, graphs={CLAIMS: lines}), remote)] == []
        remote.close()


# --- refusals -----------------------------------------------------------------------------------


def test_a_wrong_password_is_said_and_never_shown(tmp_path: Path, tool, treatyrdf: Run) -> None:  # type: ignore[no-untyped-def]
    with stores.virtuoso(tmp_path, tool) as url:
        for options, env in (((), {"TREATYRDF_USER": "dba", "TREATYRDF_PASSWORD": "s3cret"}),
                             ((url.replace("//", "//dba:s3cret@"),), {})):
            done = treatyrdf("load", *(options or (url,)), cwd=ROOT, HOME=str(tmp_path), **env)
            assert done.returncode == 2 and "TRT111" in done.stderr and "s3cret" not in done.stdout + done.stderr
        (tmp_path / ".netrc").write_text("machine 127.0.0.1 login dba password dba\n")
        (tmp_path / ".netrc").chmod(0o600)
        assert treatyrdf("load", url, cwd=ROOT, HOME=str(tmp_path)).returncode == 0


@pytest.mark.parametrize(("url", "code"), [
    ("http://127.0.0.1:9", "TRT110"), ("ftp://127.0.0.1", "TRT110"), ("nonsense", "TRT110"), ("http://", "TRT110")])
def test_no_store_there(treatyrdf: Run, url: str, code: str) -> None:
    done = treatyrdf("load", url, cwd=ROOT)
    assert done.returncode == 2 and code in done.stderr and "Traceback" not in done.stderr


@contextmanager
def answering(tmp_path: Path, body: str) -> Iterator[str]:
    """A server that says the same to everything."""
    port = stores.free_port()
    script = tmp_path / "server.py"
    script.write_text(
        "import http.server\n"
        "class H(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        f"        b = {body!r}.encode(); self.send_response(200); self.send_header('Content-Length', str(len(b))); self.end_headers(); self.wfile.write(b)\n"
        "    do_POST = do_PUT = do_GET\n"
        "    def log_message(self, *a): pass\n"
        f"http.server.HTTPServer(('127.0.0.1', {port}), H).serve_forever()\n")
    with stores.running([sys.executable, str(script)], f"http://127.0.0.1:{port}/", tmp_path):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(("body", "code"), [("<html>hello</html>", "TRT112"), ('{"head":{},"bindings":[]}', "TRT113")])
def test_something_else_than_a_store(tmp_path: Path, treatyrdf: Run, body: str, code: str) -> None:
    with answering(tmp_path, body) as url:
        done = treatyrdf("load", url, cwd=ROOT)
        assert done.returncode == 2 and code in done.stderr and "Traceback" not in done.stderr


def test_nothing_built(tmp_path: Path, treatyrdf: Run) -> None:
    done = treatyrdf("load", "http://127.0.0.1:9", "--out", tmp_path, cwd=ROOT)
    assert done.returncode == 2 and "TRT096" in done.stderr


def test_the_body_can_be_sent_again_and_tells_how_far_it_is() -> None:
    told: list[int] = []
    body = Body([f"line {n} é" for n in range(100_001)], told.append)
    sent = b"".join(body)
    assert sent == b"".join(body) and len(sent) == body.length and told[:2] == [100_000, 100_001]


def test_every_kind_of_store_has_a_place_for_graphs() -> None:
    assert all(bool(kind.graphs) != bool(kind.update) for kind in KINDS.values())
