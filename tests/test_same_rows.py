"""Fits give the rows that they gave before the training run and the fitted model became objects of their own.

The expected hashes were made at commit 188685e by running this file as a script. Floating-point sums depend on the
processor and on the versions of torch, NumPy and scikit-learn, so that elsewhere the test is skipped.
"""

import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from problems import adult_like, blobs, parts, small_frame
from sklearn.datasets import load_digits

from skgan import ConditionalGANSampler, GANSampler

EXPECTED = Path(__file__).with_name("same_rows.json")
SEEDS = (0, 1, 2)


def _digits():
    X, y = load_digits(return_X_y=True)
    return X[:300].reshape(-1, 8, 8).astype(np.uint8), y[:300]


def table(seed):
    return GANSampler(max_iter=60, random_state=seed).fit(adult_like()).sample(300)


def table_with_missing_values(seed):
    return GANSampler(max_iter=20, batch_size=32, random_state=seed).fit(small_frame(100)).sample(50)


def table_given_classes(seed):
    return ConditionalGANSampler(max_iter=40, random_state=seed).fit(*blobs()).sample(300)


def table_given_classes_guessed(seed):
    X, y = blobs()
    sampler = ConditionalGANSampler(max_iter=40, conditioning="auxiliary", loss="hinge", random_state=seed)
    return sampler.fit(X, y).sample(y=y[:100])


def table_given_continuous_target(seed):
    X = adult_like()
    return ConditionalGANSampler(max_iter=40, random_state=seed).fit(X.drop(columns="age"), X["age"]).sample(100)


def images(seed):
    return GANSampler(max_iter=20, random_state=seed).fit(_digits()[0]).sample(40)


def images_given_classes(seed):
    return ConditionalGANSampler(max_iter=20, random_state=seed).fit(*_digits()).sample(40)


def images_of_growing_networks(seed):
    X = np.kron(_digits()[0][:100], np.ones((2, 2), dtype=np.uint8))
    words = {"generator": "progressive", "discriminator": "progressive", "hidden_layer_sizes": (8, 8)}
    return GANSampler(max_iter=16, batch_size=16, random_state=seed, **words).fit(X).sample(20)


CASES = (
    table,
    table_with_missing_values,
    table_given_classes,
    table_given_classes_guessed,
    table_given_continuous_target,
    images,
    images_given_classes,
    images_of_growing_networks,
)


def digest(drawn):
    """A hash of all that `sample` returned, to the last bit."""
    found = hashlib.sha256()
    for part in parts(drawn):
        text = part.to_json(double_precision=15) if hasattr(part, "to_json") else str(part.dtype)
        found.update(text.encode())
        if not hasattr(part, "to_json"):
            found.update(np.ascontiguousarray(part).tobytes())
    return found.hexdigest()


def environment():
    """What floating-point results depend on."""
    processor = [platform.machine()]
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text().splitlines()
        processor += sorted({line for line in lines if line.startswith(("model name", "flags", "Features"))})
    processor = hashlib.sha256("\n".join(processor).encode()).hexdigest()[:16]
    return {"processor": processor, **{name: version(name) for name in ("torch", "numpy", "scikit-learn", "pandas")}}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_rows_are_those_of_before(case):
    expected = json.loads(EXPECTED.read_text())
    here = environment()
    if expected["environment"] != here:
        pytest.skip(f"the hashes are of {expected['environment']}, and this is {here}")
    assert [digest(case(seed)) for seed in SEEDS] == expected["hashes"][case.__name__]


if __name__ == "__main__":
    hashes = {case.__name__: [digest(case(seed)) for seed in SEEDS] for case in CASES}
    EXPECTED.write_text(json.dumps({"environment": environment(), "hashes": hashes}, indent=1) + "\n")
