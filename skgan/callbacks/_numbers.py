"""The numbers by which a run is followed."""

from ._early_stopping import EarlyStopping


def names_of_numbers(run):
    """The names of `numbers_of`, which are known before the first step."""
    losses = [f"{player.name}_loss" for player in run.players]
    augmentation = [] if run.augmentation_probability is None else ["augmentation_probability"]
    return ["learning_rate", *losses, *augmentation, *(["validation_score"] if is_scored(run) else [])]


def numbers_of(run):
    """Learning rate, losses, probability of augmentation and last score after a step, as a dict of floats.

    On a GPU this waits until the step is over. The score is NaN before the first one.
    """
    losses = [run.losses[player.name] for player in run.players]
    augmentation = [] if run.augmentation_probability is None else [run.augmentation_probability]
    score = [last_score(run)] if is_scored(run) else []
    values = map(float, [run.learning_rate, *losses, *augmentation, *score])
    return dict(zip(names_of_numbers(run), values, strict=True))


def is_scored(run):
    """Whether a callback scores the run."""
    return any(isinstance(watcher, EarlyStopping) for watcher in run.watchers)


def last_score(run):
    """NaN before the first one."""
    return run.scores.values[-1] if run.scores.values else float("nan")
