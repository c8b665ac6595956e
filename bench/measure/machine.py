"""What the machine is, and what processes cost on it, read from /proc."""
import contextlib
import ctypes
import os
import pathlib
import platform
import resource
import shutil
import subprocess
import time

PROC = pathlib.Path("/proc")
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER
TICK_NS = 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def cores():
    return sorted(os.sched_getaffinity(0))


def make_urgent():
    """Puts this process, and what it starts, into the real-time class."""
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))


def may_be_urgent():
    try:
        subprocess.run(["true"], preexec_fn=make_urgent, check=True)
    except subprocess.SubprocessError:
        return False
    return True


def children(pid):
    return [int(child) for child in (PROC / f"{pid}/task/{pid}/children").read_text().split()]


def thread_ns(task):
    """CPU time of one thread; to the nanosecond where the kernel keeps it so. Nothing for one that
    ended while it was looked for: the servers keep theirs for as long as they run."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return int((task / "schedstat").read_text().split()[0])
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        fields = (task / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * TICK_NS
    return 0


def family(pid):
    """The process, its children and theirs."""
    found = [pid]
    for one in found:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            for task in (PROC / f"{one}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def process_ns(pids):
    """CPU time of processes, threads that have ended included; to the clock tick."""
    total = 0
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            fields = (PROC / f"{pid}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15])) * TICK_NS
    return total


def cpu_ns(pids):
    return sum(thread_ns(task) for pid in pids for task in (PROC / f"{pid}/task").iterdir())


def cpu_ns_by_name(pids):
    """The same for threads of each name."""
    spent = {}
    for task in (task for pid in pids for task in (PROC / f"{pid}/task").iterdir()):
        name = (task / "comm").read_text().strip()
        spent[name] = spent.get(name, 0) + thread_ns(task)
    return spent


def memory_mib(pid):
    """Resident memory now, and the most it ever was."""
    lines = (PROC / f"{pid}/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines if line.startswith("Vm"))
    return tuple(int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))


def busy_and_stolen_seconds():
    """Of all cores since boot: time not idle, and time the hypervisor gave to others."""
    user, nice, system, idle, wait, hard, soft, steal = map(
        int, (PROC / "stat").read_text().split("\n", 1)[0].split()[1:9])
    return (user + nice + system + hard + soft) * TICK_NS / 1e9, steal * TICK_NS / 1e9


def own_seconds():
    """Processor time of this process and of those it started that have ended by now."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def adopt_orphans():
    """Whoever loses its parent, as what a start script leaves behind, becomes a child of this process."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)


def wait_for_orphans(seconds=15):
    """Until they have ended, so that their time counts as own."""
    until = time.monotonic() + seconds
    with contextlib.suppress(ChildProcessError):
        while time.monotonic() < until:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.05)


class ForeignLoad:
    """What share of all cores others took, or the hypervisor, since this was made. To be asked when
    everything that was started has ended."""

    def __init__(self):
        self.begun, self.taken = time.monotonic(), self.taken_by_others()

    @staticmethod
    def taken_by_others():
        return sum(busy_and_stolen_seconds()) - own_seconds()

    def share(self):
        elapsed = time.monotonic() - self.begun
        taken = self.taken_by_others() - self.taken
        return max(0.0, taken / elapsed / os.cpu_count())


def foreign_load(seconds=2):
    """The share that is taken while nothing of ours runs."""
    before = ForeignLoad()
    time.sleep(seconds)
    return before.share()


def file_system(folder):
    """The type of the file system a folder is on: fsync costs nothing on some."""
    best, kind = "", "unknown"
    for line in (PROC / "self/mounts").read_text().splitlines():
        mount, its_kind = line.split()[1:3]
        inside = str(folder.resolve()).startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= len(best):
            best, kind = mount, its_kind
    return kind


def first_line(*command):
    """What a program says about itself, or None if it is not there."""
    if not shutil.which(command[0]):
        return None
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0] if done.returncode == 0 and lines else None


def processor():
    for line in (PROC / "cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def describe(scratch):
    memory = int((PROC / "meminfo").read_text().split()[1]) / 1024 / 1024
    return {
        "processor": processor(),
        "cores": len(cores()),
        "memory": f"{memory:.1f} GiB",
        "kernel": platform.release(),
        "file system": file_system(scratch),
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", "unknown"),
        "nginx": first_line("nginx", "-v") or "absent",
        "foreign load before": f"{foreign_load():.1%} of all cores",
    }
