"""The numbers by which a run is followed."""


def names_of_numbers(run):
    """The names of `numbers_of`, which are known before the first step."""
    losses = [f"{player.name}_loss" for player in run.players]
    augmentation = [] if run.augmentation_probability is None else ["augmentation_probability"]
    return ["learning_rate", *losses, *augmentation]


def numbers_of(run):
    """Learning rate, losses and probability of augmentation after a step, as a dict of floats.

    On a GPU this waits until the step is over.
    """
    losses = [run.losses[player.name] for player in run.players]
    augmentation = [] if run.augmentation_probability is None else [run.augmentation_probability]
    values = map(float, [run.learning_rate, *losses, *augmentation])
    return dict(zip(names_of_numbers(run), values, strict=True))
