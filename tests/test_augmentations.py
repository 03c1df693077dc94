"""Every augmentation against results computed by hand, and what holds for all of them."""

import numpy as np
import pytest
import torch

from skgan.augmentations import AUGMENTATIONS, Augment
from skgan.regularizers import REGULARIZERS

WORDS = list(AUGMENTATIONS)
ALL = tuple(WORDS)
SHAPES = [(1, 8, 8), (2, 9, 16), (3, 28, 23), (4, 7, 10), (1, 1, 1)]


def uniform(*shape, seed=0, dtype=torch.float32):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def images_of(n, shape, dtype=torch.float32):
    return uniform(n, *shape, seed=1, dtype=dtype) * 2 - 1


def applied(word, images, *draws):
    """The same draws for every image."""
    return AUGMENTATIONS[word]()(images, torch.tensor([draws]).repeat(len(images), 1))


def certain(augment, n):
    """Draws with which every augmentation changes every image."""
    own = {"translation": [0.9, 0.1], "color": [0.9, 0.2, 0.1], "cutout": [0.5, 0.5], "flip": [0.7]}
    return torch.tensor([sum(([0.99, *own[word]] for word in augment), [])]).repeat(n, 1)


# Of 8 pixels an eighth is one: draws below 1/3 move by -1, below 2/3 not at all, the others by +1.
@pytest.mark.parametrize(
    "draws, rows, columns",
    [
        ((0.7, 0.5), [0, 0, 1, 2, 3, 4, 5, 6], range(8)),
        ((0.3, 0.5), [1, 2, 3, 4, 5, 6, 7, 7], range(8)),
        ((0.5, 0.7), range(8), [0, 0, 1, 2, 3, 4, 5, 6]),
        ((0.5, 0.3), range(8), [1, 2, 3, 4, 5, 6, 7, 7]),
        ((0.0, 0.999), [1, 2, 3, 4, 5, 6, 7, 7], [0, 0, 1, 2, 3, 4, 5, 6]),
        ((0.5, 0.5), range(8), range(8)),
    ],
)
def test_translation_by_a_pixel_repeats_the_edge(draws, rows, columns):
    images = images_of(2, (3, 8, 8))
    assert torch.equal(applied("translation", images, *draws), images[:, :, list(rows)][..., list(columns)])


@pytest.mark.parametrize("height, width, down, right", [(28, 23, 3, 2), (7, 16, 0, 2), (64, 8, 8, 1)])
def test_translation_goes_up_to_an_eighth_with_each_shift_as_likely(height, width, down, right):
    picture = np.random.default_rng(0).uniform(-1, 1, (2, height, width))
    n = 2 * down + 1, 2 * right + 1
    # The middles of n equal parts of [0, 1), one a shift.
    draws = torch.tensor([[(i + 0.5) / n[0], (j + 0.5) / n[1]] for i in range(n[0]) for j in range(n[1])])
    given = AUGMENTATIONS["translation"]()(torch.tensor(picture).expand(len(draws), -1, -1, -1), draws).numpy()
    shifts = [(i, j) for i in range(-down, down + 1) for j in range(-right, right + 1)]
    for image, (i, j) in zip(given, shifts, strict=True):
        rows, columns = (np.clip(np.arange(size) - by, 0, size - 1) for size, by in ((height, i), (width, j)))
        np.testing.assert_array_equal(image, picture[:, rows][:, :, columns])


def test_the_largest_draw_stays_within_bounds():
    images = images_of(1, (1, 72, 8))
    largest = 1 - 2.0**-24
    assert torch.equal(applied("translation", images, largest, 0.5)[:, :, 9:], images[:, :, :-9])
    cut = applied("cutout", images, largest, largest) == 0
    assert cut[0, 0, 71, 7] and cut.sum() == 19 * 3  # the centre and the 18 rows and 2 columns before it


