"""Every picture is drawn by Agg and closed, and changes neither the settings of matplotlib nor global generators."""

import pytest


@pytest.fixture(autouse=True)
def nothing_global_changes():
    matplotlib = pytest.importorskip("matplotlib")
    import matplotlib.pyplot as plt
    import numpy as np
    import torch

    plt.switch_backend("Agg")
    settings, numpy_state, torch_state = dict(matplotlib.rcParams), np.random.get_state(), torch.get_rng_state()
    yield
    plt.close("all")
    assert dict(matplotlib.rcParams) == settings
    assert all(np.array_equal(a, b) for a, b in zip(np.random.get_state(), numpy_state))
    assert torch.equal(torch.get_rng_state(), torch_state)
