"""Real triplestores for the tests: fetched once by their ordinary package clients, started on loopback."""

from __future__ import annotations

import fcntl
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

FETCHED = Path(__file__).resolve().parent / "engines" / "stores"
FUSEKI = "org.apache.jena:jena-fuseki-server:5.6.0"
RDF4J = "org.eclipse.rdf4j:rdf4j-http-server:5.0.3:war"
JETTY = "org.eclipse.jetty:jetty-runner:9.4.57.v20241219"
REPOSITORY = """@prefix config: <tag:rdf4j.org,2023:config/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
[] a config:Repository ; config:rep.id "t" ; rdfs:label "t" ; config:rep.impl [ config:rep.type "openrdf:SailRepository" ;
  config:sail.impl [ config:sail.type "openrdf:NativeStore" ; config:native.tripleIndexers "spoc,posc" ] ] .
"""
VIRTUOSO = """[Database]
DatabaseFile = {0}/virtuoso.db
ErrorLogFile = {0}/virtuoso.log
LockFile = {0}/virtuoso.lck
TransactionFile = {0}/virtuoso.trx
xa_persistent_file = {0}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {0}/virtuoso-temp.db
TransactionFile = {0}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{2}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
[HTTPServer]
ServerPort = 127.0.0.1:{1}
[SPARQL]
ResultSetMaxRows = {3}
"""
Tool = Callable[[str], str]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def fetched(artifact: str, tool: Tool) -> Path:
    """Return the file of a Maven artifact; several test processes fetch it once."""
    _, name, version, *kind = artifact.split(":")
    file = FETCHED / f"{name}-{version}.{kind[0] if kind else 'jar'}"
    FETCHED.mkdir(parents=True, exist_ok=True)
    with (FETCHED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.is_file():
            subprocess.run([tool("mvn"), "-q", "-B", "org.apache.maven.plugins:maven-dependency-plugin:2.8:copy",
                            f"-Dartifact={artifact}", f"-DoutputDirectory={FETCHED}"], check=True,
                           capture_output=True, timeout=400, cwd=FETCHED)
    return file


@contextmanager
def running(command: list[str], address: str, cwd: Path) -> Iterator[None]:
    """Start a server, wait until it answers, and stop it afterwards."""
    with (cwd / "server.log").open("w") as log:
        process = subprocess.Popen(command, cwd=cwd, stdout=log, stderr=log)
        try:
            end = time.monotonic() + 120
            while True:
                try:
                    urllib.request.urlopen(address, timeout=5).close()
                    break
                except urllib.error.HTTPError:
                    break
                except OSError:
                    assert process.poll() is None and time.monotonic() < end, (cwd / "server.log").read_text()[-2000:]
                    time.sleep(0.2)
            yield
        finally:
            process.kill()
            process.wait(timeout=30)


@contextmanager
def oxigraph(folder: Path, tool: Tool) -> Iterator[str]:
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or tool("oxigraph")
    url = f"http://127.0.0.1:{free_port()}"
    with running([program, "serve", "--location", "db", "--bind", url.removeprefix("http://")], f"{url}/query?query=ASK%7B%7D", folder):
        yield url


@contextmanager
def fuseki(folder: Path, tool: Tool) -> Iterator[str]:
    port = free_port()
    command = [tool("java"), "-Xmx512m", "-jar", str(fetched(FUSEKI, tool)), "--port", str(port), "--localhost", "--update", "--mem", "/ds"]
    with running(command, f"http://127.0.0.1:{port}/ds?query=ASK%7B%7D", folder):
        yield f"http://127.0.0.1:{port}/ds"


@contextmanager
def rdf4j(folder: Path, tool: Tool) -> Iterator[str]:
    port = free_port()
    command = [tool("java"), "-Xmx512m", f"-Dorg.eclipse.rdf4j.appdata.basedir={folder}", "-jar", str(fetched(JETTY, tool)), "--host", "127.0.0.1",
               "--port", str(port), "--path", "/rdf4j-server", str(fetched(RDF4J, tool))]
    server = f"http://127.0.0.1:{port}/rdf4j-server"
    with running(command, f"{server}/protocol", folder):
        request = urllib.request.Request(f"{server}/repositories/t", REPOSITORY.encode(), {"Content-Type": "text/turtle"}, method="PUT")
        urllib.request.urlopen(request, timeout=60).close()
        yield f"{server}/repositories/t"


@contextmanager
def virtuoso(folder: Path, tool: Tool, rows: int = 10000) -> Iterator[str]:
    port = free_port()
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(folder, port, free_port(), rows))
    command = [tool("virtuoso-t"), "+configfile", str(folder / "virtuoso.ini"), "+foreground"]
    with running(command, f"http://127.0.0.1:{port}/sparql?query=ASK%7B%7D", folder):
        yield f"http://127.0.0.1:{port}"


STORES = {"oxigraph": oxigraph, "fuseki": fuseki, "rdf4j": rdf4j, "virtuoso": virtuoso}
