"""Carry the weights of a network over to one whose rows or conditions have further columns."""

from __future__ import annotations

import torch

from ._generator import Generator


def carry_over(network, former, origins):
    """Give a network the weights of a former one.

    New inputs of a generator have no effect at first, and its new outputs have the raw value 0, so that it makes what
    it made before. A discriminator keeps its initial weights for new columns.

    Parameters
    ----------
    network, former : torch.nn.Module
        Two generators, or two discriminators, which were built alike but for the layout of rows and conditions.
    origins : dict of str to list of int
        For "row" and for "condition", the former tensor column of each tensor column; -1 for a new one.

    Raises
    ------
    ValueError
        If there are new columns, and the network is one of the caller's own.
    """
    ends, former_ends = _ends_of(network, origins), _ends_of(former, origins)
    keeps_new = not isinstance(network, Generator)
    weights = network.state_dict()
    for name, value in former.state_dict().items():
        layer, _, kind = name.rpartition(".")
        for axis, labels in ends.get(layer, {}).items():
            if axis == 0 or kind == "weight":
                places = _places(labels, former_ends[layer][axis], origins)
                value = _grown(value, places, axis, weights[name] if keeps_new else None)
        weights[name] = value
    network.load_state_dict(weights)


def _ends_of(network, origins):
    """The layers that depend on a layout: a dict of {axis of the weights: labels} by the name of the layer."""
    body = network.body if isinstance(network, Generator) else network
    if hasattr(body, "ends"):
        return network.ends()
    if any(origin != list(range(len(origin))) for origin in origins.values()):
        raise ValueError(
            "The rows have new columns, such as a new category, and skgan cannot enlarge a network that a factory "
            "built; fit anew with warm_start=False."
        )
    return {}


def _places(labels, former, origins):
    """For each label, its position among the former ones; -1 for a new one."""
    positions = {label: position for position, label in enumerate(former)}
    return torch.tensor([positions.get(_former_label(label, origins), -1) for label in labels], dtype=torch.int64)


def _former_label(label, origins):
    part, column, *rest = label
    return (part, origins[part][column], *rest) if part in origins else label


def _grown(value, places, axis, initial):
    """The former weights at `places` along an axis; those of -1 are zero, or as in `initial` if this is given."""
    places = places.to(value.device)
    shape = [1] * value.ndim
    shape[axis] = -1
    is_new = (places < 0).view(shape)
    new = torch.zeros((), device=value.device) if initial is None else initial.to(value.device)
    return torch.where(is_new, new, value.index_select(axis, places.clamp(min=0)))
