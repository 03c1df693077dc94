"""GANSampler: rows, or images, like those of X."""

from __future__ import annotations

from sklearn.base import DensityMixin
from sklearn.utils.validation import check_is_fitted

from skgan._random import draw_seed, numpy_stream
from skgan.callbacks import with_callbacks
from skgan.encoders import Conditions
from skgan.metrics import detection_score

from ._base import BaseGAN
from ._bulk import CHUNK_SIZE, Bulk, check_chunk_size
from ._requests import NoTargets

MAX_ROWS_TO_SCORE = 10_000


class GANSampler(DensityMixin, BaseGAN):
    """Learn the distribution of a table or of images, and draw new rows or images from it.

    A generator and a discriminator play an adversarial game [1]_, by default a relativistic one [2]_ with zero-centred
    gradient penalties [3]_. The rows of the averaged generator are calibrated column by column, and rows that a boosted
    density ratio takes for unreal ones are drawn again [4]_. Images are made by strided convolutions; their density
    ratio is that of principal components of the activations of a fixed random network.

    Parameters
    ----------
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
        of them can help if there are few new rows [5]_.
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
    ConditionalGANSampler : Rows given y.

    References
    ----------
    .. [1] Goodfellow et al., "Generative adversarial nets", NeurIPS 2014.
    .. [2] Jolicoeur-Martineau, "The relativistic discriminator", ICLR 2019.
    .. [3] Mescheder, Geiger and Nowozin, "Which training methods for GANs do actually converge?", ICML 2018.
    .. [4] Azadi et al., "Discriminator rejection sampling", ICLR 2019.
    .. [5] Mo, Cho and Shin, "Freeze the discriminator: a simple baseline for fine-tuning GANs", 2020, arXiv:2002.10964.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgan import GANSampler
    >>> X = load_iris(as_frame=True).data
    >>> sampler = GANSampler(max_iter=20, random_state=0).fit(X)
    >>> sampler.sample(3).shape
    (3, 4)
    """

    def __init__(
        self,
        *,
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
    def fit(self, X, y=None):
        """Learn the distribution of the rows of X.

        Parameters
        ----------
        X : array-like or frame of shape (n_rows, n_columns)
            NumPy arrays, lists of rows, pandas or polars frames; numbers, dates, durations, booleans, text and
            categories; missing values anywhere. Or images: an array of shape (n, height, width), (n, height, width,
            n_channels) or (n, n_channels, height, width), a memory map or an `ImageFolder`, or with `image_shape` rows
            of pixels. The index of a pandas frame is learned if it has a name or holds times, and else ignored.
        y : ignored

        Returns
        -------
        GANSampler
            Itself.

        Raises
        ------
        ValueError, TypeError
            A parameter or a column that cannot be used, named.

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
            Columns have categories that fewer than `min_frequency` rows hold.
        IdentifierWarning
            Columns hold identifiers, or may hold some, and `id_columns` is "auto".
        FreeTextWarning
            Columns hold free text.
        """
        return self._fit(X, y, self._plan_of_fit)

    @with_callbacks
    def partial_fit(self, X, y=None):
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
        y : ignored

        Returns
        -------
        GANSampler
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
        >>> from skgan import GANSampler
        >>> X = load_iris(as_frame=True).data
        >>> sampler = GANSampler(max_iter=20, random_state=0)
        >>> sampler = sampler.partial_fit(X[:100]).partial_fit(X[50:])
        >>> sampler.n_iter_, sampler.t_
        (20, 40)
        """
        return self._fit(X, y, self._plan_of_partial_fit)

    def sample(self, n_samples=1, *, random_state=None):
        """Draw new rows.

        Parameters
        ----------
        n_samples : int, default=1
            How many.
        random_state : int, RandomState instance, Generator instance or None, default=None
            An int gives the same rows each time, the first of them whatever `n_samples`. None continues the
            stream that follows from the fit's seed.

        Returns
        -------
        array or frame of shape (n_samples, n_columns)
            Of X's own kind: columns, order, dtypes and categories. A pandas frame has an index like that of X if this
            was learned, and else a RangeIndex.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError, TypeError
            If `n_samples` is no whole number of at least 1.

        See Also
        --------
        sample_iter : The same rows a chunk at a time, so that they need not fit into memory together.
        sample_to : Write them to a file.
        """
        n = self._check_sample(n_samples)
        [(X, _, _)] = self._chunks(NoTargets(), n, n, self._sample_seed(random_state))
        return X

    def sample_iter(self, n_samples, *, chunk_size=CHUNK_SIZE, random_state=None):
        """Draw new rows a chunk at a time, so that they need not fit into memory together.

        Parameters
        ----------
        n_samples : int
            How many in all.
        chunk_size : int, default=65536
            How many at a time; the last chunk may have fewer. Of large images, choose fewer.
        random_state : int, RandomState instance, Generator instance or None, default=None
            As in `sample`. It is used at once, and not when the first chunk is taken.

        Returns
        -------
        generator of arrays or frames of shape (n_rows_of_the_chunk, n_columns)
            Of X's own kind. One after another they are the rows of ``sample(n_samples)`` with the same seed, to the
            last bit, for every `chunk_size`; a RangeIndex goes on from chunk to chunk.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError, TypeError
            If `n_samples` or `chunk_size` is no whole number of at least 1.

        See Also
        --------
        sample_to : Write the rows to a file.

        Examples
        --------
        >>> import numpy as np
        >>> from skgan import GANSampler
        >>> X = np.random.default_rng(0).normal(size=(200, 2))
        >>> sampler = GANSampler(max_iter=20, random_state=0).fit(X)
        >>> [chunk.shape for chunk in sampler.sample_iter(1000, chunk_size=400, random_state=0)]
        [(400, 2), (400, 2), (200, 2)]
        """
        n, chunk_size = self._check_sample(n_samples), check_chunk_size(chunk_size)
        chunks = self._chunks(NoTargets(), n, chunk_size, self._sample_seed(random_state))
        return (X for X, _, _ in chunks)

    def sample_to(self, path, n_samples, *, chunk_size=CHUNK_SIZE, random_state=None):
        """Draw new rows, and write them to a file a chunk at a time; a call that was killed goes on where it was.

        Parameters
        ----------
        path : str or path-like
            A .parquet file (needs pyarrow) or a .csv or .tsv file, also compressed (.csv.gz). An existing file is
            replaced once the new one is complete. Until then the rows are in parts, in a folder beside it whose name is
            that of the file with a dot before and ``.parts`` after it. There must be room for the rows twice.
        n_samples : int
            How many.
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
            If `n_samples` or `chunk_size` is no whole number of at least 1, `path` ends in something else, or the
            sampler was fitted on images.
        ImportError
            If the file needs pyarrow and this is not installed.
        OSError
            If the file cannot be written, or another call is writing to it.

        See Also
        --------
        sample_iter : The same rows chunk by chunk.

        Notes
        -----
        The same call of the same sampler, also of one that was saved and loaded, goes on after the last complete chunk.
        It needs an int as `random_state`, or None. Any other call to the same path starts anew, with a warning.

        Columns of an array are called ``x0``, ``x1``, and so on. Text files are as pandas writes them, without an index
        that only numbers the rows; but all times of a column have the same precision, whatever the chunk: that of the
        training data, so that dates have no time of day. Progress is shown with `verbose`.

        New identifiers are distinct over all chunks, for which 8 bytes per row and column are kept in memory: 800 MB
        for a column of 100 million. Those that count up, and UUIDs, need no memory.

        Examples
        --------
        >>> sampler.sample_to("synthetic.parquet", 100_000_000, random_state=0)  # doctest: +SKIP
        """
        with self._seed_kept_on_failure():
            self._bulk(n_samples, chunk_size=chunk_size, random_state=random_state).write(path)

    def _bulk(self, n_samples, *, chunk_size=CHUNK_SIZE, random_state=None):
        """The rows of `sample_to` before they are written."""
        n, chunk_size = self._check_sample(n_samples), check_chunk_size(chunk_size)
        return Bulk(self, NoTargets(), n, chunk_size, self._sample_seed(random_state))

    def interpolate(self, start, stop, n_samples=10):
        """Rows between two points of the latent space.

        A generator that has learned the distribution, and has not memorised rows, changes its output gradually on the
        way [1]_. Latents lie on a great circle from `start` to `stop`; no row is rejected.

        Parameters
        ----------
        start, stop : int or array-like of shape (noise_dim,)
            Where to start and to end: seeds, whole numbers of at least 0, or latents; ``generator_.noise_dim`` is
            their width.
        n_samples : int, default=10
            How many rows, both ends included.

        Returns
        -------
        array or frame of shape (n_samples, n_columns)
            Of X's own kind. The same ends give the same rows.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError, TypeError
            If `start`, `stop` or `n_samples` is none of these.

        References
        ----------
        .. [1] White, "Sampling generative networks", 2016.
        """
        return self._between(start, stop, Conditions.none(self._check_sample(n_samples)))

    def invert(self, X):
        """The point of the latent space that rebuilds each row of X best.

        Parameters
        ----------
        X : array-like or frame of shape (n_rows, n_columns), or stack of images

        Returns
        -------
        ndarray of float32, shape (n_rows, noise_dim)
            Latents for `interpolate`, the same for the same X. The nearest of 64 random latents, by the squared
            distance of encoded rows or pixels, is improved by 200 steps of gradient descent. How near they come tells
            how well the generator can reproduce a row.

        Raises
        ------
        NotFittedError
            Before `fit`.
        ValueError, TypeError
            If X is not laid out as in `fit`.

        References
        ----------
        .. [1] Creswell and Bharath, "Inverting the generator of a generative adversarial network", IEEE TNNLS 2019.
        """
        check_is_fitted(self)
        data = self._read_again(X)
        return self._model.invert(data, Conditions.none(data.n_rows))

    def score(self, X, y=None):
        """How hard it is to tell generated rows from those of X.

        Parameters
        ----------
        X : array-like or frame of shape (n_rows, n_columns)
            Best, rows that were not trained on.
        y : ignored

        Returns
        -------
        float
            In [0, 1]: ``1 - 2 max(AUC - 0.5, 0)`` of cross-validated boosted trees that tell the rows of X from
            as many generated ones; 1 where they cannot. At most 10,000 rows are compared.

        Warns
        -----
        CopiesWarning
            The generated rows look like copies of those of X.
        """
        check_is_fitted(self)
        table = self._read_again(X)
        n = min(table.n_rows, MAX_ROWS_TO_SCORE)
        seed = draw_seed(numpy_stream(self._model.seed, "score"))
        generated = self._model.form.read_like(self._model.form.rebuild(self._columns(n, Conditions.none(1), seed)))
        real, synthetic = self._model.encoder.judged(table), self._model.encoder.judged(generated)
        return detection_score(real, synthetic, random_state=seed % 2**32)

    def score_samples(self, X):
        """The log density ratio of real and generated rows at each row.

        Parameters
        ----------
        X : array-like or frame of shape (n_rows, n_columns)

        Returns
        -------
        ndarray of shape (n_rows,)
            Log of the density ratio real / generated, before refinement, by boosted trees. 0 everywhere where
            there were fewer than 20 training rows.
        """
        check_is_fitted(self)
        table = self._read_again(X)
        return self._model.log_ratio(table)
