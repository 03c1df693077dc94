"""Rows that are generated during a run."""

# How many, where the caller does not say.
N_SAMPLES = {"table": 1000, "images": 64}


def generate(run, n_samples=None, y=None, random_state=0):
    """Rows from the current weights, without refinement.

    Parameters
    ----------
    run : Run
    n_samples : int or None, default=None
        None is 64 images, or 1,000 rows of a table.
    y : scalar, dict, array-like, series or frame, default=None
        As in ``sample`` of a conditional sampler.
    random_state : int, default=0

    Returns
    -------
    X : array, frame or stack of images
    y : array, series, frame or None
        The targets, where the sampler returns some.
    """
    n_samples = N_SAMPLES[run.modality] if n_samples is None else n_samples
    given = {} if y is None else {"y": y}
    drawn = run.model().sample(n_samples, **given, random_state=random_state)
    return drawn if isinstance(drawn, tuple) else (drawn, None)
