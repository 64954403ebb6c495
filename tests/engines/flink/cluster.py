"""A real Flink cluster on this machine: python -m tests.engines.flink.cluster up|down.

A job manager, two task managers of two slots each, Beam's job server, and a pool that starts Python workers as
processes. `up` prints the options by which a run uses them, which also stand in build/flink/run/options.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

from tests.paths import ROOT

ROOT = ROOT / "build/flink"
JARS = ROOT / "jars"
STATE = ROOT / "run"  # of the cluster that is up: configuration, process ids, logs
TASK_MANAGERS = 2
SLOTS = 2

_CONFIGURATION = """\
jobmanager.rpc.address: localhost
jobmanager.rpc.port: {rpc}
rest.address: localhost
rest.port: {rest}
rest.bind-port: {rest}
parallelism.default: {parallelism}
taskmanager.host: localhost
taskmanager.numberOfTaskSlots: {slots}
taskmanager.cpu.cores: {slots}
taskmanager.memory.task.heap.size: 256m
taskmanager.memory.task.off-heap.size: 64m
taskmanager.memory.framework.heap.size: 128m
taskmanager.memory.framework.off-heap.size: 128m
taskmanager.memory.managed.size: 128m
taskmanager.memory.network.min: 256m
taskmanager.memory.network.max: 256m
taskmanager.memory.jvm-metaspace.size: 256m
taskmanager.memory.jvm-overhead.min: 128m
taskmanager.memory.jvm-overhead.max: 128m
restart-strategy.type: fixed-delay
restart-strategy.fixed-delay.attempts: 20
restart-strategy.fixed-delay.delay: 5 s
heartbeat.timeout: 60000
pekko.ask.timeout: 60 s
web.timeout: 60000
slot.request.timeout: 120000
io.tmp.dirs: {tmp}
classloader.resolve-order: parent-first
"""

_JOB_MANAGER = "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint"
_TASK_MANAGER = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"
_JOB_SERVER = "org.apache.beam.runners.flink.FlinkJobServerDriver"

# What Flink reaches into, which Java 17 has closed.
_OPENED = (
    "lang", "lang.invoke", "lang.reflect", "io", "net", "nio", "text", "time", "util", "util.concurrent",
    "util.concurrent.atomic", "util.concurrent.locks",
)  # fmt: skip


# The job server uploads its class path with every job. The task managers have all of it, so only what must not
# stand on the boot class path is left on it: 14 MB instead of 152.
_STAGED = re.compile(r"/(beam-runners-flink|flink-(?!shaded|rpc-akka))")


def up() -> None:
    """Start the cluster and wait until all its slots are free."""
    if STATE.exists():
        sys.exit(f"a cluster is up, or was not taken down ({STATE}): make flink-down")
    java = shutil.which("java")
    if java is None:
        sys.exit("Flink needs Java 11 or 17: install a Java runtime and put `java` on the PATH")
    (STATE / "log").mkdir(parents=True)
    (STATE / "tmp").mkdir()
    rpc, rest, jobs, artifacts, pool = free_ports(5)
    (STATE / "flink-conf.yaml").write_text(
        _CONFIGURATION.format(
            rpc=rpc, rest=rest, slots=SLOTS, parallelism=TASK_MANAGERS * SLOTS, tmp=STATE / "tmp"
        )
    )
    (STATE / "ports.json").write_text(json.dumps({"rest": rest}))
    options = (
        f"--runner=FlinkRunner --job_endpoint=localhost:{jobs} --flink_master=localhost:{rest} "
        f"--parallelism={TASK_MANAGERS * SLOTS} "
        f"--environment_type=EXTERNAL --environment_config=localhost:{pool}"
    )
    try:
        _java("job-manager", _JOB_MANAGER, "256m", "--configDir", str(STATE))
        for number in range(TASK_MANAGERS):
            task_manager(f"task-manager-{number}")
        _java(
            "job-server", _JOB_SERVER, "512m", f"--flink-master=localhost:{rest}", f"--flink-conf-dir={STATE}",
            "--job-host=localhost", f"--job-port={jobs}", f"--artifact-port={artifacts}", "--expansion-port=-1",
            f"--artifacts-dir={STATE / 'tmp'}",
        )  # fmt: skip
        _start("worker-pool", [sys.executable, "-m", "massivetext.pipeline.programs.worker_pool", str(pool)])
        _wait(TASK_MANAGERS * SLOTS, jobs, pool)
    except BaseException:
        down()
        raise
    (STATE / "options").write_text(options + "\n")
    print(options)


def task_manager(name: str) -> int:
    """Start a task manager; returns its process id."""
    return _java(name, _TASK_MANAGER, "512m", "--configDir", str(STATE))


def down() -> None:
    """End every process of the cluster, and keep only its logs."""
    groups = [int(file.read_text()) for file in STATE.glob("*.pid")]
    _signal(groups, signal.SIGTERM)  # so that a task manager ends its containers
    deadline = time.monotonic() + 10
    while _signal(groups, 0) and time.monotonic() < deadline:
        time.sleep(0.2)
    _signal(groups, signal.SIGKILL)
    if (STATE / "log").exists():
        shutil.rmtree(ROOT / "log", ignore_errors=True)
        shutil.move(STATE / "log", ROOT / "log")
    shutil.rmtree(STATE, ignore_errors=True)


def _signal(groups: list[int], number: int) -> bool:
    """Send a signal to process groups; whether there is one left."""
    is_there = False
    for group in groups:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(group, os.WNOHANG)  # a child of this process stays until it is waited for
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, number)
            is_there = True
    return is_there


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on now."""
    sockets = [socket.create_server(("localhost", 0)) for _ in range(count)]
    ports = [opened.getsockname()[1] for opened in sockets]
    for opened in sockets:
        opened.close()
    return ports


def free_slots() -> int:
    """How many slots the job manager has free."""
    port = json.loads((STATE / "ports.json").read_text())["rest"]
    with urllib.request.urlopen(f"http://localhost:{port}/overview", timeout=5) as response:
        return int(json.load(response)["slots-available"])


def _java(name: str, main: str, heap: str, *arguments: str) -> int:
    opened = [f"--add-opens=java.base/java.{package}=ALL-UNNAMED" for package in _OPENED]
    command = ["java", f"-Xmx{heap}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", *opened]
    command += ["-Dorg.slf4j.simpleLogger.showDateTime=true"]
    if main == _JOB_SERVER:
        jars = sorted(str(jar) for jar in JARS.glob("*.jar"))
        staged = [jar for jar in jars if _STAGED.search(jar)]
        command += ["-Xbootclasspath/a:" + ":".join(set(jars) - set(staged)), "-cp", ":".join(staged)]
    else:
        command += ["-cp", f"{JARS}/*"]
    return _start(name, [*command, main, *arguments])


def _start(name: str, command: list[str]) -> int:
    with (STATE / "log" / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    (STATE / f"{name}.pid").write_text(str(process.pid))
    return process.pid


def _wait(slots: int, *ports: int) -> None:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        try:
            if free_slots() == slots and all(_is_open(port) for port in ports):
                return
        except OSError:
            pass
        time.sleep(0.5)
    sys.exit(f"the cluster was not ready after four minutes: see {ROOT}/log")


def _is_open(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("localhost", port)) == 0


if __name__ == "__main__":
    {"up": up, "down": down}[sys.argv[1]]()
