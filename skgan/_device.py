"""Devices by their names, and tensors on their way to one."""

from __future__ import annotations

import torch

# The kinds of devices that are named to the user, and whether this machine has one.
HAS_DEVICE = {
    "cpu": lambda: True,
    "cuda": torch.cuda.is_available,
    "mps": torch.backends.mps.is_available,
    "xpu": torch.xpu.is_available,
}


def device_named(word):
    """The torch device called `word`; "auto" is a CUDA GPU where there is one, else the CPU.

    Raises
    ------
    ValueError
        If torch has no such device on this machine; the message lists those that it has.
    """
    if word == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(word)
        torch.empty(1, device=device)
    except (RuntimeError, TypeError, AssertionError) as error:
        here = [kind for kind, is_here in HAS_DEVICE.items() if is_here()]
        usable = " or ".join(map(repr, ["auto", *here]))
        raise ValueError(
            f"device={word!r} cannot be used here ({str(error).splitlines()[0]}); choose {usable}."
        ) from error
    return device


def sent(tensor, device):
    """A copy of a CPU tensor on `device`; the CPU does not wait until it is there."""
    return tensor.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else tensor.to(device)


def has_bfloat16(device):
    """Whether products of bfloat16 numbers are faster there than of single precision ones.

    They are on CUDA, and on processors with instructions for them (AVX-512 BF16, AMX); torch before 2.6 cannot tell.
    """
    if device.type == "cpu":
        told = (getattr(torch.cpu, name, None) for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"))
        return any(tell is not None and tell() for tell in told)
    return device.type == "cuda"
