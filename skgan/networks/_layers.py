"""The layers of a network from its input to its output, so that the first ones can be frozen."""

from __future__ import annotations

import torch


@torch.no_grad()
def layers_of(network, *widths):
    """The layers that have weights, in the order in which rows pass them.

    Parameters
    ----------
    network : torch.nn.Module
    *widths : int
        Of its inputs, which are tensors of shape (n, width).

    Returns
    -------
    list of torch.nn.Module
    """
    passed, training = {}, network.training
    device = next(network.parameters()).device
    layers = [module for module in network.modules() if any(True for _ in module.parameters(recurse=False))]
    hooks = [layer.register_forward_pre_hook(lambda layer, _: passed.setdefault(layer)) for layer in layers]
    try:
        network.eval()(*(torch.zeros(2, width, device=device) for width in widths))
    finally:
        network.train(training)
        for hook in hooks:
            hook.remove()
    return list(passed)
