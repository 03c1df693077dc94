"""Adam, its learning rate, and updates that are skipped if a gradient is not finite."""

from __future__ import annotations

import torch


def adam(parameters, learning_rate):
    """Adam without momentum, as is usual for GANs."""
    device = parameters[0].device
    on_cuda = device.type == "cuda"
    # On CUDA the rate is a tensor, which a captured graph reads again in each replay.
    rate = torch.tensor(learning_rate, device=device) if on_cuda else learning_rate
    optimizer = torch.optim.Adam(parameters, lr=rate, betas=(0.0, 0.99), fused=True, capturable=on_cuda)
    for group in optimizer.param_groups:
        group["initial_lr"] = learning_rate
    return optimizer


def set_rate(optimizer, factor):
    """Set the learning rate to `factor` times the initial one."""
    for group in optimizer.param_groups:
        rate = group["initial_lr"] * factor
        if isinstance(group["lr"], torch.Tensor):
            group["lr"].fill_(rate)
        else:
            group["lr"] = rate


def state_of(optimizer):
    """What an optimizer remembers of each parameter, a list of dicts; learning rates follow from the progress."""
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    return [dict(optimizer.state.get(parameter, {})) for parameter in parameters]


def load_state(optimizer, state):
    """Continue from what `state_of` returned."""
    known = {number: part for number, part in enumerate(state) if part}
    optimizer.load_state_dict({"state": known, "param_groups": optimizer.state_dict()["param_groups"]})


def step_if_finite(optimizer, parameters, gradients):
    """One update of `parameters`, skipped if a gradient is not finite.

    Returns
    -------
    bool tensor
        Whether all gradients were finite, on the gradients' device: reading it would synchronise.
    """
    finite = torch.isfinite(sum(gradient.sum() for gradient in gradients if gradient is not None))
    optimizer.found_inf = (~finite).float()
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = gradient if gradient is None else _laid_out_like(gradient, parameter)
    optimizer.step()
    return finite


def _laid_out_like(gradient, parameter):
    """The gradient in the memory layout of the parameter, which fused optimizers require."""
    return gradient if gradient.stride() == parameter.stride() else torch.empty_like(parameter).copy_(gradient)
