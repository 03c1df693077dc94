"""Fit a sampler to the table."""

import warnings

from ._data import check_column
from ._errors import UserError
from ._unlearned import check_learned
from ._where import check_complete, warn_of_few


def targets_of(arguments, frame, conditions):
    """The columns that rows are generated for; raise if one of them cannot be that."""
    target, names = arguments.target, list(frame)
    if conditions:
        if target not in (None, *conditions):
            raise UserError(f"--where and --target {target} exclude each other; leave one of them out.")
        check_learned(frame, list(conditions), "--where", arguments)
        return list(conditions)
    targets = [] if target is None else list(dict.fromkeys([target] if isinstance(target, str) else target))
    for name in targets:
        check_column(name, names, "to be the target")
    if targets and len(names) == len(targets):
        whole = f"the target {targets[0]!r} is the only column" if len(names) == 1 else "--target names every column"
        raise UserError(f"{whole}; leave --target out.")
    for name in targets:
        check_complete(frame, name, "target", "--target")
    if targets:
        check_learned(frame, targets, "--target", arguments)
    return targets


def options_of(arguments, names):
    """The parameters of the sampler for columns of these names; what was not given keeps the sampler's default."""
    for name in arguments.id_column or ():
        check_column(name, names, "to be of identifiers")
    if arguments.id_column and arguments.no_id_columns:
        raise UserError("--id-column and --no-id-columns exclude each other; leave one of them out.")
    given = {
        "max_iter": arguments.max_iter,
        "rare_categories": arguments.rare,
        "free_text": arguments.text,
        "id_columns": arguments.id_column,
        "device": arguments.device,
    }
    learn_all = {"id_columns": None} if arguments.no_id_columns else {}
    return {
        **learn_all,
        "random_state": arguments.seed,
        "max_time": arguments.max_time,
        "verbose": 1,
        **{name: value for name, value in given.items() if value is not None},
    }


def wanted_of(targets, conditions):
    """The y of all rows: a value, or a dict for several targets; None for targets as in the frame."""
    if not conditions:
        return None
    return conditions[targets[0]] if len(targets) == 1 else conditions


def fit(frame, targets, options, conditions=None, callbacks=()):
    """Fit a sampler.

    Parameters
    ----------
    frame : DataFrame
    targets : list of str
        Columns that the others are generated for.
    options : dict
        Parameters of the sampler.
    conditions : dict or None, default=None
        Values of the targets that all rows will have.
    callbacks : sequence of Callback, default=()
        What watches the fit.

    Returns
    -------
    GANSampler or ConditionalGANSampler
    """
    from skgan import ConditionalGANSampler, GANSampler

    sampler = (ConditionalGANSampler if targets else GANSampler)(**options)
    if callbacks:
        sampler.set_callbacks(*callbacks)
    data = data_of(frame, targets)
    with warnings.catch_warnings():
        if conditions:
            # Other classes than those of --where are not shown.
            warnings.filterwarnings("ignore", message=r"(?:y|.* of y) ha(?:s|ve) classes that occur in fewer than")
            warn_of_few(frame, conditions)
        return completed(lambda: sampler.fit(*data))


def data_of(frame, targets):
    """X and, where there are targets, y of a frame."""
    if not targets:
        return (frame,)
    return frame.drop(columns=targets), frame[targets[0]] if len(targets) == 1 else frame[targets]


def completed(fit):
    """The sampler that ``fit()`` returns; raise where no step of training was made: its rows would be noise."""
    from skgan.exceptions import InterruptedFitWarning

    with warnings.catch_warnings():
        # The error below says the same.
        warnings.filterwarnings("ignore", message="max_time=.* was over before the first update")
        warnings.simplefilter("error", InterruptedFitWarning)
        try:
            sampler = fit()
        except InterruptedFitWarning:
            raise KeyboardInterrupt from None
    if sampler.n_iter_ == 0:
        raise UserError(
            "--max-time was over before the first step of training, so nothing was written; allow more seconds."
        )
    return sampler
