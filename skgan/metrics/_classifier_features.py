"""Features from a network that is trained to tell the user's own classes apart."""

import numpy as np
from sklearn.utils.multiclass import check_classification_targets

from skgan._forms import read_target
from skgan._random import generator_of

from ._inputs import read_inputs, standardised

N_STEPS = 300
BATCH_SIZE = 128
LEARNING_RATE = 3e-3


def classifier_features(sets, *, names, y_real, y_name, categorical_features, channel_axis, random_state):
    """The 64 outputs before the last layer of a classifier of y_real, standardised by the real rows.

    The classifier is a convolutional network for images and a perceptron for tables. It is trained for 300 batches of
    128 rows.
    """
    from skgan._torch_settings import plain_tensors

    from ._network import network_features, random_network

    arrays, prepare = read_inputs(sets, names, categorical_features, channel_axis)
    labels, n_classes = _codes(y_real, len(arrays[0]), y_name, names[0])
    rng = generator_of(random_state)
    with plain_tensors():
        network = random_network(arrays[0].shape[1:], rng)
        _train(network, arrays[0], prepare, labels, n_classes, rng)
    return standardised(*(network_features(network, array, prepare) for array in arrays))


def _codes(y_real, n_rows, y_name, real_name):
    """Labels as integers, shape (n_rows,), and the number of classes."""
    if y_real is None:
        raise ValueError(f"features='classifier' needs the labels of {real_name}; pass them as {y_name}.")
    table = read_target(y_real, name=y_name)
    column = table.columns[0]
    if len(table.columns) != 1 or table.n_rows != n_rows:
        raise ValueError(
            f"{y_name} has {table.n_rows} rows and {len(table.columns)} columns, but {real_name} has {n_rows} rows; "
            "pass one label per row."
        )
    if column.missing.any():
        raise ValueError(f"{y_name} has {int(column.missing.sum())} missing labels; pass only rows with a label.")
    check_classification_targets(column.values if column.kind == "numeric" else column.values.astype(str))
    classes, codes = np.unique(column.values.astype(str), return_inverse=True)
    if len(classes) < 2:
        raise ValueError(f"{y_name} has only the class {str(classes[0])!r}; features='classifier' needs two or more.")
    return codes.astype(np.int64), len(classes)


def _train(network, array, prepare, labels, n_classes, rng):
    """Minimise the cross-entropy by Adam, with a learning rate that falls linearly to zero."""
    import torch
    from torch.nn.functional import cross_entropy, linear, relu

    from ._network import N_OUTPUTS, as_tensor, outputs

    head = (torch.zeros(n_classes, N_OUTPUTS, dtype=torch.float32), torch.zeros(n_classes, dtype=torch.float32))
    parameters = [tensor.requires_grad_() for layer in (*network.hidden, network.output, head) for tensor in layer]
    optimizer = torch.optim.Adam(parameters, lr=LEARNING_RATE)
    for step in range(N_STEPS):
        optimizer.param_groups[0]["lr"] = LEARNING_RATE * (1 - step / N_STEPS)
        rows = rng.choice(len(array), min(BATCH_SIZE, len(array)), replace=False)
        logits = linear(relu(outputs(network, as_tensor(prepare(array[rows])))), *head)
        optimizer.zero_grad()
        cross_entropy(logits, torch.from_numpy(labels[rows])).backward()
        optimizer.step()
