"""How a batch is divided."""

import pytest

from skgan.training import n_parts_of


@pytest.mark.parametrize(
    "batch_size, width, modality, n_parts",
    [
        (64, 3 * 64 * 64, "images", 2),
        (1024, 3 * 64 * 64, "images", 2),
        (64, 2**15, "images", 2),
        (64, 3 * 256 * 256, "images", 16),
        (64, 2**24, "images", 64),
        (63, 3 * 256 * 256, "images", 1),
        (48, 3 * 256 * 256, "images", 16),
        (32, 100, "images", 1),
        (32, 100, "table", 1),
        (64, 100, "table", 2),
        (65, 100, "table", 1),
        (64, 2**24, "table", 2),
    ],
)
def test_large_images_come_in_more_and_smaller_parts(batch_size, width, modality, n_parts):
    assert n_parts_of(batch_size, width, modality) == n_parts
    assert batch_size % n_parts == 0
