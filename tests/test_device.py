"""Devices by their names."""

import pytest
import torch

from skgan import _device
from skgan._device import device_named


def test_the_cpu_is_always_there():
    assert device_named("cpu") == torch.device("cpu")


@pytest.mark.parametrize("has_cuda", [True, False])
def test_auto_is_a_gpu_where_there_is_one(monkeypatch, has_cuda):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: has_cuda)
    assert device_named("auto").type == ("cuda" if has_cuda else "cpu")


@pytest.mark.parametrize(
    ("kinds", "usable"), [(["cpu"], "'auto' or 'cpu'"), (["cpu", "mps"], "'auto' or 'cpu' or 'mps'")]
)
def test_an_unusable_device_lists_the_usable_ones(monkeypatch, kinds, usable):
    here = {kind: lambda kind=kind: kind in kinds for kind in ("cpu", "cuda", "mps", "xpu")}
    monkeypatch.setattr(_device, "HAS_DEVICE", here)
    with pytest.raises(ValueError, match=rf"^device='no such' cannot be used here \(.*\); choose {usable}.$"):
        device_named("no such")
    with pytest.raises(ValueError, match=rf"^device='gpu' cannot be used here; choose {usable}.$"):
        device_named("gpu")


def test_devices_of_this_machine_are_those_that_work():
    for kind, is_here in _device.HAS_DEVICE.items():
        if is_here():
            assert torch.empty(1, device=kind).device.type == kind
        else:
            with pytest.raises(ValueError, match=f"device='{kind}' cannot be used here"):
                device_named(kind)