def test_colour_does_what_each_draw_says():
    red, blue = torch.tensor([0.8, -0.4, 0.2]), torch.tensor([-0.6, 0.0, 0.6])
    image = torch.stack([red, blue], 1).reshape(1, 3, 1, 2)  # grey of the pixels: 0.2 and 0; of the image: 0.1

    def pixels(*draws):
        return applied("color", image, *draws)[0, :, 0].T

    torch.testing.assert_close(pixels(0.5, 0.5, 0.5), torch.stack([red, blue]))
    torch.testing.assert_close(pixels(0.0, 0.5, 0.5), torch.stack([red - 0.5, blue - 0.5]))
    torch.testing.assert_close(pixels(0.75, 0.5, 0.5), torch.stack([red + 0.25, blue + 0.25]))
    torch.testing.assert_close(pixels(0.5, 0.0, 0.5), torch.tensor([[0.2] * 3, [0.0] * 3]))
    torch.testing.assert_close(pixels(0.5, 0.75, 0.5), torch.tensor([[1.1, -0.7, 0.2], [-0.9, 0.0, 0.9]]))
    torch.testing.assert_close(pixels(0.5, 0.5, 0.0), torch.tensor([[0.45, -0.15, 0.15], [-0.25, 0.05, 0.35]]))
    # All at once: + 0.25, then 1.5 times the distance from grey, then half the distance from the mean, 0.35.
    expected = torch.tensor([[0.85, -0.05, 0.4], [-0.15, 0.3, 0.75]])
    torch.testing.assert_close(pixels(0.75, 0.75, 0.0), expected)


def test_saturation_leaves_a_single_channel_alone():
    images = images_of(3, (1, 5, 4))
    torch.testing.assert_close(applied("color", images, 0.5, 0.0, 0.5), images)


@pytest.mark.parametrize(
    "height, width, draws, rows, columns",
    [
        (8, 8, (0.5, 0.5), (2, 6), (2, 6)),  # centre (4, 4)
        (8, 8, (0.0, 0.99), (0, 2), (5, 8)),  # centre (0, 7): cut off at the corner
        (28, 23, (0.5, 0.5), (7, 21), (6, 17)),  # centre (14, 11)
        (28, 23, (0.99, 0.0), (20, 28), (0, 6)),  # centre (27, 0)
    ],
)
def test_cutout_is_a_box_of_half_the_size_around_its_centre(height, width, draws, rows, columns):
    images = images_of(2, (3, height, width))
    expected = images.clone()
    expected[:, :, slice(*rows), slice(*columns)] = 0
    assert torch.equal(applied("cutout", images, *draws), expected)


def test_the_centre_of_the_cutout_may_be_any_pixel():
    draws = torch.tensor([[(i + 0.5) / 4, (j + 0.5) / 6] for i in range(4) for j in range(6)])
    cut = AUGMENTATIONS["cutout"]()(torch.ones(24, 1, 4, 6), draws) == 0
    # Rows from one above the centre, columns from one to its left: 2 and 3 long where they fit.
    assert cut.any(3).sum((1, 2)).reshape(4, 6)[:, 0].tolist() == [1, 2, 2, 2]
    assert cut.any(2).sum((1, 2)).reshape(4, 6)[0].tolist() == [2, 3, 3, 3, 3, 2]


def test_flip_exchanges_left_and_right_from_a_half_on():
    images = images_of(2, (3, 4, 5))
    given = AUGMENTATIONS["flip"]()(images, torch.tensor([[0.499], [0.5]]))
    assert torch.equal(given[0], images[0])
    assert torch.equal(given[1], images[1, :, :, [4, 3, 2, 1, 0]])


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("words", [*((word,) for word in WORDS), ALL])
@pytest.mark.parametrize("probability", [0.0, torch.tensor(0.0)])
def test_probability_0_is_the_identity_to_the_bit(words, shape, probability):
    augment = Augment(words, shape)
    rows = images_of(9, shape).flatten(1)
    assert torch.equal(augment(rows, uniform(9, augment.n_draws), probability), rows)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("probability", [1.0, torch.tensor(1.0)])
