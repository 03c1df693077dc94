"""Features from linear algebra: the principal components of the real rows."""

import numpy as np
from sklearn.decomposition import PCA

from ._inputs import in_batches, read_inputs
from ._read import generator_of, some_rows

SHARE_OF_VARIANCE = 0.95
MAX_COMPONENTS = 64
MAX_ROWS = 10_000
BATCH_SIZE = 1_000


def principal_components(sets, *, names, categorical_features, random_state, **_):
    """Rows by the first principal components of the real ones.

    These are as many as hold 95 % of the variance, and at most 64; of more than 10,000 real rows, as many are looked
    at. Other rows' differences at right angles to them are not seen.
    """
    arrays, show = read_inputs(sets, names, categorical_features)
    rng = generator_of(random_state)

    def flat(rows):
        return show(rows).reshape(len(rows), -1).astype(np.float64)

    shown = flat(arrays[0][some_rows(len(arrays[0]), MAX_ROWS, rng)])
    if (shown == shown[0]).all():
        raise ValueError(
            f"All {len(shown)} rows of X_real are equal, and so have no principal components; pass rows that differ, "
            "or choose other features."
        )
    pca = PCA(min(MAX_COMPONENTS, *shown.shape), random_state=int(rng.integers(2**31))).fit(shown)
    enough = 1 + int(np.searchsorted(np.cumsum(pca.explained_variance_ratio_), SHARE_OF_VARIANCE))
    axes = pca.components_[:enough].T
    return [in_batches(lambda rows: (flat(rows) - pca.mean_) @ axes, array, BATCH_SIZE) for array in arrays]
