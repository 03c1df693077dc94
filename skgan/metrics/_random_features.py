"""Features from networks that were never trained."""

import numpy as np

from ._inputs import read_inputs, standardised
from ._read import generator_of

N_NETWORKS = 3


def random_features(sets, *, names, categorical_features, random_state, **_):
    """Rows by the outputs of three random networks, 64 each, standardised by the real rows.

    Such networks tell no class from another by name, yet keep what is alike together, and prefer no domain (Naeem et
    al. 2020). Images are shown to convolutions, tables to perceptrons.
    """
    from ._network import network_features, random_network

    arrays, show = read_inputs(sets, names, categorical_features)
    rng = generator_of(random_state)
    networks = [random_network(arrays[0].shape[1:], rng) for _ in range(N_NETWORKS)]
    return standardised(
        *(np.concatenate([network_features(network, array, show) for network in networks], axis=1) for array in arrays)
    )