def test_probability_1_applies_them_all_in_order(shape, probability):
    augment = Augment(ALL, shape)
    images = images_of(9, shape)
    draws = uniform(9, augment.n_draws)
    expected, remaining = images, draws
    for augmentation in (kind() for kind in AUGMENTATIONS.values()):
        expected = augmentation(expected, remaining[:, 1 : 1 + augmentation.n_draws])
        remaining = remaining[:, 1 + augmentation.n_draws :]
    assert remaining.shape == (9, 0)
    assert torch.equal(augment(images.flatten(1), draws, probability), expected.flatten(1))


def test_each_word_has_a_gate_of_its_own():
    augment = Augment(("flip", "cutout"), (1, 2, 2))
    row = torch.tensor([[1.0, 2.0, 3.0, 4.0]])
    draws = torch.tensor([[g, 0.9, h, 0.9, 0.9] for g in (0.4, 0.6) for h in (0.4, 0.6)])  # the box: the last pixel
    given = augment(row.repeat(4, 1), draws, 0.5)
    assert given.tolist() == [[2, 1, 4, 0], [2, 1, 4, 3], [1, 2, 3, 0], [1, 2, 3, 4]]
    # A gate equal to the probability is shut: at probability 0 a draw of 0 changes nothing.
    assert torch.equal(augment(row, torch.tensor([[0.0, 0.9, 0.0, 0.9, 0.9]]), 0.0), row)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("probability", [0.1, 0.6])
def test_a_share_of_the_images_is_changed(word, probability):
    n = 2000
    rows = images_of(n, (3, 8, 8)).flatten(1)
    draws = certain([word], n)
    draws[:, 0] = uniform(n)
    changed = (Augment([word], (3, 8, 8))(rows, draws, probability) != rows).any(1)
    assert torch.equal(changed, draws[:, 0] < probability)
    assert abs(changed.float().mean() - probability) < 4 * (probability * (1 - probability) / n) ** 0.5


@pytest.mark.parametrize("words", [*((word,) for word in WORDS), ALL])
def test_an_image_depends_on_its_own_draws_alone(words):
    augment = Augment(words, (3, 28, 23))
    rows, draws = images_of(40, (3, 28, 23)).flatten(1), uniform(40, augment.n_draws)
    given = augment(rows, draws, 0.7)
    assert torch.equal(augment(rows, draws, 0.7), given)
    order = torch.randperm(40, generator=torch.Generator().manual_seed(2))
    torch.testing.assert_close(augment(rows[order], draws[order], 0.7), given[order])
    torch.testing.assert_close(augment(rows[3:4], draws[3:4], 0.7), given[3:4])
    assert not torch.equal(augment(rows, draws[order], 0.7), given)


@pytest.mark.parametrize("word", WORDS)
def test_nothing_is_drawn_and_nothing_given_is_changed(word):
    images, draws = images_of(4, (2, 9, 8)), uniform(4, AUGMENTATIONS[word].n_draws)
    before = torch.get_rng_state(), images.clone(), draws.clone()
    AUGMENTATIONS[word]()(images, draws)
    assert all(torch.equal(*pair) for pair in zip(before, (torch.get_rng_state(), images, draws), strict=True))


@pytest.mark.parametrize("n", [0, 1, 5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.float16])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("word", WORDS)
def test_shape_and_dtype_are_kept(word, shape, dtype, n):
    images = images_of(n, shape, torch.float64).to(dtype)
    given = AUGMENTATIONS[word]()(images, uniform(n, AUGMENTATIONS[word].n_draws))
    assert given.shape == images.shape and given.dtype == dtype and torch.isfinite(given).all()
    augment = Augment([word], shape)
    given = augment(images.flatten(1), uniform(n, augment.n_draws), torch.tensor(0.5))
    assert given.shape == images.flatten(1).shape and given.dtype == dtype


