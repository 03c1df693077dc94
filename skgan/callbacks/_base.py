"""The base class of callbacks."""


class Callback:
    """Base of callbacks that observe a training run. All hooks of this class do nothing.

    Attach instances with ``sampler.set_callbacks(...)``. Every hook is given the `Run`: ``run.n_iter`` is the number of
    steps so far and ``run.max_iter`` that of a full run, ``run.progress`` the completed share, ``run.losses`` the last
    loss of each player (scalar tensors), ``run.learning_rate`` that of the last step, ``run.augmentation_probability``
    how often images are augmented (a scalar tensor; None where they are not), ``run.history.table`` the table of steps
    so far, and ``run.stop()`` ends the run after this step. On a GPU, reading a tensor waits until the step is over.
    ``run.model()`` makes a fitted sampler from the current weights, without refinement. It has to generate some rows,
    so do not call it at every step. ``run.modality`` says what these rows are ("table" or "images"), and
    ``run.plot(X)`` makes a matplotlib Figure of some of them: a grid of images, or the marginals of a table over those
    of the training rows.

    Subclasses may also define the hooks of scikit-learn's callbacks, ``on_fit_task_begin`` and ``on_fit_task_end``,
    which are called once per fit and, where they are overridden, once per step.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgan import GANSampler
    >>> from skgan.callbacks import Callback
    >>> class StopAfter(Callback):
    ...     def __init__(self, n_iter):
    ...         self.n_iter = n_iter
    ...
    ...     def on_step_end(self, run):
    ...         if run.n_iter >= self.n_iter:
    ...             run.stop()
    >>> X = load_iris().data
    >>> sampler = GANSampler(max_iter=20, random_state=0).set_callbacks(StopAfter(7)).fit(X)
    >>> sampler.n_iter_
    7
    """

    def on_run_begin(self, run):
        """Called before the first step."""

    def on_step_begin(self, run):
        """Called before each step."""

    def on_step_end(self, run):
        """Called after each step."""

    def on_run_end(self, run):
        """Called after the last step, also after an error."""

    def setup(self, estimator, context):
        """Called before the fit: scikit-learn's hook."""

    def teardown(self, estimator, context):
        """Called after the fit, also after an error: scikit-learn's hook."""

    def on_fit_task_begin(self, estimator, context):
        """Called at the beginning of the fit: scikit-learn's hook."""

    def on_fit_task_end(self, estimator, context):
        """Called at the end of the fit: scikit-learn's hook."""
