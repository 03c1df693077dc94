"""Convolutional networks: sizes, filters by their answers to an impulse, heads by hand, weights from one stream."""

import math

import numpy as np
import pytest
import torch
from torch.nn.functional import pad

from skgan import GANSampler
from skgan._spec import DataSpec
from skgan.networks import DISCRIMINATORS, GENERATORS, ImagePyramid, StridedDiscriminator, _conv
from skgan.networks._conditioning import N_FREQUENCIES, Auxiliary, Projection
from skgan.networks._conv import RECTIFIED, convolution
from skgan.networks._resnet import ConvolutionBlock, Down, Up

KINDS = ("dcgan", "resnet")
SHAPES = [(1, 8, 8), (3, 32, 32), (1, 28, 23), (2, 5, 7), (16, 9, 12), (1, 1, 9)]
LATENT = 6
N = 5
CONDITIONS = {
    "no condition": DataSpec(),
    "classes": DataSpec.from_pieces([("categorical", 3, (math.log(1 / 3),) * 3)]),
    "class and number": DataSpec.from_pieces([("categorical", 2, (math.log(0.5),) * 2), ("uniform", 1, ())]),
}
CLASSES = CONDITIONS["classes"]

each_kind = pytest.mark.parametrize("kind", KINDS)
each_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)
each_condition = pytest.mark.parametrize("condition_spec", CONDITIONS.values(), ids=CONDITIONS)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def normal(*shape, seed=0):
    return torch.randn(shape, generator=seeded(seed), dtype=torch.float32)


def channels_for(shape):
    return tuple(8 + 4 * stage for stage in range(ImagePyramid(*shape).n_stages))


def make_generator(kind, shape, condition_spec=CLASSES, seed=0):
    return GENERATORS[kind](DataSpec.of_image(shape), LATENT, condition_spec, channels_for(shape), seeded(seed))


def make_discriminator(kind, shape, condition_spec=CLASSES, seed=0, conditioning="projection"):
    spec = DataSpec.of_image(shape)
    return DISCRIMINATORS[kind](spec, condition_spec, channels_for(shape), seeded(seed), conditioning)


def conditions(spec, n=N, shift=0):
    """Each row another class, another number."""
    condition = torch.zeros(n, spec.width)
    for span in spec.spans:
        if span.kind == "categorical":
            condition[torch.arange(n), span.start + (torch.arange(n) + shift) % span.width] = 1
        else:
            condition[:, span.start] = torch.linspace(-1, 1, n).roll(shift)
    return condition


def rows_of(shape, n=N, seed=1):
    return normal(n, math.prod(shape), seed=seed).tanh()


@pytest.mark.parametrize(
    "height, width, n_halvings, base",
    [
        (28, 28, 2, (7, 7)),
        (32, 32, 3, (4, 4)),
        (8, 8, 1, (4, 4)),
        (7, 7, 0, (7, 7)),
        (64, 64, 4, (4, 4)),
        (28, 23, 2, (7, 6)),
        (481, 321, 6, (8, 6)),
        (5, 7, 0, (5, 7)),
        (1, 9, 0, (1, 9)),
        (1, 1, 0, (1, 1)),
        (8, 33, 1, (4, 17)),
    ],
)
def test_the_sizes_of_a_pyramid(height, width, n_halvings, base):
    pyramid = ImagePyramid(3, height, width)
    assert (pyramid.n_halvings, pyramid.base, pyramid.n_stages) == (n_halvings, base, max(1, n_halvings))
    assert ImagePyramid(1, width, height).base == base[::-1]


@pytest.mark.parametrize("side", range(4, 300, 7))
def test_the_base_of_a_square_is_between_4_and_8(side):
    pyramid = ImagePyramid(1, side, side)
    assert all(4 <= length <= 8 for length in pyramid.base)
    assert all(length * 2**pyramid.n_halvings >= side for length in pyramid.base)


@pytest.mark.parametrize("shape", [*SHAPES, (1, 81, 50), (1, 481, 321), (1, 33, 8)], ids=str)
def test_what_is_padded_and_cropped_again_is_unchanged(shape):
    pyramid, rows = ImagePyramid(*shape), rows_of(shape, 2)
    padded = pyramid.padded(rows)
    assert padded.shape == (2, shape[0], *(side * 2**pyramid.n_halvings for side in pyramid.base))
    assert torch.equal(pyramid.cropped(padded), rows)