@pytest.mark.parametrize("word", WORDS)
def test_the_order_in_memory_does_not_matter(word):
    images, draws = images_of(4, (3, 9, 16)), uniform(4, AUGMENTATIONS[word].n_draws)
    expected = AUGMENTATIONS[word]()(images, draws)
    for other in (images.contiguous(memory_format=torch.channels_last), images.transpose(2, 3).contiguous().mT):
        assert other.stride() != images.stride()
        torch.testing.assert_close(AUGMENTATIONS[word]()(other, draws), expected)
    augment = Augment([word], (3, 9, 16))
    rows, draws = images.flatten(1), uniform(4, augment.n_draws)
    torch.testing.assert_close(augment(rows.T.contiguous().T, draws, 1.0), augment(rows, draws, 1.0))


def test_no_value_is_read_back_from_the_device():
    # Tensors without values: whatever needs one, or a size that depends on one, fails.
    rows, probability = torch.empty(4, 3 * 8 * 9, device="meta", requires_grad=True), torch.empty((), device="meta")
    with pytest.raises(RuntimeError):
        probability.item()
    with pytest.raises((RuntimeError, NotImplementedError)):
        rows[rows > 0]
    augment = Augment(ALL, (3, 8, 9))
    given = augment(rows, torch.empty(4, augment.n_draws, device="meta"), probability)
    (slope,) = torch.autograd.grad(given.square().sum(), rows, torch.empty((), device="meta"), create_graph=True)
    slope.square().sum().backward()
    assert given.shape == slope.shape == rows.grad.shape == rows.shape


@pytest.mark.parametrize("words", [*((word,) for word in WORDS), ALL])
def test_gradients_of_both_orders(words):
    shape = (2, 8, 3)
    augment = Augment(words, shape)
    rows = images_of(2, shape, torch.float64).flatten(1).requires_grad_(True)
    draws = certain(words, 2)
    draws[1, 0] = 0.999  # of the second image, one gate is shut

    def score(rows):
        return augment(rows, draws, 0.995).pow(3).sum(1)  # bent, so that the second order is not 0 throughout

    assert torch.autograd.gradcheck(score, rows)
    assert torch.autograd.gradgradcheck(score, rows)


def test_every_pixel_gets_the_gradient_of_its_copies():
    images = torch.zeros(1, 1, 8, 8, requires_grad=True)
    applied("translation", images, 0.9, 0.5).sum().backward()
    assert images.grad[0, 0, :, 0].tolist() == [2, 1, 1, 1, 1, 1, 1, 0]


def test_a_penalty_differentiates_through():
    augment = Augment(["flip", "cutout"], (1, 2, 2))
    rows = torch.tensor([[1.0, 2.0, 3.0, 4.0]])
    draws = torch.tensor([[0.0, 0.9, 0.0, 0.9, 0.9]])

    def critic(rows):
        return 0.5 * augment(rows, draws, 1.0).square().sum(1)

    # Flipped, the 3 lies in the last place and is cut out: the gradient is the row without it.
    penalty = REGULARIZERS["r1"]().penalty(critic, rows, rows, None)
    torch.testing.assert_close(penalty.detach(), torch.tensor([0.5 * (1 + 4 + 16.0)]))


def test_no_words_change_nothing():
    augment = Augment((), (3, 4, 5))
    rows = images_of(2, (3, 4, 5)).flatten(1)
    assert augment.n_draws == 0
    assert torch.equal(augment(rows, torch.empty(2, 0), 1.0), rows)


def test_an_unknown_word_is_met_with_the_nearest():
    with pytest.raises(ValueError, match="augmentation='colour' is not a known word.*Did you mean 'color'?"):
        Augment(["flip", "colour"], (3, 8, 8))


def test_the_words_their_draws_and_their_papers():
    n_draws = {word: augmentation.n_draws for word, augmentation in AUGMENTATIONS.items()}
    assert n_draws == {"translation": 2, "color": 3, "cutout": 2, "flip": 1}
    assert Augment(ALL, (1, 8, 8)).n_draws == sum(n_draws.values()) + 4
    assert all(".. [1] " in augmentation.__doc__ for augmentation in AUGMENTATIONS.values())
