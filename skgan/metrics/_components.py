"""Features that are the principal components of the real rows."""

import numpy as np
from sklearn.decomposition import PCA

from skgan._random import generator_of, some_rows

from ._inputs import in_batches, read_inputs

SHARE_OF_VARIANCE = 0.95
MAX_COMPONENTS = 64
MAX_ROWS = 10_000
BATCH_SIZE = 1_000


def principal_components(sets, *, names, categorical_features, channel_axis, random_state, **_):
    """The first principal components of the real rows.

    They hold 95 % of the variance and are at most 64. They are computed from at most 10,000 real rows, drawn at random.
    Differences in orthogonal directions are lost.
    """
    arrays, prepare = read_inputs(sets, names, categorical_features, channel_axis)
    rng = generator_of(random_state)

    def flat(rows):
        return prepare(rows).reshape(len(rows), -1).astype(np.float64)

    inputs = flat(arrays[0][some_rows(len(arrays[0]), MAX_ROWS, rng)])
    if (inputs == inputs[0]).all():
        raise ValueError(
            f"All {len(inputs)} rows of {names[0]} are equal, so they have no principal components; pass rows that "
            "differ, or choose other features."
        )
    pca = PCA(min(MAX_COMPONENTS, *inputs.shape), random_state=int(rng.integers(2**31))).fit(inputs)
    enough = 1 + int(np.searchsorted(np.cumsum(pca.explained_variance_ratio_), SHARE_OF_VARIANCE))
    axes = pca.components_[:enough].T
    return [in_batches(lambda rows: (flat(rows) - pca.mean_) @ axes, array, BATCH_SIZE) for array in arrays]