def test_padding_repeats_the_edges_alike_on_both_sides():
    pyramid = ImagePyramid(1, 9, 8)
    assert pyramid.base == (5, 4)
    images = rows_of((1, 9, 8), 2).view(2, 1, 9, 8)
    assert torch.equal(pyramid.padded(images.flatten(1)), torch.cat([images, images[:, :, -1:]], dim=2))
    pyramid = ImagePyramid(1, 28, 23)
    padded = pyramid.padded(rows_of((1, 28, 23), 1))
    assert torch.equal(padded, pad(rows_of((1, 28, 23), 1).view(1, 1, 28, 23), (0, 1, 0, 0), mode="replicate"))
    wide = ImagePyramid(1, 16, 18).padded(rows_of((1, 16, 18), 1))
    assert torch.equal(wide[..., :1], wide[..., 1:2]) and torch.equal(wide[..., -1:], wide[..., -2:-1])


@each_kind
@each_shape
@each_condition
@torch.no_grad()
def test_generators_make_finite_rows_of_latent_and_condition(kind, shape, condition_spec):
    generator = make_generator(kind, shape, condition_spec)
    latent, condition = normal(N, LATENT), conditions(condition_spec)
    rows = generator(latent, condition)
    assert rows.shape == (N, math.prod(shape)) and rows.dtype == torch.float32 and torch.isfinite(rows).all()
    assert (generator(normal(N, LATENT, seed=9), condition) != rows).any(1).all()
    # Every pixel depends on the latent.
    assert (rows.std(0) > 0).all()
    if condition_spec.width:
        assert (generator(latent, conditions(condition_spec, shift=1)) != rows).any(1).all()
    torch.testing.assert_close(generator(latent[2:3], condition[2:3]), rows[2:3], atol=1e-5, rtol=1e-4)


@each_kind
@each_shape
@each_condition
@torch.no_grad()
def test_discriminators_give_a_finite_score_of_row_and_condition(kind, shape, condition_spec):
    discriminator = make_discriminator(kind, shape, condition_spec)
    rows, condition = rows_of(shape), conditions(condition_spec)
    scores = discriminator(rows, condition)
    assert scores.shape == (N,) and scores.dtype == torch.float32 and torch.isfinite(scores).all()
    assert (discriminator(rows_of(shape, seed=7), condition) != scores).all()
    if condition_spec.width:
        assert (discriminator(rows, conditions(condition_spec, shift=1)) != scores).all()
    torch.testing.assert_close(discriminator(rows[2:3], condition[2:3]), scores[2:3], atol=1e-5, rtol=1e-4)


@each_kind
@each_shape
def test_every_pixel_is_judged(kind, shape):
    discriminator = make_discriminator(kind, shape)
    rows = rows_of(shape).requires_grad_(True)
    (slope,) = torch.autograd.grad(discriminator(rows, conditions(CLASSES)).sum(), rows)
    assert torch.isfinite(slope).all() and (slope != 0).any(0).all()


@each_kind
@pytest.mark.parametrize("shape", [(3, 32, 32), (2, 5, 7)], ids=str)
@torch.no_grad()
def test_scales_are_kept_at_the_start(kind, shape):
    raw = make_generator(kind, shape)(normal(200, LATENT), conditions(CLASSES, 200))
    assert 0.1 < raw.std() < 2
    scores = make_discriminator(kind, shape)(rows_of(shape, 200), conditions(CLASSES, 200))
    assert 0.02 < scores.std() < 5


@each_kind
@pytest.mark.parametrize("make", [make_generator, make_discriminator])
@pytest.mark.parametrize("shape", [(3, 32, 32), (2, 5, 7)], ids=str)
def test_weights_come_from_the_explicit_generator_alone(kind, make, shape):
    states = []
    for seed, global_seed in ((0, 1), (0, 2), (1, 1)):
        torch.manual_seed(global_seed)
        before = torch.get_rng_state()
        states.append(make(kind, shape, seed=seed).state_dict())
        assert torch.equal(torch.get_rng_state(), before)
    first, same, other = states
    assert all(torch.equal(first[name], same[name]) for name in first)
    drawn = [name for name in first if first[name].count_nonzero()]
    assert len(drawn) >= 2 and not any(torch.equal(first[name], other[name]) for name in drawn)


