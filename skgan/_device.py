"""Devices by their names, and tensors on their way to one."""

from __future__ import annotations

import torch


def device_named(word):
    """The torch device that `word` stands for; "auto" is a CUDA GPU where there is one."""
    if word == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(word)
        torch.empty(1, device=device)
    except (RuntimeError, TypeError, AssertionError) as error:
        raise ValueError(
            f"device={word!r} cannot be used here; choose 'auto', 'cpu' or a device that torch knows on this machine "
            f"such as 'cuda' ({str(error).splitlines()[0]})"
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
