"""ConditionalGANSampler: rows like those of X, given y."""

from __future__ import annotations

import numpy as np
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from skgan._random import draw_seed, numpy_stream
from skgan._registry import resolve
from skgan._validation import check_is_no_name
from skgan._warnings import warn
from skgan.callbacks import with_callbacks
from skgan.encoders import MAX_ONE_HOT, TARGET_TYPES, Conditions
from skgan.exceptions import UnseenConditionWarning
from skgan.metrics import detection_score
from skgan.networks import CONDITIONINGS

from ._base import BaseGAN
from ._bulk import CHUNK_SIZE, Bulk, check_chunk_size
from ._gan import MAX_ROWS_TO_SCORE
from ._requests import DrawnTargets, GivenTargets
from ._targets import Targets, check_lengths


def _guesses(sampler):
    """Whether the discriminator guesses one target of classes."""
    if sampler.conditioning != "auxiliary":
        raise AttributeError(
            f"conditioning={sampler.conditioning!r} has no discriminator that guesses y; use conditioning='auxiliary'."
        )
    if hasattr(sampler, "n_iter_") and not hasattr(sampler, "classes_"):
        raise AttributeError("predict_proba is for a single target of classes, and y is another; fit with one.")
    if hasattr(sampler, "classes_") and len(sampler.classes_) > MAX_ONE_HOT:
        raise AttributeError(
            f"predict_proba is for at most {MAX_ONE_HOT} classes, and y has {len(sampler.classes_)}; merge classes."
        )
    return True