@each_kind
@pytest.mark.parametrize("make", [make_generator, make_discriminator])
def test_every_weight_is_finite_and_can_learn(kind, make):
    module = make(kind, (3, 16, 16))
    given = module(normal(N, LATENT) if make is make_generator else rows_of((3, 16, 16)), conditions(CLASSES))
    given.square().sum().backward()
    for name, parameter in module.named_parameters():
        assert torch.isfinite(parameter).all() and parameter.dtype == torch.float32, name
        assert parameter.grad is not None and torch.isfinite(parameter.grad).all(), name


@torch.no_grad()
@pytest.mark.parametrize(
    "size, options", [(3, {}), (1, {}), (4, {"stride": 2}), (4, {"stride": 2, "transposed": True})], ids=str
)
def test_a_convolution_keeps_the_scale_and_fits_the_size(size, options):
    layer = convolution(24, 32, size, seeded(), gain=1.0, **options)
    given = layer(normal(8, 24, 24, 24))
    side = 48 if "transposed" in options else 24 // options.get("stride", 1)
    assert given.shape == (8, 32, side, side) and layer.bias.count_nonzero() == 0
    assert given[:, :, 2:-2, 2:-2].std().item() == pytest.approx(1, rel=0.1)
    louder = convolution(24, 32, size, seeded(), **options)
    torch.testing.assert_close(louder.weight, RECTIFIED * layer.weight)
    assert convolution(2, 2, 3, seeded(), bias=False).bias is None


@torch.no_grad()
def test_a_residual_block_is_the_identity_at_the_start():
    images = normal(2, 6, 9, 7)
    assert torch.equal(ConvolutionBlock(6, seeded())(images), images)


@pytest.mark.parametrize("make", [make_generator, make_discriminator])
def test_all_residual_blocks_start_as_identities(make):
    blocks = [module for module in make("resnet", (3, 32, 32)).modules() if isinstance(module, ConvolutionBlock)]
    assert len(blocks) == 4
    assert not any(block.second.weight.count_nonzero() or block.second.bias.count_nonzero() for block in blocks)
    assert all(block.first.weight.count_nonzero() for block in blocks)


def impulse(n_channels, side, y, x):
    images = torch.zeros(1, n_channels, side, side)
    images[:, :, y, x] = 1
    return images


def outer(column, row):
    return torch.tensor(column)[:, None] * torch.tensor(row)


# The response along one axis to an impulse at each of 6 places: [1, 2, 1] / 4 about each second place.
DOWN = {0: [0.75, 0, 0], 1: [0.25, 0.25, 0], 2: [0, 0.5, 0], 3: [0, 0.25, 0.25], 4: [0, 0, 0.5], 5: [0, 0, 0.25]}
# And at each of 3 places: [1, 2, 1] / 2 about the second of each pair.
UP = {0: [1, 1, 0.5, 0, 0, 0], 1: [0, 0, 0.5, 1, 0.5, 0], 2: [0, 0, 0, 0, 0.5, 1]}


@torch.no_grad()
@pytest.mark.parametrize("y", DOWN)
@pytest.mark.parametrize("x", [0, 2, 3, 5])
def test_down_is_a_121_filter(y, x):
    given = Down(2, 2, seeded())(impulse(2, 6, y, x))
    torch.testing.assert_close(given, outer(DOWN[y], DOWN[x]).expand(1, 2, 3, 3).float())


@torch.no_grad()
@pytest.mark.parametrize("y", UP)
@pytest.mark.parametrize("x", UP)
def test_up_is_a_121_filter(y, x):
    given = Up(2, 2, seeded())(impulse(2, 3, y, x))
    torch.testing.assert_close(given, outer(UP[y], UP[x]).expand(1, 2, 6, 6).float())


@torch.no_grad()
@pytest.mark.parametrize("kind", [Down, Up])
def test_constant_images_keep_their_brightness(kind):
    given = kind(3, 3, seeded())(torch.full((1, 3, 8, 6), 0.7))
    assert given.shape == ((1, 3, 4, 3) if kind is Down else (1, 3, 16, 12))
    torch.testing.assert_close(given, torch.full_like(given, 0.7))


