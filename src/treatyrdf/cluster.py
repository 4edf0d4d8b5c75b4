"""Slices -> their parts, made by a Spark cluster (https://spark.apache.org/docs/latest/rdd-programming-guide.html).

Each slice travels alone, what all slices share travels once to each executor. The parts stay on the disks of the
executors until all are made, then they come back one after the other, so that nothing grows with their number but
the disks. An executor that is lost takes its parts along: Spark makes those again.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import cache, partial
from logging import getLogger
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any

from . import __version__
from .errors import RunError
from .folded import fold, unfold
from .parts import Attempt, Work, attempt, together
from .shelf import Part

LOG = getLogger("treatyrdf")
ALONE = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false"}
"""Settings of a Spark that runs on this machine alone, where nobody set them otherwise: no port is open to others."""
_RAISED = re.compile(r"^  File .*\n(?:    .*\n)*(\S.*)", re.MULTILINE)
"""The line of a trace of Python that names what was raised."""


def spread_parts(work: Work, slices: Sequence[bytes], master: str | None = None) -> Iterator[Part]:
    """Yield the part of each slice, in their order, made by Spark.

    Without `master` Spark's own settings name it, else it is all cores of this machine. The driver alone
    writes files, since the machines of a cluster share no disk. Raises RunError when Spark cannot do it.
    """
    with _context(master) as spark:
        if not slices:  # a small data set: what keeps Spark from working is said all the same
            return
        from pyspark import StorageLevel

        shared = spark.broadcast((__version__, Work(work.make, work.shared, work.tester, work.dumps)))
        sent = spark.parallelize([*enumerate(slices)], len(slices))
        made = sent.map(partial(_part, shared=shared)).persist(StorageLevel.DISK_ONLY)
        _make(spark, made, len(slices))
        yield from together(_back(work, made, len(slices)))


def _back(work: Work, made: Any, count: int) -> Iterator[Attempt]:
    for number, folded in enumerate(made.toLocalIterator(prefetchPartitions=True)):
        LOG.info("slice %d of %d comes back", number + 1, count)
        found: Attempt = unfold(folded)
        yield work.kept(number, found) if isinstance(found, Part) else found


def _part(sent: tuple[int, bytes], shared: Any) -> bytes:
    """Return the part of a slice, or why there is none: Spark would try a refusal again, and lose its type."""
    number, folded = sent
    version, work = shared.value
    if version != __version__:
        return fold(RunError.of("TRT158", "--engine", f"treatyrdf is {__version__} on a worker, but {version} here",
                                "install the same version everywhere"))
    return fold(attempt(work, number, folded))  # parts are text, and a task of Spark has room for 128 MiB


def _make(spark: Any, made: Any, count: int) -> None:
    """Make all parts, as many at once as the cluster has cores, and tell how far it is."""
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(made.count)
        tracker = spark.statusTracker()
        try:
            while wait([done], timeout=1).not_done:
                stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
                LOG.info("slice %d of %d", sum(stage.numCompletedTasks for stage in stages if stage), count)
        except BaseException:
            while wait([done], timeout=1).not_done:
                spark.cancelAllJobs()
            raise
        done.result()


@contextmanager
def _context(master: str | None) -> Iterator[Any]:
    """Give a connection to Spark, and end it; what goes wrong in Spark becomes a RunError."""
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java", path=str(Path(home) / "bin") if home else None):
        raise RunError.of("TRT157", "--engine", "Spark needs Java, which is not installed",
                          "install Java 17 or newer, or build with `--engine local`")
    try:
        from py4j.protocol import Py4JError
        from pyspark import SparkConf, SparkContext
        from pyspark.errors import PySparkException
    except ImportError:
        raise RunError.of("TRT157", "--engine", "the package pyspark is not installed", "install it with "
                          "`pip install 'treatyrdf[spark]'`, or build with `--engine local`") from None
    try:
        with _patient():
            gateway = _gateway()
    except PySparkException as error:
        raise RunError.of("TRT157", "--engine", f"Spark does not start: {_reason(error)}",
                          "install Java 17 or newer, and see Spark's own settings") from None
    try:
        settings = SparkConf(_jvm=gateway.jvm).setAppName("treatyrdf")
        if master:
            settings.setMaster(master)
        for key, value in ALONE.items() if settings.get("spark.master").startswith("local") else ():
            settings.setIfMissing(key, value)
        with _patient():
            spark = SparkContext(conf=settings, gateway=gateway)
        try:
            spark.pythonExec = settings.get("spark.pyspark.python", os.environ.get("PYSPARK_PYTHON", sys.executable))
            yield spark
        finally:
            spark.stop()
    except (Py4JError, PySparkException, EOFError) as error:
        raise RunError.of("TRT158", "--engine", f"Spark could not do it: {_reason(error)}",
                          "mend that, then run again; nothing was changed") from None


@contextmanager
def _patient() -> Iterator[None]:
    """Hold an interrupt back while Spark starts, or its Java would outlive us; Spark's way with one ends here too."""
    if current_thread() is not main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came and callable(before):
        before(signal.SIGINT, None)


@cache
def _gateway() -> Any:
    """Return the connection to Spark's Java, which ends with this process; its log would bury our own messages."""
    from pyspark.java_gateway import launch_gateway

    getLogger("py4j").setLevel("CRITICAL")
    with open(os.devnull, "wb") as nowhere:
        return launch_gateway(popen_kwargs={"stderr": nowhere})


def _reason(error: Exception) -> str:
    """Return the line of an error that says why, without the traces around it: Python's, else the first."""
    java = getattr(error, "java_exception", None)
    text = str((java.getMessage() if java else None) or error).strip() or type(error).__name__
    return (_RAISED.findall(text) or text.splitlines()[:1])[-1]
