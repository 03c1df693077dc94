"""What is done with training rows before a model learns from them: nothing, weights, oversampling, generated rows.

A method is ``method(X, y, model, seed) -> fitted``; ``model(class_weight=None)`` is an unfitted pipeline that takes
frames with gaps, or images. RandomOverSampler, SMOTE, SMOTENC and ADASYN are imbalanced-learn's, with defaults.
"""

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype
from sklearn.pipeline import make_pipeline

# More whole numbers than this are amounts.
MOST_CLASSES = 20


def alone(X, y, model, seed):
    return model().fit(X, y)


def class_weight(X, y, model, seed):
    return model(class_weight="balanced").fit(X, y)


def random_over(X, y, model, seed):
    from imblearn.over_sampling import RandomOverSampler

    return model().fit(*_flat_resampled(RandomOverSampler(random_state=seed), X, y))


def smote(X, y, model, seed):
    """SMOTE of numbers, SMOTENC where there are words. Gaps, which it refuses, are filled with medians or a word."""
    from imblearn.over_sampling import SMOTE, SMOTENC

    if X.ndim > 2:
        return model().fit(*_flat_resampled(SMOTE(random_state=seed), X, y))
    words = [not is_numeric_dtype(X[name]) for name in X]
    sampler = SMOTENC(words, random_state=seed) if any(words) else SMOTE(random_state=seed)
    return model().fit(*sampler.fit_resample(_filled(X), y))


def adasyn(X, y, model, seed):
    """ADASYN, which knows numbers alone, of what the model's own preparation makes of X."""
    from imblearn.over_sampling import ADASYN

    prepare, learner = model()[:-1].fit(X, y), model()[-1]
    return make_pipeline(prepare, learner.fit(*ADASYN(random_state=seed).fit_resample(prepare.transform(X), y)))


def gan_over(X, y, model, seed):
    from skgan.over_sampling import GANOverSampler

    X_new, y_new = GANOverSampler(random_state=seed).fit_resample(X, y)
    fitted = model().fit(X_new, y_new)
    # To see how near they are to training rows.
    fitted.added_rows = X_new[len(X) :]
    return fitted


def gan_always(X, y, model, seed):
    """As many generated rows as there are rows, whether they help or not."""
    return _augmented(y)(model(), n_synthetic=1.0, random_state=seed).fit(X, y)


def gan_auto(X, y, model, seed):
    """Generated rows where skgan finds that they help."""
    return _augmented(y)(model(), random_state=seed).fit(X, y)


def _flat_resampled(sampler, X, y):
    """Images are rows to imbalanced-learn."""
    if X.ndim == 2:
        return sampler.fit_resample(X, y)
    X_new, y_new = sampler.fit_resample(X.reshape(len(X), -1), y)
    return X_new.reshape(-1, *X.shape[1:]), y_new


def _augmented(y):
    from skgan import AugmentedClassifier, AugmentedRegressor

    return AugmentedRegressor if is_amounts(y) else AugmentedClassifier


def is_amounts(y):
    return is_numeric_dtype(y) and len(np.unique(y)) > MOST_CLASSES


def _filled(X):
    return pd.DataFrame(
        {name: X[name].fillna(X[name].median() if is_numeric_dtype(X[name]) else "missing") for name in X}
    )


OVERSAMPLERS = {"random_over": random_over, "smote": smote, "adasyn": adasyn, "gan_over": gan_over}
METHODS = {
    "alone": alone,
    "class_weight": class_weight,
    **OVERSAMPLERS,
    "gan_always": gan_always,
    "gan_auto": gan_auto,
}
