"""The number of parts of a batch on a CPU, determined only by the sizes of the batch and of its rows."""

from __future__ import annotations

# Two threads train on one part each; smaller batches cost more to divide.
N_PARTS, MIN_BATCH_TO_DIVIDE = 2, 64
# The most numbers in the rows of one part, of large images: activations take some hundred times as many bytes.
MAX_NUMBERS = {"table": None, "images": 2**20}


def n_parts_of(batch_size, width, modality):
    """Number of equal parts of a batch.

    Parameters
    ----------
    batch_size : int
    width : int
        Numbers per row.
    modality : {"table", "images"}
        Large images are divided into more and smaller parts, so that the memory of a step is bounded. An image is large
        if half of 64 such images have more numbers than a part may have.
    """
    n_parts = N_PARTS if batch_size >= MIN_BATCH_TO_DIVIDE and batch_size % N_PARTS == 0 else 1
    most = MAX_NUMBERS[modality]
    if most is None or width * MIN_BATCH_TO_DIVIDE // N_PARTS <= most:
        return n_parts
    while batch_size * width > n_parts * most and batch_size % (2 * n_parts) == 0:
        n_parts *= 2
    return n_parts
