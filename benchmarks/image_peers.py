"""Well-known GANs of images, conditional on the class, written from their papers in plain PyTorch.

All share one generator and one stack of strided convolutions, with 64 channels at the finest resolution and twice as
many after each halving, so that they differ only in the loss, the normalisation of the discriminator, and its
conditioning on the class.

Radford et al. (2016), Unsupervised representation learning with deep convolutional generative adversarial networks,
ICLR. Mirza & Osindero (2014), Conditional generative adversarial nets, arXiv:1411.1784.
"""

import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

N_LATENT, N_EMBEDDED = 100, 50
FINEST, BASE = 64, 4
WEIGHT_SCALE = 0.02
PENALTY = 10
AT_ONCE = 500


class ImagePeer:
    """What the peers share: the generator, the time limit and the training loop.

    Parameters
    ----------
    seed : int
    seconds : float
        Wall-clock limit of `fit`; at least one generator step is made.
    device : str, default="auto"
        "auto" is a GPU where there is one.

    Attributes
    ----------
    n_iter_ : int
        Generator steps.
    losses_ : list of float
        The last loss of the discriminator and of the generator.
    version_ : str
    """

    batch_size = 64
    critic_steps = 1
    learning_rate, betas = 2e-4, (0.0, 0.9)

    def __init__(self, seed, seconds, device="auto"):
        self.seed, self.seconds, self.device = seed, seconds, device

    def fit(self, x, y):
        """Train until the time is spent.

        Parameters
        ----------
        x : ndarray of uint8, shape (n, height, width) or (n, height, width, 3)
        y : ndarray of int, shape (n,)
            Classes 0, 1, ...
        """
        start = time.perf_counter()
        found = "cuda" if torch.cuda.is_available() else "cpu"
        self.device_ = torch.device(found if self.device == "auto" else self.device)
        self.shape_ = x.shape[1:]
        self.rng_ = torch.Generator(self.device_).manual_seed(self.seed)
        x, base, n_halvings = _padded(x)
        self.n_classes_ = int(y.max()) + 1
        widths = [FINEST * 2**i for i in range(n_halvings)]
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            self.generator_ = Generator(x.shape[1], self.n_classes_, base, widths).to(self.device_)
            self.critic_ = self._critic(x.shape[1], self.n_classes_, base, widths).to(self.device_)
        optimizers = [
            torch.optim.Adam(net.parameters(), lr=self.learning_rate, betas=self.betas)
            for net in (self.critic_, self.generator_)
        ]
        batches = self._batches(torch.from_numpy(x).to(self.device_), torch.from_numpy(y).long().to(self.device_))
        self.n_iter_ = 0
        while self.n_iter_ == 0 or time.perf_counter() - start < self.seconds:
            losses = self._step(batches, *optimizers)
            self.n_iter_ += 1
        self.losses_ = [loss.item() for loss in losses]
        self.version_ = f"torch {torch.__version__}, {self.n_iter_} steps"
        return self

    @torch.inference_mode()
    def sample(self, y, seed=0):
        """Images of the classes `y`, ndarray of uint8 with the image shape of the training images."""
        self.generator_.eval()
        rng = torch.Generator().manual_seed(seed)
        parts = []
        for labels in torch.from_numpy(np.asarray(y)).long().split(AT_ONCE):
            noise = torch.randn(len(labels), N_LATENT, generator=rng)
            images = self.generator_(noise.to(self.device_), labels.to(self.device_))
            parts.append(((images + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy())
        height, width = self.shape_[:2]
        images = np.concatenate(parts)
        top, left = (images.shape[1] - height) // 2, (images.shape[2] - width) // 2
        return images[:, top : top + height, left : left + width].reshape(-1, *self.shape_)

    def _batches(self, x, y):
        """Batches, epoch after epoch: pixels in [-1, 1], shape (batch_size, n_channels, height, width), and classes."""
        size = min(self.batch_size, len(x))
        while True:
            order = torch.randperm(len(x), generator=self.rng_, device=self.device_)
            for rows in order[: len(x) // size * size].split(size):
                yield x[rows].float() / 127.5 - 1, y[rows]

    def _step(self, batches, critic_optimizer, generator_optimizer):
        for _ in range(self.critic_steps):
            real, y = next(batches)
            with torch.no_grad():
                fake = self._fakes(y)
            critic_loss = self._critic_loss(real, fake, y)
            _descend(critic_loss, critic_optimizer)
        generator_loss = self._generator_loss(self.critic_(self._fakes(y), y))
        _descend(generator_loss, generator_optimizer)
        return critic_loss.detach(), generator_loss.detach()

    def _fakes(self, y):
        return self.generator_(torch.randn(len(y), N_LATENT, generator=self.rng_, device=self.device_), y)

    def _critic_scores(self, real, fake, y):
        """Scores of real and fake images in one pass, for a discriminator without batch norm."""
        return self.critic_(torch.cat([real, fake]), y.repeat(2)).chunk(2)

    def _generator_loss(self, scores):
        return -scores.mean()


class Dcgan(ImagePeer):
    """DCGAN with the constants of its paper and of PyTorch's tutorial, and the non-saturating loss."""

    batch_size = 128
    betas = (0.5, 0.999)

    def _critic(self, *sizes):
        return MapCritic(*sizes, batch_norm=True)

    def _critic_loss(self, real, fake, y):
        # Batch norm is applied to real and fake images separately, as in the tutorial.
        return F.softplus(-self.critic_(real, y)).mean() + F.softplus(self.critic_(fake, y)).mean()

    def _generator_loss(self, scores):
        return F.softplus(-scores).mean()


class WganGp(ImagePeer):
    """Wasserstein GAN with gradient penalty: gradient norms other than 1 between real and fake images are penalised.

    Gulrajani et al. (2017), Improved training of Wasserstein GANs, NeurIPS.
    """

    critic_steps = 5
    learning_rate = 1e-4

    def _critic(self, *sizes):
        return MapCritic(*sizes, batch_norm=False)

    def _critic_loss(self, real, fake, y):
        of_real, of_fake = self._critic_scores(real, fake, y)
        share = torch.rand(len(y), 1, 1, 1, generator=self.rng_, device=self.device_)
        between = (share * real + (1 - share) * fake).requires_grad_()
        (gradient,) = torch.autograd.grad(self.critic_(between, y).sum(), between, create_graph=True)
        penalty = (gradient.flatten(1).norm(dim=1) - 1).square().mean()
        return of_fake.mean() - of_real.mean() + PENALTY * penalty


class SnganHinge(ImagePeer):
    """Spectral norm, hinge loss and a projection discriminator, with the constants of the class-conditional networks.

    Miyato et al. (2018), Spectral normalization for generative adversarial networks, ICLR.
    Miyato & Koyama (2018), cGANs with projection discriminator, ICLR.
    """

    critic_steps = 5

    def _critic(self, *sizes):
        return ProjectionCritic(*sizes)

    def _critic_loss(self, real, fake, y):
        of_real, of_fake = self._critic_scores(real, fake, y)
        return F.relu(1 - of_real).mean() + F.relu(1 + of_fake).mean()


class Generator(nn.Module):
    """From noise (n, 100) and classes (n,) to images (n, n_channels, height, width) in [-1, 1]."""

    def __init__(self, n_channels, n_classes, base, widths):
        super().__init__()
        self.embedding = nn.Embedding(n_classes, N_EMBEDDED)
        layers, n_in, shape = [], N_LATENT + N_EMBEDDED, {"kernel_size": base}
        for n_out in reversed(widths):
            layers += [nn.ConvTranspose2d(n_in, n_out, bias=False, **shape), nn.BatchNorm2d(n_out), nn.ReLU()]
            n_in, shape = n_out, {"kernel_size": 4, "stride": 2, "padding": 1}
        self.body = nn.Sequential(*layers, nn.ConvTranspose2d(n_in, n_channels, bias=False, **shape), nn.Tanh())
        self.body.apply(_start)

    def forward(self, noise, y):
        return self.body(torch.cat([noise, self.embedding(y)], 1)[:, :, None, None])


class MapCritic(nn.Module):
    """From images and classes (n,), given as one-hot maps in extra channels, to scores (n,)."""

    def __init__(self, n_channels, n_classes, base, widths, batch_norm):
        super().__init__()
        self.n_classes = n_classes
        body = _halvings(n_channels + n_classes, widths, 0.2, batch_norm)
        self.body = nn.Sequential(*body, nn.Conv2d(widths[-1], 1, base))
        self.body.apply(_start)

    def forward(self, x, y):
        maps = F.one_hot(y, self.n_classes).to(x.dtype)[:, :, None, None].expand(-1, -1, *x.shape[2:])
        return self.body(torch.cat([x, maps], 1)).flatten()


class ProjectionCritic(nn.Module):
    """From images and classes (n,) to scores (n,): a linear score of summed features plus one for the class."""

    def __init__(self, n_channels, n_classes, base, widths):
        super().__init__()
        self.body = nn.Sequential(*_halvings(n_channels, widths, 0.1, batch_norm=False))
        self.head, self.embedding = nn.Linear(widths[-1], 1), nn.Embedding(n_classes, widths[-1])
        self.body.apply(_start)
        for layer in [*self.body, self.head, self.embedding]:
            if hasattr(layer, "weight"):
                spectral_norm(layer)

    def forward(self, x, y):
        features = self.body(x).sum((2, 3))
        return self.head(features).flatten() + (self.embedding(y) * features).sum(1)


def _halvings(n_in, widths, slope, batch_norm):
    """Strided convolutions; the first has no batch norm."""
    layers = []
    for n_out in widths:
        is_normed = batch_norm and n_out != widths[0]
        layers.append(nn.Conv2d(n_in, n_out, 4, stride=2, padding=1, bias=not is_normed))
        layers += [nn.BatchNorm2d(n_out)] * is_normed
        layers.append(nn.LeakyReLU(slope))
        n_in = n_out
    return layers


def _start(layer):
    """Initialise weights by N(0, 0.02), or N(1, 0.02) in batch norm, and biases by 0."""
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.BatchNorm2d):
        nn.init.normal_(layer.weight, float(isinstance(layer, nn.BatchNorm2d)), WEIGHT_SCALE)
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)


def _padded(x):
    """Images padded with their edge values until they can be halved down to 4 cells on the longer side.

    Returns
    -------
    x : ndarray of uint8, shape (n, n_channels, padded height, padded width)
    base : tuple of int
        Height and width at the coarsest resolution.
    n_halvings : int
    """
    n_halvings = max(1, int(np.ceil(np.log2(max(x.shape[1:3]) / BASE))))
    base = tuple(-(-size // 2**n_halvings) for size in x.shape[1:3])
    gaps = [cells * 2**n_halvings - size for cells, size in zip(base, x.shape[1:3])]
    x = x.reshape(*x.shape[:3], -1).transpose(0, 3, 1, 2)
    return np.pad(x, [(0, 0), (0, 0), *((gap // 2, gap - gap // 2) for gap in gaps)], mode="edge"), base, n_halvings


def _descend(loss, optimizer):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()


PEERS = {"dcgan_tutorial": Dcgan, "wgan_gp": WganGp, "sngan_hinge": SnganHinge}