@torch.no_grad()
@pytest.mark.parametrize("kind", [Down, Up])
def test_channels_are_mixed_pixel_by_pixel_where_their_number_changes(kind):
    layer = kind(2, 5, seeded())
    images = normal(1, 2, 8, 8)
    plain = kind(2, 2, seeded())(images)
    assert layer.mix.bias is None
    torch.testing.assert_close(layer(images), torch.einsum("oi,nihw->nohw", layer.mix.weight[:, :, 0, 0], plain))


@torch.no_grad()
def test_the_projection_head_by_hand():
    head = Projection(4, CLASSES, seeded())
    head.score.bias.fill_(0.25)
    head.embedding.bias.copy_(torch.tensor([0.0, 1.0, 0.0, -1.0]))
    seen, condition = normal(N, 4), conditions(CLASSES)
    w, v = head.score.weight[0], head.embedding.weight
    expected = [
        float(w @ f + 0.25 + (v @ c + head.embedding.bias) @ f) for f, c in zip(seen, condition, strict=True)
    ]
    torch.testing.assert_close(head(seen, condition), torch.tensor(expected))


@torch.no_grad()
def test_the_projection_head_sees_waves_of_a_number():
    head = Projection(4, DataSpec.from_pieces([("uniform", 1, ())]), seeded())
    assert head.embedding.weight.shape == (4, 1 + 2 * N_FREQUENCIES)
    seen, number = normal(1, 4), 0.3
    lengths = 0.5 ** np.arange(N_FREQUENCIES)
    angles = math.pi * number / lengths
    waves = np.concatenate([[number], np.sin(angles) * lengths, np.cos(angles) * lengths])
    v, f = head.embedding.weight.double().numpy(), seen[0].double().numpy()
    expected = head.score.weight[0].double().numpy() @ f + (v @ waves) @ f
    assert head(seen, torch.tensor([[number]])).item() == pytest.approx(expected, abs=1e-5)


def test_without_a_condition_the_projection_head_is_built_without_a_warning(recwarn):
    head = Projection(4, DataSpec(), seeded())
    assert not recwarn.list
    assert head.embedding.weight.shape == (4, 0) and head.embedding.in_features == 0


@torch.no_grad()
def test_without_a_condition_the_projection_head_is_a_plain_score():
    head = Projection(4, DataSpec(), seeded())
    seen = normal(N, 4)
    torch.testing.assert_close(head(seen, torch.empty(N, 0)), seen @ head.score.weight[0])


@torch.no_grad()
def test_the_auxiliary_head_by_hand():
    head = Auxiliary(4, CLASSES, seeded())
    seen = normal(N, 4)
    torch.testing.assert_close(head(seen, conditions(CLASSES)), seen @ head.score.weight[0])
    torch.testing.assert_close(head.guess(seen), seen @ head.guess.weight.T)


@each_kind
@torch.no_grad()
def test_an_auxiliary_discriminators_score_ignores_the_condition_and_its_guess_is_of_rows_alone(kind):
    discriminator = make_discriminator(kind, (1, 9, 12), conditioning="auxiliary")
    rows = rows_of((1, 9, 12))
    scores = discriminator(rows, conditions(CLASSES))
    assert torch.equal(discriminator(rows, conditions(CLASSES, shift=1)), scores)
    guess = discriminator.guess(rows)
    assert guess.shape == (N, CLASSES.width) and torch.isfinite(guess).all()
    torch.testing.assert_close(discriminator.head.guess(discriminator.extract(rows)), guess)


@each_kind
@each_shape
@pytest.mark.parametrize("conditioning", ["projection", "auxiliary"])
def test_penalties_have_finite_gradients(kind, shape, conditioning):
    discriminator = make_discriminator(kind, shape, conditioning=conditioning)
    rows = torch.cat([rows_of(shape), torch.zeros(1, math.prod(shape))]).requires_grad_(True)
    scores = discriminator(rows, conditions(CLASSES, N + 1))
    (slope,) = torch.autograd.grad(scores.sum(), rows, create_graph=True)
    penalty = slope.square().sum()
    assert penalty > 0
    parameters = list(discriminator.parameters())
    seconds = torch.autograd.grad(penalty, parameters, allow_unused=True)
    assert all(torch.isfinite(second).all() for second in seconds if second is not None)
    # Every weight that a score has on its way, other than a guess, bears on the penalty.
    for (name, parameter), second in zip(discriminator.named_parameters(), seconds, strict=True):
        if name.startswith("body") and name.endswith("weight"):
            assert second is not None and second.shape == parameter.shape, name


