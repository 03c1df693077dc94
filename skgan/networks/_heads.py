"""Where networks meet the tensor layout: one output head per kind of span, and the input features."""

from __future__ import annotations

import math

import torch
from torch import nn

TEMPERATURE = 0.5
# The widest span of a group may be this many times as wide as the narrowest one.
SIMILAR = 5


def _normal_to_gumbel(normal):
    """Standard normal noise as Gumbel noise: ``-log(-log(Phi(normal)))``."""
    uniform = (0.5 * torch.erfc(-normal / math.sqrt(2.0))).clamp(1e-7, 1 - 1e-6)
    return -torch.log(-torch.log(uniform))


class UniformHead(nn.Module):
    """``erf(raw / sqrt 2)``: standard normal raw values become uniform on [-1, 1]."""

    noise_width = 0

    def __init__(self, spans):
        super().__init__()
        self.register_buffer("index", torch.tensor([span.start for span in spans]), persistent=False)

    def forward(self, raw, noise):
        return torch.erf(raw[:, self.index] * math.sqrt(0.5))


class CategoricalHead(nn.Module):
    """One-hot draws that gradients pass through: straight-through Gumbel-softmax [1]_.

    The logits are the log frequencies plus the network's raw values. All spans are computed at once, in a padded tensor
    of shape (n, n_spans, widest span). That wastes little where the spans have similar widths.

    References
    ----------
    .. [1] Jang, Gu and Poole, "Categorical reparameterization with Gumbel-softmax", ICLR 2017, eq. 1 and 2.
    """

    def __init__(self, spans):
        super().__init__()
        widest = max(span.width for span in spans)
        offsets = torch.arange(widest)
        starts = torch.tensor([span.start for span in spans])
        widths = torch.tensor([span.width for span in spans])
        bias = torch.full((len(spans), widest), -math.inf, dtype=torch.float32)
        for row, span in zip(bias, spans, strict=True):
            row[: span.width] = torch.tensor(span.log_frequencies)
        filled = offsets < widths[:, None]
        self.noise_width = int(widths.sum())
        noise_starts = widths.cumsum(0) - widths
        self.register_buffer("bias", bias, persistent=False)
        self.register_buffer("index", torch.where(filled, starts[:, None] + offsets, 0), persistent=False)
        self.register_buffer("noise_index", torch.where(filled, noise_starts[:, None] + offsets, 0), persistent=False)
        self.register_buffer("flat", filled.flatten().nonzero()[:, 0], persistent=False)

    def forward(self, raw, noise):
        shape = (len(raw), *self.bias.shape)
        logits = raw[:, self.index.flatten()].view(shape) + self.bias
        logits = logits + _normal_to_gumbel(noise)[:, self.noise_index.flatten()].view(shape)
        rows = torch.zeros_like(logits).scatter_(-1, logits.argmax(-1, keepdim=True), 1.0)
        if torch.is_grad_enabled():
            soft = torch.softmax(logits / TEMPERATURE, dim=-1)
            rows = rows - soft.detach() + soft
        return rows.flatten(1)[:, self.flat]


class ImageHead(nn.Module):
    """``tanh(raw)``: pixels in [-1, 1]."""

    noise_width = 0

    def __init__(self, spans):
        super().__init__()
        columns = [index for span in spans for index in range(span.start, span.stop)]
        self.slice = slice(columns[0], columns[-1] + 1)

    def forward(self, raw, noise):
        return torch.tanh(raw[:, self.slice])


HEADS = {"uniform": UniformHead, "categorical": CategoricalHead, "image": ImageHead}


class OutputHeads(nn.Module):
    """A network's raw output to encoded rows, one head per kind of span.

    Parameters
    ----------
    spec : DataSpec
        The layout.
    """

    def __init__(self, spec):
        super().__init__()
        groups = [(kind, spans) for kind in HEADS for spans in _alike(spec.of_kind(kind))]
        self.heads = nn.ModuleList([HEADS[kind](spans) for kind, spans in groups])
        self.noise_widths = [head.noise_width for head in self.heads]
        columns = [index for _, spans in groups for span in spans for index in range(span.start, span.stop)]
        # The tensor column that each number of the noise helps to draw.
        self.noise_columns = [index for kind, spans in groups if HEADS[kind] is CategoricalHead
                              for span in spans for index in range(span.start, span.stop)]  # fmt: skip
        order = torch.tensor(columns).argsort()
        in_order = bool((order == torch.arange(len(order))).all())
        self.register_buffer("order", None if in_order and len(groups) == 1 else order, persistent=False)

    def forward(self, raw, noise):
        """Raw values of shape (n, width) and normal noise of shape (n, sum of noise widths) to rows (n, width)."""
        noises = noise.split(self.noise_widths, dim=1)
        pieces = [head(raw, part) for head, part in zip(self.heads, noises, strict=True)]
        return pieces[0] if self.order is None else torch.cat(pieces, dim=1)[:, self.order]


def _alike(spans):
    """Groups of spans of similar width: none is more than `SIMILAR` times as wide as another one of its group."""
    groups = []
    for span in sorted(spans, key=lambda span: span.width):
        if not groups or span.width > SIMILAR * groups[-1][0].width:
            groups.append([])
        groups[-1].append(span)
    return groups


def noise_width(spec):
    """How many normal numbers per row the heads need to draw categories."""
    return len(spec.indices("categorical"))


def columns_of(part, n_columns):
    """A label for each tensor column of a part of a row: "row" or "condition"."""
    return [(part, column) for column in range(n_columns)]


class InputFeatures(nn.Module):
    """Encoded rows to the input of a network: the rows, and sines and cosines of each uniform span.

    A network is slow to learn sharp changes along a number; Fourier features of doubling frequency help [1]_. The
    amplitude of each is proportional to its wavelength, so that all have the same slope: steep ones make training
    unstable.

    References
    ----------
    .. [1] Tancik et al., "Fourier features let networks learn high frequency functions in low dimensional domains",
       NeurIPS 2020, section 2.
    """

    def __init__(self, spec, n_frequencies):
        super().__init__()
        index = torch.tensor(spec.indices("uniform"), dtype=torch.long)
        self.register_buffer("index", index, persistent=False)
        self.register_buffer("lengths", 0.5 ** torch.arange(n_frequencies, dtype=torch.float32), persistent=False)
        self.n_columns = spec.width
        self.width = spec.width + 2 * n_frequencies * len(index)

    def labels(self, columns):
        """What each input of a network is, given a label (a tuple) for each column of the rows."""
        waves = range(2 * len(self.lengths))
        return [*columns, *((*columns[index], wave) for index in self.index.tolist() for wave in waves)]

    def forward(self, rows):
        angles = math.pi * rows[:, self.index, None] / self.lengths
        waves = torch.cat([angles.sin() * self.lengths, angles.cos() * self.lengths], dim=2)
        return torch.cat([rows, waves.flatten(1)], dim=1)
