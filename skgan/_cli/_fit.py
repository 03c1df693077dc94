"""Fit a sampler to the table, and draw the rows."""

import warnings

import pandas as pd

from ._data import check_column
from ._errors import UserError
from ._unlearned import check_learned
from ._where import check_complete


def targets_of(arguments, frame, conditions):
    """The columns that rows are generated for; raise if one of them cannot be that."""
    target, names = arguments.target, list(frame)
    if conditions:
        if target not in (None, *conditions):
            raise UserError(f"--where and --target {target} exclude each other; leave one of them out.")
        check_learned(frame, list(conditions), "--where", arguments)
        return list(conditions)
    if target is None:
        return []
    check_column(target, names, "to be the target")
    if len(names) == 1:
        raise UserError(f"the target {target!r} is the only column; leave --target out.")
    check_complete(frame, target, "target", "--target")
    check_learned(frame, [target], "--target", arguments)
    return [target]


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


def fit_and_sample(frame, n_rows, targets, conditions, options):
    """Fit a sampler, and draw rows with the columns in the order of the frame.

    Parameters
    ----------
    frame : DataFrame
    n_rows : int
    targets : list of str
        Columns that the others are generated for.
    conditions : dict
        The value of each target in all rows; empty for targets as in the frame.
    options : dict
        Parameters of the sampler.

    Returns
    -------
    sampler : GANSampler or ConditionalGANSampler
    synthetic : DataFrame
    """
    from skgan import ConditionalGANSampler, GANSampler

    if not targets:
        sampler = fitted(GANSampler(**options), frame)
        return sampler, sampler.sample(n_rows)
    y = frame[targets[0]] if len(targets) == 1 else frame[targets]
    sampler = fitted(ConditionalGANSampler(**options), frame.drop(columns=targets), y)
    if conditions:
        wanted = conditions[targets[0]] if len(targets) == 1 else conditions
        X_new, y_new = sampler.sample(n_rows, y=wanted)
    else:
        X_new, y_new = sampler.sample(n_rows)
    y_new = y_new.set_axis(targets, axis=1) if y_new.ndim == 2 else y_new.rename(targets[0])
    synthetic = pd.concat([X_new, y_new], axis=1)
    # Columns of free text may have been left out.
    return sampler, synthetic[[name for name in frame if name in synthetic]]


def fitted(sampler, *data):
    """Return the sampler, fitted; raise where no step of training was made, because its rows would be noise."""
    from skgan.exceptions import InterruptedFitWarning

    with warnings.catch_warnings():
        # The error below says the same.
        warnings.filterwarnings("ignore", message="max_time=.* was over before the first update")
        warnings.simplefilter("error", InterruptedFitWarning)
        try:
            sampler.fit(*data)
        except InterruptedFitWarning:
            raise KeyboardInterrupt from None
    if sampler.n_iter_ == 0:
        raise UserError(
            "--max-time was over before the first step of training, so no rows were written; allow more seconds."
        )
    return sampler
