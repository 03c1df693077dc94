"""How much memory a device has left, where that can be found out."""

from __future__ import annotations

import os
from pathlib import Path

import torch

# Files of a control group that hold its limit and its use, in its second and in its first version.
LIMITS = (("memory.max", "memory.current"), ("memory.limit_in_bytes", "memory.usage_in_bytes"))


def free_memory(device):
    """Bytes that can still be allocated on a torch device, or None where that is unknown."""
    if device.type == "cuda":
        # What torch keeps for later tensors is free, too.
        kept = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
        return torch.cuda.mem_get_info(device)[0] + kept
    return free_on_this_machine() if device.type == "cpu" else None


def free_on_this_machine(root=Path("/")):
    """Bytes that a process can still allocate, or None where that is unknown.

    On Linux the least of what the machine has available and of what each control group of the process allows.

    Parameters
    ----------
    root : Path, default="/"
        The folder that holds `proc` and `sys`.
    """
    available = _available(root)
    if available is None:
        return _free_pages()
    return min([available, *_allowed_by_groups(root)])


def _available(root):
    for line in _text(root / "proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _free_pages():
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def _allowed_by_groups(root):
    """What each control group with a limit has left, a list of bytes."""
    found = []
    for folder in _folders_of_groups(root):
        for limit, usage in LIMITS:
            words = [_text(folder / name).strip() for name in (limit, usage)]
            # The word "max" is no limit.
            if all(word.isdigit() for word in words):
                found.append(max(0, int(words[0]) - int(words[1]) + _cached_files(folder)))
    return found


def _folders_of_groups(root):
    """The folders of the memory control groups of this process, with all that they lie in."""
    top = root / "sys/fs/cgroup"
    folders = {top, top / "memory"}
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers in ("", "memory"):
            inner = Path(path.lstrip("/"))
            folders |= {top / controllers / part for part in (inner, *inner.parents)}
    return folders


def _cached_files(folder):
    """Bytes of files in memory that the kernel gives up when memory is needed."""
    for line in _text(folder / "memory.stat").splitlines():
        if line.split()[0] in ("inactive_file", "total_inactive_file"):
            return int(line.split()[1])
    return 0


def _text(path):
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