@pytest.mark.parametrize("kind", (*KINDS, "progressive"))
@pytest.mark.parametrize("progress", [0.3, 1.0])
def test_half_precision_is_near_single_and_learns(kind, progress, monkeypatch):
    """Where a processor has no instructions for bfloat16, torch works it out all the same."""
    shape, scores, images = (3, 16, 16), {}, {}
    for half in (False, True):
        monkeypatch.setattr(_conv, "has_bfloat16", lambda device, half=half: half)
        generator, discriminator = make_generator(kind, shape), make_discriminator(kind, shape)
        for network in (generator, discriminator):
            getattr(network, "set_progress", lambda progress: None)(progress)
        rows = rows_of(shape).requires_grad_()
        images[half] = generator(normal(N, LATENT), conditions(CLASSES))
        scores[half] = discriminator(rows, conditions(CLASSES))
        assert images[half].dtype == scores[half].dtype == torch.float32
        (slope,) = torch.autograd.grad(scores[half].sum(), rows, create_graph=True)
        (slope.square().sum() + scores[half].mean() + images[half].mean()).backward()
        for parameter in (*generator.parameters(), *discriminator.parameters()):
            assert parameter.grad is None or torch.isfinite(parameter.grad).all()
    torch.testing.assert_close(scores[True], scores[False], rtol=0.05, atol=0.05)
    torch.testing.assert_close(images[True], images[False], rtol=0.05, atol=0.05)
    assert not torch.equal(images[True], images[False])


@pytest.mark.parametrize("kind", [Down, Up])
def test_second_gradients_of_the_filters_are_right(kind):
    layer = kind(1, 2, seeded()).double()
    images = torch.randn(1, 1, 4, 4, generator=seeded(), dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradgradcheck(lambda x: layer(x).square(), (images,))


IMAGES = np.random.default_rng(0).integers(0, 256, (24, 16, 16), dtype=np.uint8)
TABLE = np.random.default_rng(0).normal(size=(24, 3))


@each_kind
@pytest.mark.parametrize("player", ["generator", "discriminator"])
@pytest.mark.parametrize("sizes", [(4,), (4, 4, 4)])
def test_hidden_layer_sizes_must_be_one_per_halving(kind, player, sizes):
    options = {"generator": "mlp", "discriminator": "mlp", player: kind}
    sampler = GANSampler(**options, hidden_layer_sizes=sizes, max_iter=1, device="cpu", random_state=0)
    with pytest.raises(ValueError) as caught:
        sampler.fit(IMAGES)
    assert f"hidden_layer_sizes={sizes!r} must hold 2 numbers" in str(caught.value)
    caught.match("16 by 16 pixels")
    caught.match("one per halving, the finest first")
    assert not hasattr(sampler, "generator_")


@each_kind
@pytest.mark.parametrize("player", ["generator", "discriminator"])
def test_convolutions_of_a_table_are_refused_with_a_cure(kind, player):
    sampler = GANSampler(**{player: kind}, max_iter=1, device="cpu", random_state=0)
    with pytest.raises(ValueError) as caught:
        sampler.fit(TABLE)
    for words in (kind, "images, but X is a table", "use 'mlp' or 'auto'", r"image_shape=\(height, width\)"):
        caught.match(words)


@each_kind
def test_sizes_that_fit_are_fitted(kind):
    options = {"generator": kind, "discriminator": kind, "hidden_layer_sizes": (4, 4), "batch_size": 8}
    sampler = GANSampler(**options, max_iter=1, refine=False, device="cpu", random_state=0).fit(IMAGES)
    given = sampler.sample(3, random_state=0)
    assert given.shape == (3, 16, 16) and given.dtype == np.uint8 and sampler.image_shape_ == (16, 16)


def test_an_mlp_makes_images_of_any_size_for_the_default_discriminator():
    images = np.random.default_rng(0).integers(0, 256, (8, 32, 32), dtype=np.uint8)
    sampler = GANSampler(generator="mlp", max_iter=1, refine=False, device="cpu", random_state=0).fit(images)
    drawn = sampler.sample(2)
    assert drawn.shape == (2, 32, 32) and drawn.dtype == np.uint8
    assert type(sampler.discriminator_) is StridedDiscriminator
