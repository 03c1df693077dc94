"""How a model is fitted to training rows: as they are, with class weights, with oversampling, with generated rows.

A method is ``method(X, y, model, seed) -> fitted``; ``model(class_weight=None)`` is an unfitted pipeline that accepts
frames with missing values, or images. RandomOverSampler, SMOTE, SMOTENC and ADASYN are those of imbalanced-learn, with
their defaults.
"""

import copy
import time
from contextlib import ExitStack, contextmanager
from functools import partial
from unittest import mock

import joblib
import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype
from sklearn.pipeline import make_pipeline

# A numeric y with more distinct values than this is continuous.
MOST_CLASSES = 20


def alone(X, y, model, seed):
    return model().fit(X, y)


def class_weight(X, y, model, seed):
    return model(class_weight="balanced").fit(X, y)


def random_over(X, y, model, seed):
    from imblearn.over_sampling import RandomOverSampler

    return model().fit(*_flat_resampled(RandomOverSampler(random_state=seed), X, y))


def smote(X, y, model, seed, **parameters):
    """SMOTE, or SMOTENC where there are categories. It rejects missing values, so these are imputed first."""
    from imblearn.over_sampling import SMOTE, SMOTENC

    if X.ndim > 2:
        return model().fit(*_flat_resampled(SMOTE(random_state=seed, **parameters), X, y))
    words = [not is_numeric_dtype(X[name]) for name in X]
    kind = partial(SMOTENC, words) if any(words) else SMOTE
    return model().fit(*kind(random_state=seed, **parameters).fit_resample(_filled(X), y))


def smote_half(X, y, model, seed):
    """Half as many rows of the rarer class as of the other."""
    return smote(X, y, model, seed, sampling_strategy=0.5)


def adasyn(X, y, model, seed):
    """ADASYN, which accepts only numbers, applied to X as the model's own preprocessing transforms it."""
    from imblearn.over_sampling import ADASYN

    prepare, learner = model()[:-1].fit(X, y), model()[-1]
    return make_pipeline(prepare, learner.fit(*ADASYN(random_state=seed).fit_resample(prepare.transform(X), y)))


def ctgan(X, y, model, seed):
    """CTGAN fitted to the rows of the rarer class only, with its defaults."""
    from peers import Ctgan

    counts = y.value_counts()
    rarer, n_missing = counts.index[-1], int(counts.iloc[0] - counts.iloc[-1])
    new = Ctgan(seed).fit(X[y == rarer].reset_index(drop=True)).sample(n_missing)
    return _with_below(X, y, new.astype(X.dtypes), rarer, model)


def gan_over(X, y, model, seed, **parameters):
    from skgan.over_sampling import GANOverSampler

    X_new, y_new = GANOverSampler(random_state=seed, **parameters).fit_resample(X, y)
    fitted = model().fit(X_new, y_new)
    # Their distance to training rows is measured later.
    fitted.added_rows = X_new[len(X) :]
    return fitted


def gan_over_one(X, y, model, seed):
    """Rows as the sampler generates them, without a choice among candidates."""
    return gan_over(X, y, model, seed, n_candidates=1)


def gan_over_five(X, y, model, seed):
    """For images, which have one candidate by default."""
    return gan_over(X, y, model, seed, n_candidates=5)


def gan_over_half(X, y, model, seed):
    """Half as many rows of the rarer class as of the other."""
    return gan_over(X, y, model, seed, sampling_strategy=0.5)


def gan_always(X, y, model, seed):
    """As many generated rows as training rows, whether or not they help."""
    return _augmented(y)(model(), n_synthetic=1.0, random_state=seed).fit(X, y)


def gan_auto(X, y, model, seed):
    """Generated rows only where skgan finds that they help."""
    return _augmented(y)(model(), random_state=seed).fit(X, y)


def _with_below(X, y, new, label, model):
    y_new = pd.concat([y, pd.Series([label] * len(new))], ignore_index=True)
    fitted = model().fit(pd.concat([X, new], ignore_index=True), y_new)
    fitted.added_rows = new
    return fitted


@contextmanager
def remembered_fits():
    """Within this context no sampler is fitted twice to the same rows with the same parameters.

    Yields an object whose attribute `saved` is the number of CPU seconds that the repeated fits would have taken: the
    three models of a split need the same samplers, and the time of these is counted for each model.
    """
    from peers import Ctgan

    from skgan import ConditionalGANSampler

    clock = mock.Mock(saved=0.0)
    with ExitStack() as stack:
        for kind in (ConditionalGANSampler, Ctgan):
            stack.enter_context(mock.patch.object(kind, "fit", _remembering(kind.fit, clock)))
        yield clock


def _remembering(fit, clock):
    known = {}

    def remembered(self, *rows):
        # Before fit, vars(self) holds only the parameters.
        key = joblib.hash((vars(self), rows))
        if key in known:
            state, seconds = known[key]
            clock.saved += seconds
        else:
            start = time.process_time()
            fit(self, *rows)
            state, seconds = vars(self), time.process_time() - start
            known[key] = copy.deepcopy(state), seconds
        self.__dict__.update(copy.deepcopy(state))
        return self

    return remembered


def _flat_resampled(sampler, X, y):
    """Resample, with images flattened to the rows that imbalanced-learn needs."""
    if X.ndim == 2:
        return sampler.fit_resample(X, y)
    X_new, y_new = sampler.fit_resample(X.reshape(len(X), -1), y)
    return X_new.reshape(-1, *X.shape[1:]), y_new


def _augmented(y):
    from skgan import AugmentedClassifier, AugmentedRegressor

    return AugmentedRegressor if is_continuous(y) else AugmentedClassifier


def is_continuous(y):
    return is_numeric_dtype(y) and len(np.unique(y)) > MOST_CLASSES


def _filled(X):
    return pd.DataFrame(
        {name: X[name].fillna(X[name].median() if is_numeric_dtype(X[name]) else "missing") for name in X}
    )


OVERSAMPLERS = {
    "random_over": random_over,
    "smote": smote,
    "adasyn": adasyn,
    "ctgan": ctgan,
    "gan_over": gan_over,
    "gan_over_one": gan_over_one,
    "gan_over_five": gan_over_five,
    "smote_half": smote_half,
    "gan_over_half": gan_over_half,
}
METHODS = {
    "alone": alone,
    "class_weight": class_weight,
    **OVERSAMPLERS,
    "gan_always": gan_always,
    "gan_auto": gan_auto,
}
