"""The smallest game with a known answer: two numbers, each drawn towards its batch."""

import torch
from torch import nn

from skgan.games import Game, Player
from skgan.training import Run
from skgan.training._average import KEPT_AT

RATE = 0.1


class Number(nn.Module):
    def __init__(self, value=0.0):
        super().__init__()
        self.value = nn.Parameter(torch.tensor(float(value)))

    def forward(self):
        return self.value


class TwoNumbers(Game):
    """A game of two numbers, each drawn towards its batch: loss = (value - batch)^2 / 2."""

    def __init__(self, broken=(), turns=1):
        self.discriminator, self.generator = Number(1.0), Number(2.0)
        self.turns = []
        self.broken = broken
        self.players = tuple(
            Player(name, module, self._loss(name, module), lambda name=name: self.turns.append(f"after {name}"), **kw)
            for name, module, kw in (
                ("discriminator", self.discriminator, {"turns": turns}),
                ("generator", self.generator, {"averaged": True}),
            )
        )

    def begin(self, batch):
        self.turns.append(f"begin {batch}")
        return batch

    def _loss(self, name, module):
        def loss(batch, step):
            self.turns.append(f"{name} {batch}")
            factor = float("nan") if (name, step) in self.broken else 1.0
            return factor * (module() - batch).square() / 2

        return loss


class Counting:
    """Batches 0, 1, 2, ... in parts, whose mean is the batch."""

    def __init__(self, apart=(0.0,)):
        self.n, self.apart = -1, apart

    def draw(self):
        self.n += 1
        return [self.n + apart if apart else self.n for apart in self.apart]

    def state_dict(self):
        return {"n": self.n}

    def load_state_dict(self, state):
        self.n = state["n"]


def sgd(parameters, learning_rate):
    optimizer = torch.optim.SGD(parameters, lr=learning_rate, fused=True)
    for group in optimizer.param_groups:
        group["initial_lr"] = learning_rate
    return optimizer


def make_run(game, max_iter, *, schedule=lambda progress: 1.0, watchers=(), apart=(0.0,)):
    return Run(
        game, Counting(apart), max_iter=max_iter, learning_rate=RATE, schedule=schedule, half_life=2.0,
        kept_at=KEPT_AT, watchers=watchers, make_optimizer=sgd,
    )
