"""ConditionalGANSampler: rows like those of X, given y."""

from __future__ import annotations

import numpy as np
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from skgan._budget import Budget
from skgan._random import draw_seed, numpy_stream
from skgan._registry import resolve
from skgan._validation import check_is_no_name
from skgan._warnings import warn
from skgan.callbacks import with_callbacks
from skgan.encoders import TARGET_TYPES, Conditions
from skgan.exceptions import UnseenConditionWarning
from skgan.metrics import detection_score
from skgan.networks import CONDITIONINGS

from ._base import BaseGAN
from ._gan import MAX_ROWS_TO_SCORE
from ._targets import Targets, check_lengths


def _guesses(sampler):
    """Whether the discriminator guesses one target of classes."""
    if sampler.conditioning != "auxiliary":
        raise AttributeError(
            f"conditioning={sampler.conditioning!r} has no discriminator that guesses y; use conditioning='auxiliary'."
        )
    if hasattr(sampler, "n_iter_") and not hasattr(sampler, "classes_"):
        raise AttributeError("predict_proba is for a single target of classes, and y is another; fit with one.")
    return True


class ConditionalGANSampler(BaseGAN):
    """Learn the distribution of rows or images given targets, and draw new ones for targets of one's choice.

    The generator is told the target, and the discriminator judges rows with it, real and generated ones under the
    same target [1]_; all else is as in `GANSampler`.

    Parameters
    ----------
    target_type : {"auto", "classes", "continuous"}, default="auto"
        What y is. "auto": booleans, text and categories are classes, whole numbers of at most 50 distinct values
        too; all else is continuous.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories: a boolean mask, positions or names of columns. Text, bool and category columns
        are categories whatever is given; numbers are categories only when named here.
    image_shape : tuple of int or None, default=None
        (height, width) or (height, width, n_channels) where rows of X are flattened images. Arrays of three dimensions
        (n, height, width) or four are images without it.
    channel_axis : {None, 1, 3, -1}, default=None
        The axis of the channels in images of four dimensions; there are at most 16. None is an axis of 1, 3 or 4; where
        both axis 1 and the last may hold channels, the last does, with a warning.
    loss : {"relativistic", "minimax", "non_saturating", "wasserstein", "least_squares", "hinge"}, \
            default="relativistic"
        The adversarial loss, of `skgan.losses`.
    regularizer : {"auto", "r1", "r2", "r1_r2", "gradient_penalty", "weight_clipping"} or None, default="auto"
        What keeps the discriminator smooth, of `skgan.regularizers`. "auto" is "r1_r2" for the relativistic loss,
        "gradient_penalty" for "wasserstein" and "r1" for the others.
    penalty_weight : float or "auto", default="auto"
        Of the regularizer's penalty. "auto" is 0.1 for R1 and R2 on rows of tables, and more the wider and the fewer
        they are, so that they are not learned by heart; 1 on images, and more where these are far from their mean; and
        1 for "gradient_penalty". "weight_clipping" has no penalty to weigh.
    generator, discriminator : {"auto", "mlp", "dcgan", "resnet", "progressive"} or callable, default="auto"
        The networks. "mlp" is a residual multilayer perceptron built from the columns, or pixels; of images alone,
        "dcgan" is strided convolutions and "resnet" residual ones, many times as slow. "auto" is "mlp" for tables and
        "dcgan" for images. A callable is a factory
        ``factory(spec, latent_dim, condition_dim) -> torch.nn.Module``. A generator module maps a latent of shape
        (n, latent_dim) and a condition of shape (n, condition_dim) to raw values of shape (n, spec.width); a
        discriminator module maps rows of shape (n, spec.width) and a condition to scores of shape (n,).
    conditioning : {"auto", "projection", "auxiliary"}, default="auto"
        How the discriminator hears of y. "projection" scores how what it sees goes with y [2]_; "auxiliary" makes it
        guess y [3]_, which adds `predict_proba`. "auto" is "projection" in convolutions, and in an "mlp" y is one more
        part of the row.
    augmentation : "auto", None or tuple of {"translation", "color", "cutout", "flip"}, default="auto"
        How images are changed, real and generated ones alike, before the discriminator sees them, so that few are not
        learned by heart. "auto" is ("translation", "color", "cutout") for fewer than 20,000 images, else None.
    latent_dim : int or "auto", default="auto"
        Width of the generator's random input. "auto" is the width of an encoded row, between 4 and 128, and 64 for
        images.
    hidden_layer_sizes : tuple of int or "auto", default="auto"
        Of an "mlp", the width of each residual block; "auto" is two blocks of 64, 128 or 256, growing with the rows.
        Of "dcgan" and "resnet", the channels after each halving of the images, the finest first: images are halved
        while both sides stay at least 4 pixels. "auto" is 32, 64, ... up to 256.
    n_critic : int or "auto", default="auto"
        Updates of the discriminator per update of the generator, each on a batch of its own. "auto" is 1.
    max_iter : int or "auto", default="auto"
        Generator updates. "auto" is ``300 + 4 * n_rows**0.75``, at most 6,000 and at most 4 a row; for images
        ``1000 + 60 * n_rows**0.5``, at most 16,000.
    max_time : float or None, default=None
        Seconds of wall-clock time that the whole of `fit` may take. A run that it cuts is not reproducible.
    batch_size : int or "auto", default="auto"
        Rows a step. "auto" is 256, or the number of rows where that is less; 64 for images.
    learning_rate : float or "auto", default="auto"
        Of the discriminator's Adam; the generator's is as large, or 0.7 of it from 4,000 rows on. "auto" is 0.002. Both
        stay for 30 % of the run, then fall along half a cosine to 5 %. Of images both are alike, stay for 50 % and fall
        to 2 %; with "resnet" the rate is 0.0005.
    refine : bool, default=True
        Whether generated rows that a boosted density ratio finds unreal are drawn again. Needs 20 training rows.
    min_frequency : int, default=5
        A number or date that fewer rows hold is never shown as such nor stored: it is drawn between its neighbours.
        Levels that rare are warned about.
    rare_categories : {"keep", "merge"}, default="keep"
        Whether levels that fewer than `min_frequency` rows hold are shown as they are, or replaced in training by
        the common level whose rows are most alike (by a gap where no level is common).
    device : str, default="auto"
        Where the networks live: "auto" (a CUDA GPU if there is one), "cpu", "cuda", ...
    n_jobs : int or None, default=None
        Threads of training and sampling on the CPU; more than two are of no use. -1 is one per core. None is one per
        core too, but a single one inside of a search with several workers. Rows do not depend on it.
    verbose : int, default=0
        1 and 2 show progress on stderr: a bar where tqdm is installed, and the losses every 10 seconds or every second.
    random_state : int, RandomState instance, Generator instance or None, default=None
        Seed of the fit and of the stream that `sample` continues. None is fresh entropy from the operating system.
        The global generators of NumPy and torch are neither read nor changed.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The sorted classes; only with a single target of classes.
    n_iter_ : int
        Generator updates made.
    n_features_in_ : int
        Columns of X; of a stack of images, its second dimension.
    image_shape_ : tuple of int
        (height, width) or (height, width, n_channels), where X holds images.
    feature_names_in_ : ndarray of str, shape (`n_features_in_`,)
        Names of the columns, where X had names that are all text.
    generator_ : torch.nn.Module
        The averaged generator: (latent, condition) to encoded rows. Of tables, as it was at 70, 80 and 90 % of the run
        and at its end, in turn row by row.
    discriminator_ : torch.nn.Module
        (encoded rows, condition) to scores.
    history_ : pandas.DataFrame
        Columns step, seconds, discriminator_loss and generator_loss; at most 2,000 rows.
    device_ : torch.device
        Where the networks live.
    regularizer_, penalty_weight_, augmentation_, latent_dim_, hidden_layer_sizes_ : object
        What "auto" became, or the parameter that was given.
    n_critic_, max_iter_, batch_size_, learning_rate_ : int or float
        What "auto" became, or the parameter that was given.

    See Also
    --------
    GANSampler : Rows without y.

    References
    ----------
    .. [1] Mirza and Osindero, "Conditional generative adversarial nets", 2014, arXiv:1411.1784, eq. 2.
    .. [2] Miyato and Koyama, "cGANs with projection discriminator", ICLR 2018, eq. 3.
    .. [3] Odena, Olah and Shlens, "Conditional image synthesis with auxiliary classifier GANs", ICML 2017, eq. 2 and 3.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgan import ConditionalGANSampler
    >>> X, y = load_iris(return_X_y=True)
    >>> sampler = ConditionalGANSampler(max_iter=20, random_state=0).fit(X, y)
    >>> X_new, y_new = sampler.sample(y=[0, 0, 2])
    >>> X_new.shape, y_new
    ((3, 4), array([0, 0, 2]))
    """

    def __init__(
        self,
        *,
        target_type="auto",
        categorical_features="from_dtype",
        image_shape=None,
        channel_axis=None,
        loss="relativistic",
        regularizer="auto",
        penalty_weight="auto",
        generator="auto",
        discriminator="auto",
        conditioning="auto",
        augmentation="auto",
        latent_dim="auto",
        hidden_layer_sizes="auto",
        n_critic="auto",
        max_iter="auto",
        max_time=None,
        batch_size="auto",
        learning_rate="auto",
        refine=True,
        min_frequency=5,
        rare_categories="keep",
        device="auto",
        n_jobs=None,
        verbose=0,
        random_state=None,
    ):
        self.target_type = target_type
        self.categorical_features = categorical_features
        self.image_shape = image_shape
        self.channel_axis = channel_axis
        self.loss = loss
        self.regularizer = regularizer
        self.penalty_weight = penalty_weight
        self.generator = generator
        self.discriminator = discriminator
        self.conditioning = conditioning
        self.augmentation = augmentation
        self.latent_dim = latent_dim
        self.hidden_layer_sizes = hidden_layer_sizes
        self.n_critic = n_critic
        self.max_iter = max_iter
        self.max_time = max_time
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.refine = refine
        self.min_frequency = min_frequency
        self.rare_categories = rare_categories
        self.device = device
        self.n_jobs = n_jobs
        self.verbose = verbose
        self.random_state = random_state

    @with_callbacks
    def fit(self, X, y):
        """Learn the distribution of the rows of X given y.

        Parameters
        ----------
        X : array-like or frame of shape (n_rows, n_columns)
            As in `GANSampler.fit`.
        y : array-like, series or frame of shape (n_rows,) or (n_rows, n_targets)
            The targets, without gaps.

        Returns
        -------
        ConditionalGANSampler
            Itself.

        Raises
        ------
        ValueError, TypeError
            A parameter, a column or a target that cannot be used, named.

        Warns
        -----
        RareCategoryWarning
            Columns have levels, or targets classes, that fewer than `min_frequency` rows hold. Classes are kept
            whatever `rare_categories` says, since each may be asked for.
        DivergenceWarning
            Training was stopped by undefined gradients.
        """
        budget = Budget(self.max_time)
        self._check_parameters()
        resolve("target_type", self.target_type, TARGET_TYPES)
        resolve("conditioning", self.conditioning, dict.fromkeys(CONDITIONINGS))
        return self._learn(self._plan(X, y), budget, X, y)

    def _fit_targets(self, y, n_rows):
        y, options = self._required(y), {"target_type": self.target_type, "min_frequency": self.min_frequency}
        return Targets.fit(y, n_rows, **options)

    def _attributes_of_model(self, model):
        attributes, classes = super()._attributes_of_model(model), model.targets.classes
        return attributes if classes is None else {**attributes, "classes_": classes}

    def sample(self, n_samples=1, *, y=None, random_state=None):
        """Draw new rows, and the targets that they were drawn for.

        Parameters
        ----------
        n_samples : int, default=1
            How many; with one target a row in `y`, 1 or their number.
        y : scalar, dict, array-like, series or frame, default=None
            A scalar (for several targets a dict) is the one condition of all `n_samples` rows; shape (n,),
            (n, n_targets) or a frame is one condition per row; None draws targets as in training. A continuous target
            beyond those in training is replaced by the nearest of them.
        random_state : int, RandomState instance, Generator instance or None, default=None
            As in `GANSampler.sample`.

        Returns
        -------
        X : array or frame of shape (n, n_columns)
            Of the fitted X's kind.
        y : array, series or frame of shape (n,) or (n, n_targets)
            Of the fitted y's kind.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError, TypeError
            An unknown label (the known ones are listed), or `n_samples` that does not fit `y`.

        Warns
        -----
        UnseenConditionWarning
            A continuous target is far beyond those in training.
        """
        n = self._check_sample(n_samples)
        form, targets = self._model.form, self._model.targets
        if y is None:
            seed = self._sample_seed(random_state)
            drawn = targets.draw(n, seed, self._model.block)
        else:
            drawn, n = targets.requested(y, n)
            # A call that fails leaves the stream where it was, so the seed is drawn last.
            seed = self._sample_seed(random_state)
        X = form.rebuild(self._columns(n, targets.encode(drawn), seed))
        return X, targets.rebuild([(column.values[:n], column.missing[:n]) for column in drawn.columns])

    def interpolate(self, start, stop, n_samples=10, *, y):
        """Rows along the way from one point of the latent space to another, under one condition or one a row.

        Parameters
        ----------
        start, stop : int or array-like of shape (latent_width,)
            As in `GANSampler.interpolate`.
        n_samples : int, default=10
            How many rows, both ends included.
        y : scalar, dict, array-like, series or frame
            As in `sample`: the condition of all rows, or of each.

        Returns
        -------
        array or frame of shape (n_samples, n_columns)
            Of X's own kind. The same ends and conditions give the same rows.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError, TypeError
            If `start`, `stop`, `n_samples` or `y` is none of these.
        """
        n = self._check_sample(n_samples)
        targets = self._model.targets
        requested, _ = targets.requested(y, n)
        return self._between(start, stop, targets.encode(requested))

    def invert(self, X, y):
        """The point of the latent space that rebuilds each row of X best, given y.

        Parameters
        ----------
        X : array-like or frame of shape (n_rows, n_columns), or stack of images
        y : array-like, series or frame of shape (n_rows,) or (n_rows, n_targets)

        Returns
        -------
        ndarray of float32, shape (n_rows, latent_width)
            As in `GANSampler.invert`.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError, TypeError
            If X or y is not as in `fit`.
        """
        check_is_fitted(self)
        data, given = self._read_again(X), self._model.targets.read(self._required(y))
        check_lengths(data.n_rows, given.n_rows)
        return self._model.invert(data, self._model.targets.encode(given))

    @available_if(_guesses)
    def predict_proba(self, X):
        """How likely each class is, by the discriminator's guess; with ``conditioning="auxiliary"`` and classes.

        Parameters
        ----------
        X : array-like or frame of shape (n_rows, n_columns), or stack of images

        Returns
        -------
        ndarray of float32, shape (n_rows, n_classes)
            Columns in the order of `classes_`.

        Raises
        ------
        NotFittedError
            Before `fit`.
        AttributeError
            Without such a discriminator, or where y is no single target of classes.
        """
        check_is_fitted(self)
        data = self._read_again(X)
        place = {label: number for number, label in enumerate(self._model.targets.labels)}
        guesses = self._model.guess(data, Conditions.none(data.n_rows))
        return guesses[:, [place[label] for label in self.classes_.tolist()]]

    def score(self, X, y):
        """How well rows that are generated for y hide among those of X, judged together with y.

        Parameters
        ----------
        X : array-like or frame of shape (n_rows, n_columns)
        y : array-like, series or frame of shape (n_rows,) or (n_rows, n_targets)

        Returns
        -------
        float
            As in `GANSampler.score`.

        Raises
        ------
        ValueError
            If `y` is None.

        Warns
        -----
        UnseenConditionWarning
            Classes in `y` were not in training. No rows can be generated for them, so that a classifier tells their
            rows apart with certainty, and the score is lowered accordingly.
        """
        check_is_fitted(self)
        model, table = self._model, self._read_again(X)
        given = model.targets.read(self._required(y))
        check_lengths(table.n_rows, given.n_rows)
        seed = draw_seed(numpy_stream(model.seed, "score"))
        chosen = np.sort(numpy_stream(seed, "rows").permutation(table.n_rows)[:MAX_ROWS_TO_SCORE])
        is_known = model.targets.encoder.is_known(given.take(chosen))
        _warn_of_unknown(is_known)
        known = chosen[is_known]
        if not len(known):
            return 0.0
        table, given = table.take(known), given.take(known)
        columns = self._columns(len(known), model.targets.encode(given), seed)
        generated = model.form.read_like(model.form.rebuild(columns))
        real, synthetic = (model.encoder.judged(rows).beside(given) for rows in (table, generated))
        score = detection_score(real, synthetic, paired=True, random_state=seed % 2**32)
        # The score is linear in the AUC, in which a row that is told apart with certainty counts 1.
        return score * len(known) / len(chosen)

    def _required(self, y):
        if y is None:
            raise ValueError(f"{type(self).__name__} requires y to be passed, but the target y is None")
        check_is_no_name(y)
        return y

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.target_tags.multi_output = True
        return tags


def _warn_of_unknown(is_known):
    n_unknown = int((~is_known).sum())
    if n_unknown:
        warn(
            f"{n_unknown} of {len(is_known)} rows have a class as y that was not in training, and count as told apart "
            "from generated rows. Folds of a search need all classes: shuffle and stratify them, for example by "
            "cv=StratifiedKFold(3, shuffle=True), or pass target_type='continuous' where y is a number.",
            UnseenConditionWarning,
        )
