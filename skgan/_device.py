"""Look up devices by name, and copy tensors to them."""

from __future__ import annotations

import torch

# The kinds of devices that messages suggest, and functions that check whether this machine has one.
HAS_DEVICE = {
    "cpu": lambda: True,
    "cuda": torch.cuda.is_available,
    "mps": torch.backends.mps.is_available,
    "xpu": torch.xpu.is_available,
}


def device_named(word):
    """The torch device called `word`; "auto" is a CUDA GPU if there is one, else the CPU.

    Raises
    ------
    ValueError
        If torch has no such device on this machine; the message lists the available ones.
    """
    if word == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(word)
        torch.empty(1, device=device)
    except (RuntimeError, TypeError, AssertionError) as error:
        here = [kind for kind, is_here in HAS_DEVICE.items() if is_here()]
        usable = " or ".join(map(repr, ["auto", *here]))
        # For an unknown word torch lists all kinds of devices that there may be anywhere.
        why = str(error).splitlines()[0]
        why = "" if why.startswith("Expected one of") else f" ({why})"
        raise ValueError(f"device={word!r} cannot be used here{why}; choose {usable}.") from error
    return device


def sent(tensor, device):
    """A copy of a CPU tensor on `device`; the copy is asynchronous on CUDA."""
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor.to(device)


def has_bfloat16(device):
    """Whether matrix products in bfloat16 are faster on `device` than in single precision.

    They are on CUDA, and on processors with instructions for them (AVX-512 BF16, AMX), which torch detects from 2.6 on.
    """
    if device.type == "cpu":
        checks = (getattr(torch.cpu, name, None) for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"))
        return any(check is not None and check() for check in checks)
    return device.type == "cuda"
