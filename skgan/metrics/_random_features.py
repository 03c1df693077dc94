"""Features from networks with random weights."""

import numpy as np

from skgan._random import generator_of

from ._inputs import read_inputs, standardised

N_NETWORKS = 3


def random_features(sets, *, names, categorical_features, channel_axis, random_state, **_):
    """The 64 outputs of each of three random networks, standardised by the real rows.

    Random networks map similar rows to similar outputs, and favour no domain (Naeem et al. 2020). They are
    convolutional for images and perceptrons for tables.
    """
    from ._network import network_features, random_network

    arrays, prepare = read_inputs(sets, names, categorical_features, channel_axis)
    rng = generator_of(random_state)
    networks = [random_network(arrays[0].shape[1:], rng) for _ in range(N_NETWORKS)]
    outputs = ([network_features(network, array, prepare) for network in networks] for array in arrays)
    return standardised(*(np.concatenate(matrices, axis=1) for matrices in outputs))