class ConditionalGANSampler(BaseGAN):
    """Learn the distribution of rows or images given targets, and draw new ones for targets of one's choice.

    Generator and discriminator are conditioned on the target, and real and generated rows are compared under the same
    target [1]_. Everything else is as in `GANSampler`.

    Parameters
    ----------
    target_type : {"auto", "classes", "continuous"}, default="auto"
        What y is. "auto": booleans, text, categories and whole numbers of at most 50 distinct values are classes; any
        other target is continuous.
    categorical_features : "from_dtype" or array-like, default="from_dtype"
        Columns that hold categories: a boolean mask, positions or names of columns. Text, bool and category columns
        always hold categories; numbers are categories only if named here. With `infer_types`, so is text that holds
        numbers, dates or times.
    infer_types : bool, default=False
        Whether columns of text that hold numbers, dates or times (``$1,234.50``, ``03/25/2024``, ``12.5%``) are
        modelled as such, and written in the style of their column. At least 95 % of the texts must be written alike,
        words for a missing value ("n/a", "-", "unknown") aside; the others count as missing. Such words, and the most
        frequent other text, are written again where at least 5 rows hold them. Columns of at most 10 distinct texts,
        and category dtypes, stay categories. With False, a warning names the columns of frames that look like numbers,
        dates or times.
    id_columns : "auto", None or array-like, default="auto"
        Columns that hold identifiers: a boolean mask, positions or names of columns. They are not learned, and
        generated rows get new identifiers: distinct within a call of `sample`, none of them in X, and independent of
        all other columns. "auto" is the columns that certainly hold identifiers, such as row numbers, UUIDs, e-mail
        addresses or names of persons; fewer than 50 rows show some kinds alone. None learns all columns.
    free_text : {"replace", "drop", "keep"}, default="replace"
        What becomes of columns of free text: notes, reviews, addresses. "replace" shows "[text]" in the place of each
        text; "drop" leaves the columns out of generated rows; "keep" shows texts of X.
    image_shape : tuple of int or None, default=None
        (height, width) or (height, width, n_channels) where rows of X are flattened images. Arrays of three dimensions
        (n, height, width) or four are images without it.
    channel_axis : {None, 1, 3, -1}, default=None
        The axis of the channels in images of four dimensions; there are at most 16. None is an axis of 1, 3 or 4; where
        both axis 1 and the last may hold channels, the last does, with a warning.
    loss : {"relativistic", "minimax", "non_saturating", "wasserstein", "least_squares", "hinge"} or object, \
            default="relativistic"
        The adversarial loss: a word, or an object with the methods of those in `skgan.losses`.
    regularizer : {"auto", "r1", "r2", "r1_r2", "gradient_penalty", "weight_clipping"}, object or None, default="auto"
        What keeps the discriminator smooth: a word, or an object with the methods of those in `skgan.regularizers`.
        "auto" is what the loss names: "r1_r2" for the relativistic loss, "gradient_penalty" for "wasserstein" and "r1"
        for the others.
    regularizer_weight : float or "auto", default="auto"
        Weight of the regularizer's penalty. "auto" is 0.1 for R1 and R2 on rows of tables, and more the wider and the
        fewer they are, so that they are not memorised; 1 on images, and more where these are far from their mean; and 1
        for "gradient_penalty". "weight_clipping" has no penalty.
    generator, discriminator : {"auto", "mlp", "dcgan", "resnet", "progressive"} or callable, default="auto"
        The networks. "mlp" is a residual multilayer perceptron for the columns of a table, or for pixels. For images
        only: "dcgan" has strided convolutions; "resnet" has residual ones and is many times as slow; "progressive" is a
        "resnet" that learns small images first, and those of full size from half of the run on. "auto" is "mlp" for
        tables and "dcgan" for images. A callable is a factory
        ``factory(spec, latent_dim, condition_dim) -> torch.nn.Module``. A generator module maps a latent of shape
        (n, latent_dim) and a condition of shape (n, condition_dim) to raw values of shape (n, spec.width). A
        discriminator module maps rows of shape (n, spec.width) and a condition to scores of shape (n,).
    conditioning : {"auto", "projection", "auxiliary"}, default="auto"
        How the discriminator is conditioned on y. "projection" scores how well the features of a row fit y [2]_;
        "auxiliary" makes the discriminator guess y [3]_, which adds `predict_proba`. "auto" is "projection" for
        convolutions; in an "mlp" y is then one more part of the row.
    augmentation : "auto", None or tuple of {"translation", "color", "cutout", "flip"}, default="auto"
        How images, real and generated ones alike, are changed before the discriminator sees them, so that few images
        are not memorised. "auto" is ("translation", "color", "cutout") for fewer than 20,000 images, else None. Parts
        of the tuple may also be callables ``(images, draws) -> images`` with an attribute `n_draws`.
    latent_dim : int or "auto", default="auto"
        Width of the generator's random input. "auto" is the width of an encoded row, between 4 and 128, and 64 for
        images.
    hidden_layer_sizes : tuple of int or "auto", default="auto"
        For "mlp", the width of each residual block; "auto" is two blocks of 64, 128 or 256, growing with the number of
        rows. For the other networks, the channels after each halving of the images, the finest first: images are
        halved while both sides keep at least 4 pixels. "auto" is 32, 64, ... up to 256; with "dcgan" on a GPU 128, 256
        and 512.
    n_critic : int or "auto", default="auto"
        Updates of the discriminator per update of the generator, each on a batch of its own. "auto" is what the
        loss names: 2 for "wasserstein" and 1 for the others.
    max_iter : int or "auto", default="auto"
        Updates of the generator. "auto" is ``300 + 4 * n_rows**0.75``, at most 6,000 and at most 4 per row; for images
        ``1000 + 60 * n_rows**0.5``, at most 16,000, and with "dcgan" on a GPU ``1500 + 135 * n_rows**0.5``, at most
        30,000, or as many as `max_time` allows.
    max_time : float or None, default=None
        Seconds of wall-clock time that the whole of `fit` may take. A run that it ends early cannot be reproduced.
    batch_size : int or "auto", default="auto"
        Rows per step. "auto" is 256, or the number of rows if that is less; 64 for images, and 128 with "dcgan" on a
        GPU.
    learning_rate : float or "auto", default="auto"
        Of the discriminator's Adam. The generator's rate is the same, or 0.7 of it from 4,000 rows on. "auto" is 0.002;
        0.0005 for images with "dcgan" on a GPU, and with "resnet" and "progressive" anywhere. For tables, both rates
        stay for 30 % of the run and then fall along half a cosine to 5 %. For images, they stay for 50 % and fall to
        2 %.
    early_stopping : bool or "auto", default="auto"
        Whether some rows are held out to score the run, and the run ends once their score no longer improves
        (`EarlyStopping`). "auto" is False, since the number of steps that "auto" gives leaves little to save. Use it
        with a large `max_iter`, or to notice a run that gets worse.
    validation_fraction : float, default=0.1
        The share of the rows held out by `early_stopping`, at most 2,000 rows or 1,000 images; fewer than 50 are an
        error. Of them the networks see nothing, but the ranges and categories of columns, and `refine` at the end, do.
    n_iter_no_change : int, default=5
        For `early_stopping`: how many scores in a row without improvement end the run. There are 25 in a full run.
    tol : float, default=0.01
        For `early_stopping`: a mean score is an improvement if it is above the best one by more than `tol` times its
        size.
    refine : bool, default=True
        Whether generated rows that a boosted density ratio takes for unreal ones are rejected and drawn again. Needs 20
        training rows.
    warm_start : bool, default=False
        Whether a further `fit` goes on from the fitted model, and not from random weights: its networks learn from the
        new rows for `max_iter` more steps. The new rows have the same columns; `partial_fit` says more.
    n_frozen_layers : int, default=0
        How many layers of the discriminator, from its input on, are not trained in a fit that goes on. To freeze some
        of them can help if there are few new rows [4]_.
    min_frequency : int, default=5
        A number or date that fewer rows hold is neither returned as such nor stored: a value between its neighbours is
        drawn instead. Categories that are this rare are warned about.
    rare_categories : {"keep", "merge"}, default="keep"
        Whether categories that fewer than `min_frequency` rows hold are shown in generated rows, or replaced in
        training by the common category whose rows are most similar. "merge" refuses a column without any common
        category.
    device : str, default="auto"
        Where the networks live: "auto" (a CUDA GPU if there is one), "cpu", "cuda", ...
    n_jobs : int or None, default=None
        Threads of training and sampling on the CPU; more than two are of no use. -1 is one per core. None is one per
        core too, but a single one inside of a search with several workers. Rows do not depend on it.
    verbose : int, default=0
        1 and 2 show progress: the phase (reading, training, refining), the share that is done (of the time under
        `max_time`), the time left, and the losses, read every 10 seconds or every second. It is a bar where tqdm is
        installed, and lines on stderr where there is neither a terminal nor a notebook.
    random_state : int, RandomState instance, Generator instance or None, default=None
        Seed of the fit and of the stream that `sample` continues. None is fresh entropy from the operating system.
        The global generators of NumPy and torch are neither read nor changed.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The sorted classes; only with a single target of classes.
    n_iter_ : int
        Generator updates of the last fit.
    t_ : int
        Generator updates of all fits that went on from each other.
    n_features_in_ : int
        Columns of X, without those that ``free_text="drop"`` leaves out; of a stack of images, its second dimension.
    id_columns_ : list
        Names, in an array positions, of the columns that get new identifiers.
    text_columns_ : list
        Of the columns of free text whose texts are replaced, or that are left out.
    image_shape_ : tuple of int
        (height, width) or (height, width, n_channels), where X holds images.
    feature_names_in_ : ndarray of str, shape (`n_features_in_`,)
        Names of the columns, where X had names that are all text.
    generator_ : torch.nn.Module
        The averaged generator: (latent, condition) to encoded rows. For tables it is a mixture of the averages at 70,
        80, 90 and 100 % of the run, which make rows in turn.
    discriminator_ : torch.nn.Module
        (encoded rows, condition) to scores.
    history_ : pandas.DataFrame
        Columns step, seconds, discriminator_loss and generator_loss; at most 2,000 rows. A fit that goes on
        adds its own.
    best_iter_ : int
        The step whose networks the sampler has: `n_iter_`, but with early stopping an earlier one if the score became
        worse.
    validation_scores_ : pandas.DataFrame or None
        With early stopping, the columns step and score; higher is better. For tables, the score of trees that tell rows
        held out from generated ones, in [0, 1]; for images, minus a relative Fréchet distance. None without.
    device_ : torch.device
        Where the networks live.
    regularizer_, regularizer_weight_, augmentation_, latent_dim_, hidden_layer_sizes_ : object
        What "auto" became, or the parameter that was given.
    n_critic_, max_iter_, batch_size_, learning_rate_ : int or float
        What "auto" became, or the parameter that was given.

    See Also
    --------
    GANSampler : Rows without y.

    Notes
    -----
    There is no ``score_samples``: the density ratio that is learned is that of rows together with their targets, which
    X alone does not hold. To score single rows, fit a `GANSampler` on a table that has y as one more column.

    References
    ----------
    .. [1] Mirza and Osindero, "Conditional generative adversarial nets", 2014, arXiv:1411.1784, eq. 2.
    .. [2] Miyato and Koyama, "cGANs with projection discriminator", ICLR 2018, eq. 3.
    .. [3] Odena, Olah and Shlens, "Conditional image synthesis with auxiliary classifier GANs", ICML 2017, eq. 2 and 3.
    .. [4] Mo, Cho and Shin, "Freeze the discriminator: a simple baseline for fine-tuning GANs", 2020, arXiv:2002.10964.

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
        infer_types=False,
        id_columns="auto",
        free_text="replace",
        image_shape=None,
        channel_axis=None,
        loss="relativistic",
        regularizer="auto",
        regularizer_weight="auto",
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
        early_stopping="auto",
        validation_fraction=0.1,
        n_iter_no_change=5,
        tol=0.01,
        refine=True,
        warm_start=False,
        n_frozen_layers=0,
        min_frequency=5,
        rare_categories="keep",
        device="auto",
        n_jobs=None,
        verbose=0,
        random_state=None,
    ):
        self.target_type = target_type
        self.categorical_features = categorical_features
        self.infer_types = infer_types
        self.id_columns = id_columns
        self.free_text = free_text
        self.image_shape = image_shape
        self.channel_axis = channel_axis
        self.loss = loss
        self.regularizer = regularizer
        self.regularizer_weight = regularizer_weight
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
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.refine = refine
        self.warm_start = warm_start
        self.n_frozen_layers = n_frozen_layers
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
            The targets, without missing values.

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
        TextColumnWarning
            Columns of text hold numbers, dates or times; with `infer_types`, dates that may start with the day or the
            month.
        FewRowsWarning
            There are fewer than 5 rows.
        LostDigitsWarning
            Whole numbers have more digits than are computed with.
        RareCategoryWarning
            Columns have categories, or targets classes, that fewer than `min_frequency` rows hold. Classes are kept
            whatever `rare_categories` says, since each may be asked for.
        IdentifierWarning
            Columns hold identifiers, or may hold some, and `id_columns` is "auto".
        FreeTextWarning
            Columns hold free text.
        ConvergenceWarning
            `max_time` ended the run far from its end, or Ctrl-C did.
        DivergenceWarning
            Undefined gradients ended the run.
        CollapseWarning
            The generator makes the same few rows again and again.
        """
        return self._fit(X, y, self._plan_of_fit)

    @with_callbacks
    def partial_fit(self, X, y):
        """Go on learning from more rows, in one pass over them, and generate rows like them; the first is a `fit`.

        The networks go on from those of the fits before. Here "auto" is one pass as `max_iter`, a step per batch of X,
        and a quarter of the usual rate as `learning_rate`, so that little of what was learned is lost; no rows are held
        out. A `fit` with ``warm_start=True`` learns more of X. Either way the sampler then generates rows like those of
        X: ranges and frequencies are those of X, and how the columns depend on each other is learned from all calls. To
        keep what former rows had, pass them again.

        Parameters
        ----------
        X : array-like or frame of shape (n_rows, n_columns)
            Rows with the columns of the first fit, in the same order; or images of the same shape. Columns keep their
            types. New categories, values outside the former range, and missing values in a column that had none are
            learned.
        y : array-like, series or frame of shape (n_rows,) or (n_rows, n_targets)
            Targets of the type of the first fit. New classes are learned, and known ones stay.

        Returns
        -------
        ConditionalGANSampler
            Itself. After an error it is as it was before.

        Raises
        ------
        ValueError, TypeError
            If columns are missing, new or of another type, or if `generator`, `discriminator`, `latent_dim` or
            `hidden_layer_sizes` ask for other networks than those that were fitted.

        Warns
        -----
        NewValuesWarning
            There are new categories, values far outside of the former range, or missing values in a column that had
            none; the warning names the columns and values.

        See Also
        --------
        fit : With ``warm_start=True`` it goes on too, for as many steps and at the rate of any fit.

        Examples
        --------
        >>> from sklearn.datasets import load_iris
        >>> from skgan import ConditionalGANSampler
        >>> X, y = load_iris(return_X_y=True)
        >>> sampler = ConditionalGANSampler(max_iter=20, random_state=0)
        >>> sampler = sampler.partial_fit(X[:100], y[:100]).partial_fit(X[50:], y[50:])
        >>> sampler.n_iter_, sampler.t_
        (20, 40)
        """
        return self._fit(X, y, self._plan_of_partial_fit)

    def _check_parameters(self):
        super()._check_parameters()
        resolve("target_type", self.target_type, TARGET_TYPES)
        resolve("conditioning", self.conditioning, dict.fromkeys(CONDITIONINGS))

    def _fit_targets(self, y, data):
        y, options = self._required(y), {"target_type": self.target_type, "min_frequency": self.min_frequency}
        return Targets.fit(y, data, **options)

    def _attributes_of_model(self, model):
        attributes, classes = super()._attributes_of_model(model), model.targets.classes
        return attributes if classes is None else {**attributes, "classes_": classes}

    def sample(self, n_samples=1, *, y=None, random_state=None):
        """Draw new rows, and the targets that they were drawn for.

        Parameters
        ----------
        n_samples : int, default=1
            How many; with one target per row in `y`, 1 or their number.
        y : scalar, dict, array-like, series or frame, default=None
            A scalar (for several targets a dict) is the one condition of all `n_samples` rows; shape (n,),
            (n, n_targets) or a frame is one condition per row; None draws targets as in training. A tuple is one
            condition where the classes are tuples. A continuous target beyond those in training is replaced by the
            nearest of them.
        random_state : int, RandomState instance, Generator instance or None, default=None
            As in `GANSampler.sample`.

        Returns
        -------
        X : array or frame of shape (n, n_columns)
            Of the fitted X's kind.
        y : array, series or frame of shape (n,) or (n, n_targets)
            Of the fitted y's kind; a pandas one has the index of X.

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

        See Also
        --------
        sample_iter : The same rows a chunk at a time, so that they need not fit into memory together.
        sample_to : Write them to a file.
        """
        request, n, seed = self._request(n_samples, y, random_state)
        [(X, y_new, _)] = self._chunks(request, n, n, seed)
        return X, y_new

    def sample_iter(self, n_samples=1, *, y=None, chunk_size=CHUNK_SIZE, random_state=None):
        """Draw new rows and their targets a chunk at a time, so that they need not fit into memory together.

        Parameters
        ----------
        n_samples : int, default=1
            How many in all; with one target per row in `y`, 1 or their number.
        y : scalar, dict, array-like, series or frame, default=None
            As in `sample`.
        chunk_size : int, default=65536
            How many at a time; the last chunk may have fewer. Of large images, choose fewer.
        random_state : int, RandomState instance, Generator instance or None, default=None
            As in `sample`. It is used at once, and not when the first chunk is taken.

        Returns
        -------
        generator of (X, y)
            Of X's and y's own kinds. One after another they are what ``sample(n_samples, y=y)`` returns with the same
            seed, to the last bit, for every `chunk_size`; a RangeIndex goes on from chunk to chunk.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError, TypeError
            As `sample`, or if `chunk_size` is no whole number of at least 1.

        Warns
        -----
        UnseenConditionWarning
            A continuous target is far beyond those in training.

        See Also
        --------
        sample_to : Write the rows to a file.

        Examples
        --------
        >>> from skgan import ConditionalGANSampler
        >>> from sklearn.datasets import load_iris
        >>> X, y = load_iris(return_X_y=True)
        >>> sampler = ConditionalGANSampler(max_iter=20, random_state=0).fit(X, y)
        >>> [y_new.tolist() for X_new, y_new in sampler.sample_iter(5, y=1, chunk_size=2)]
        [[1, 1], [1, 1], [1]]
        """
        chunk_size = check_chunk_size(chunk_size)
        request, n, seed = self._request(n_samples, y, random_state)
        chunks = self._chunks(request, n, chunk_size, seed)
        return ((X, y_new) for X, y_new, _ in chunks)

    def sample_to(self, path, n_samples=1, *, y=None, chunk_size=CHUNK_SIZE, random_state=None):
        """Draw new rows, and write them with their targets to a file; a call that was killed goes on where it was.

        Parameters
        ----------
        path : str or path-like
            As in `GANSampler.sample_to`.
        n_samples : int, default=1
            How many in all; with one target per row in `y`, 1 or their number.
        y : scalar, dict, array-like, series or frame, default=None
            As in `sample`.
        chunk_size : int, default=65536
            How many rows are in memory at a time, and in a row group of a Parquet file.
        random_state : int, RandomState instance, Generator instance or None, default=None
            As in `sample`; the file has the same rows for every `chunk_size`. With None, a call that fails leaves the
            sampler's stream where it was.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError, TypeError
            As `sample`; or if `chunk_size` is no whole number of at least 1, `path` ends in something else, the sampler
            was fitted on images, or X and y have columns of the same name.
        ImportError
            If the file needs pyarrow and this is not installed.
        OSError
            If the file cannot be written, or another call is writing to it.

        Warns
        -----
        UnseenConditionWarning
            A continuous target is far beyond those in training.

        See Also
        --------
        sample_iter : The same rows chunk by chunk.

        Notes
        -----
        As of `GANSampler.sample_to`. The targets are the last columns. A y without a name is called ``y``, and the
        columns of an array ``y0``, ``y1``, and so on.

        Examples
        --------
        >>> sampler.sample_to("synthetic.csv.gz", 1_000_000, y="churned", random_state=0)  # doctest: +SKIP
        """
        with self._seed_kept_on_failure():
            self._bulk(n_samples, y=y, chunk_size=chunk_size, random_state=random_state).write(path)

    def _bulk(self, n_samples, *, y=None, chunk_size=CHUNK_SIZE, random_state=None):
        """The rows of `sample_to` before they are written."""
        chunk_size = check_chunk_size(chunk_size)
        request, n, seed = self._request(n_samples, y, random_state)
        return Bulk(self, request, n, chunk_size, seed)

    def _request(self, n_samples, y, random_state):
        """The targets of rows to generate, how many these are, and their seed."""
        n, targets = self._check_sample(n_samples), self._model.targets
        if y is None:
            seed = self._sample_seed(random_state)
            return DrawnTargets(targets, seed), n, seed
        asked, n = targets.asked(y, n)
        request = GivenTargets(targets, asked)
        # A call that fails leaves the stream where it was, so the seed is drawn last.
        return request, n, self._sample_seed(random_state)

    def interpolate(self, start, stop, n_samples=10, *, y):
        """Rows between two points of the latent space, under one condition or one condition per row.

        Parameters
        ----------
        start, stop : int or array-like of shape (noise_dim,)
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
        ndarray of float32, shape (n_rows, noise_dim)
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
        guesses = self._model.guess(data, Conditions.none(data.n_rows))
        return guesses[:, self._model.targets.order]

    def score(self, X, y):
        """How hard it is to tell rows that are generated for y from those of X, compared together with y.

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
