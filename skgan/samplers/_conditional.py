"""ConditionalGANSampler: rows like those of X, given y."""

from __future__ import annotations

import time
import warnings

import numpy as np
import torch
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from skgan._forms import form_from_state, read_target
from skgan._random import draw_seed, numpy_stream
from skgan._registry import resolve
from skgan._validation import check_is_no_name
from skgan.encoders import TARGET_TYPES, ConditionEncoder, Conditions, warn_of_rare
from skgan.exceptions import UnseenConditionWarning
from skgan.metrics import detection_score
from skgan.networks import CONDITIONINGS
from skgan.training import own_settings

from ._base import BaseGAN
from ._gan import MAX_ROWS_TO_SCORE


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
        Where images of four dimensions have their channels, 16 at most. None: last, unless only axis 1 is 16 or less.
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
    progressive : bool, default=False
        Whether residual networks ("auto" and "resnet" are "progressive" then) learn small images first, and half-way
        through the run those of full size.
    conditioning : {"auto", "projection", "auxiliary"}, default="auto"
        How the discriminator hears of y. "projection" scores how what it sees goes with y [2]_; "auxiliary" makes it
        guess y [3]_, which adds `predict_proba`. "auto" is "projection" in convolutions, and in an "mlp" y is one more
        part of the row.
    augmentation : "auto", None or tuple of {"translation", "colour", "cutout", "flip"}, default="auto"
        How images are changed, real and generated ones alike, before the discriminator sees them, so that few are not
        learned by heart. "auto" is ("translation", "colour", "cutout") for fewer than 20,000 images, else None.
    latent_dim : int or "auto", default="auto"
        Width of the generator's random input. "auto" is the width of an encoded row, between 4 and 128, and 64 for
        images.
    hidden_layer_sizes : tuple of int or "auto", default="auto"
        Of an "mlp", the width of each residual block; "auto" is two blocks of 64, 128 or 256, growing with the rows.
        Of "dcgan" and "resnet", the channels after each halving of the images, the finest first: images are halved
        while both sides stay at least 4 pixels. "auto" is 32, 64, ... up to 256.
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
        progressive=False,
        conditioning="auto",
        augmentation="auto",
        latent_dim="auto",
        hidden_layer_sizes="auto",
        max_iter="auto",
        max_time=None,
        batch_size="auto",
        learning_rate="auto",
        refine=True,
        min_frequency=5,
        rare_categories="keep",
        device="auto",
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
        self.progressive = progressive
        self.conditioning = conditioning
        self.augmentation = augmentation
        self.latent_dim = latent_dim
        self.hidden_layer_sizes = hidden_layer_sizes
        self.max_iter = max_iter
        self.max_time = max_time
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.refine = refine
        self.min_frequency = min_frequency
        self.rare_categories = rare_categories
        self.device = device
        self.verbose = verbose
        self.random_state = random_state

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
        start = time.monotonic()
        self._check_parameters()
        resolve("target_type", self.target_type, TARGET_TYPES)
        resolve("conditioning", self.conditioning, dict.fromkeys(CONDITIONINGS))
        twin = self._fit_apart()
        return self._adopt(twin._fit_given(twin._read(X), y, start))

    def _fit_given(self, table, y, start):
        """From a table and its targets to a trained sampler."""
        targets = self._read_target(y, table.n_rows)
        self._target_form = targets.form
        self._conditions = ConditionEncoder(target_type=self.target_type, min_frequency=self.min_frequency)
        self._conditions.fit(targets)
        warn_of_rare(self._conditions.levelled(targets), self.min_frequency, "y", "merge such classes before the fit")
        self._set_classes()
        return self._fit(table, start, self._conditions.encode(targets), self._conditions.spec_)

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
        if y is None:
            seed = self._sample_seed(random_state)
            drawn = self._draw_targets(n, seed)
            targets = self._target_form.read_like(self._target_form.rebuild(drawn))
            conditions = self._conditions.encode(targets)
        else:
            targets, n = self._requested(y, n)
            conditions = self._conditions.encode(targets)
            # A call that fails leaves the stream where it was, so the seed is taken last.
            seed = self._sample_seed(random_state)
        X = self._form.rebuild(self._draw_columns(n, conditions, seed))
        return X, self._target_form.rebuild([(column.values[:n], column.missing[:n]) for column in targets.columns])

    def interpolate(self, a, b, n_samples=10, *, y):
        """Rows along the way from one point of the latent space to another, under one condition or one a row.

        Parameters
        ----------
        a, b : int or array-like of shape (latent_width,)
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
            If `a`, `b`, `n_samples` or `y` is none of these.
        """
        targets, _ = self._requested(y, self._check_sample(n_samples))
        return self._between(a, b, self._conditions.encode(targets))

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
        data, targets = self._read_again(X), self._read_targets_again(self._required(y))
        _check_lengths(data.n_rows, targets.n_rows)
        return self._invert(data, self._conditions.encode(targets))

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
        unknown = Conditions.none(data.n_rows)
        with own_settings(rounded=False), torch.no_grad():
            blocks = self._encoded_blocks(data, unknown)
            guesses = [self.discriminator_.guess(rows).softmax(dim=1).cpu().numpy() for rows, _ in blocks]
        place = {label: number for number, label in enumerate(self._shown_labels())}
        return np.concatenate(guesses)[:, [place[label] for label in self.classes_.tolist()]]

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
        table = self._read_again(X)
        targets = self._read_targets_again(self._required(y))
        _check_lengths(table.n_rows, targets.n_rows)
        seed = draw_seed(numpy_stream(self._seed, "score"))
        chosen = np.sort(numpy_stream(seed, "rows").permutation(table.n_rows)[:MAX_ROWS_TO_SCORE])
        is_known = self._conditions.is_known(targets.take(chosen))
        _warn_of_unknown(is_known)
        known = chosen[is_known]
        if not len(known):
            return 0.0
        table, targets = table.take(known), targets.take(known)
        columns = self._draw_columns(len(known), self._conditions.encode(targets), seed)
        generated = self._form.read_like(self._form.rebuild(columns))
        real, synthetic = (self._encoder.judged(rows).beside(targets) for rows in (table, generated))
        score = detection_score(real, synthetic, paired=True, random_state=seed % 2**32)
        # The score is linear in the AUC, in which a row that is told apart with certainty counts 1.
        return score * len(known) / len(chosen)

    def _required(self, y):
        if y is None:
            raise ValueError(f"{type(self).__name__} requires y to be passed, but the target y is None")
        check_is_no_name(y)
        return y

    def _read_target(self, y, n_rows):
        targets = read_target(self._required(y))
        _check_lengths(n_rows, targets.n_rows)
        return targets

    def _read_targets_again(self, y):
        """Targets of the fitted layout; those of a single column may also come without their second dimension."""
        form = self._target_form
        if not form.one_dimensional and form.n_columns == 1 and np.ndim(y) == 1:
            column = np.empty((len(y), 1), dtype=object)
            column[:, 0] = list(y)
            y = column
        return form.read_like(y, name="y")

    def _set_classes(self):
        if len(self._conditions.is_class_) == 1 and self._conditions.is_class_[0]:
            self.classes_ = np.array(sorted(self._shown_labels(), key=_sort_key))

    def _shown_labels(self):
        """The classes of the one target as its column shows them, in the order of the condition's codes."""
        labels = self._conditions.labels(0)
        shown = self._target_form.rebuild([(labels, np.zeros(len(labels), dtype=bool))])
        return np.ravel(np.asarray(shown)).tolist()

    def _draw_targets(self, n, seed):
        """n targets as in training, filled up to whole blocks, so that fewer are the first of more."""
        block = self._block
        blocks = [self._conditions.draw(block, numpy_stream(seed, "y", number)) for number in range(-(-n // block))]
        columns = [zip(*pieces, strict=True) for pieces in zip(*blocks, strict=True)]
        return [tuple(np.concatenate(parts) for parts in column) for column in columns]

    def _requested(self, y, n):
        """The conditions asked for, one a row, and how many rows that makes."""
        form = self._target_form
        if isinstance(y, dict):
            y = [[y[name] for name in _checked_names(y, form.names)]]
            one = True
        else:
            one = np.ndim(y) == 0
            if one and form.n_columns > 1:
                raise ValueError(
                    f"y={y!r} is one value, but there are {form.n_columns} targets; pass a dict with the keys "
                    f"{list(form.names)}."
                )
            y = [y.item() if isinstance(y, np.ndarray) else y] if one else y
        targets = self._read_targets_again(y)
        self._warn_of_distant(targets)
        if one:
            return targets.take(np.zeros(n, dtype=int)), n
        if n not in (1, targets.n_rows):
            raise ValueError(
                f"n_samples={n} does not fit y, which asks for {targets.n_rows} rows, one a condition; pass "
                f"n_samples={targets.n_rows}, or a single condition."
            )
        return targets, targets.n_rows

    def _warn_of_distant(self, targets):
        found = next(self._conditions.beyond(targets), None)
        if found is None:
            return
        position, values, limits = found
        form = self._target_form
        where = "" if form.one_dimensional else f" in {targets.columns[position].describe()}"
        shown = np.concatenate([values[:1], limits])
        value, low, high = form.columns[position].decode(shown, np.zeros(3, dtype=bool))
        warnings.warn(
            f"y is {value}{where}, far beyond the values in training, which range from about {low} to {high}; the "
            "nearest of these is used instead.",
            UnseenConditionWarning,
            stacklevel=4,
        )

    def _condition_ordered(self):
        return self._conditions.ordered_

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.target_tags.multi_output = True
        return tags

    def _get_state(self):
        return {
            **super()._get_state(),
            "target_form": self._target_form.get_state(),
            "conditions": self._conditions.get_state(),
        }

    def _set_condition_state(self, state):
        self._target_form = form_from_state(state["target_form"])
        self._conditions = ConditionEncoder.from_state(state["conditions"])
        self._condition_spec = self._conditions.spec_
        self._set_classes()


def _check_lengths(n_rows, n_targets):
    if n_rows != n_targets:
        raise ValueError(
            f"Found input variables with inconsistent numbers of samples: X has {n_rows} rows and y has {n_targets}; "
            "pass one y a row."
        )


def _warn_of_unknown(is_known):
    n_unknown = int((~is_known).sum())
    if n_unknown:
        warnings.warn(
            f"{n_unknown} of {len(is_known)} rows have a class as y that was not in training, and count as told apart "
            "from generated rows. Folds of a search need all classes: shuffle and stratify them, for example by "
            "cv=StratifiedKFold(3, shuffle=True), or pass target_type='continuous' where y is a number.",
            UnseenConditionWarning,
            stacklevel=3,
        )


def _checked_names(y, names):
    if set(y) != set(names):
        raise ValueError(f"y has the keys {list(y)}, but the targets are {list(names)}; name each of them once.")
    return names


def _sort_key(label):
    return (isinstance(label, str), label)
