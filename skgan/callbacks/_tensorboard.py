"""Show the numbers of a run and pictures of generated rows in TensorBoard."""

from __future__ import annotations

import math
import os
from importlib.util import find_spec

from ._file_watcher import FileWatcher
from ._numbers import numbers_of
from ._samples import generate


class TensorBoard(FileWatcher):
    """Write the numbers of a run and pictures of generated rows to files that TensorBoard shows.

    Run ``tensorboard --logdir LOG_DIR`` beside the fit. The numbers are learning_rate, one loss per player
    (discriminator_loss, generator_loss), where images are augmented augmentation_probability, and with early stopping
    validation_score. The pictures are
    called samples: a grid of images, or the marginals of a table over those of the training rows, of at most 12
    columns, those with the largest differences. All are of the same seed, not refined, and the first is of the
    untrained generator.

    Parameters
    ----------
    log_dir : str or path-like
        The folder of this fit; it is made if it does not exist. Folders beside each other are shown as runs that can be
        compared. A new fit in the same folder hides the one before it, and a fit that is resumed goes on where it
        continues.
    every : int or float, default=50
        How often numbers are written: an int is a number of steps, a float a share of the run. Reading the losses on a
        GPU waits until the GPU has finished the step, so small numbers make a run slower there.
    every_samples : int, float or None, default=0.1
        How often a picture is made, in the same way. None makes none, and needs no matplotlib.

    Raises
    ------
    ImportError
        During `fit`, if tensorboard is not installed, or matplotlib, which pictures need; the message has the command
        that installs it.
    OSError
        During `fit`, if the folder cannot be written to before the first step. Later this is a warning, and the run
        goes on.
    ValueError
        During `fit`, if `every` or `every_samples` is none of these.

    Warns
    -----
    UserWarning
        If something cannot be written. In a search, where nothing is written, because its fits share their callbacks.

    See Also
    --------
    CSVLogger : The same numbers in a file of text.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from skgan import GANSampler
    >>> from skgan.callbacks import TensorBoard
    >>> sampler = GANSampler(random_state=0).set_callbacks(TensorBoard("runs/iris"))
    >>> sampler.fit(load_iris().data)  # doctest: +SKIP
    """

    _writer = None

    def __init__(self, log_dir, every=50, every_samples=0.1):
        self.log_dir = log_dir
        self.every = every
        self.every_samples = every_samples

    def jobs(self):
        numbers, samples = {"every": self._write_numbers}, {"every_samples": self._write_samples}
        return numbers if self.every_samples is None else {**numbers, **samples}

    def begin(self, run):
        if find_spec("tensorboard") is None:
            raise ImportError(
                "TensorBoard needs the package tensorboard, which is not installed; run: "
                "python -m pip install tensorboard"
            )
        # TensorBoard hides what was written before for this step and later ones.
        self._open(purge_step=run.n_iter + 1 if run.n_iter else 0)
        if self.every_samples is not None:
            self._write_samples(run)

    def close(self):
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    def _open(self, purge_step=None):
        from torch.utils.tensorboard import SummaryWriter

        self._writer = SummaryWriter(os.fsdecode(self.log_dir), purge_step=purge_step)
        self._writer.flush()

    def _write_numbers(self, run):
        numbers = numbers_of(run)

        def add(writer):
            for name, number in numbers.items():
                # There is no score before the first one.
                if not math.isnan(number):
                    writer.add_scalar(name, number, run.n_iter)

        self._add(add)

    def _write_samples(self, run):
        figure = run.plot(generate(run)[0])
        self._add(lambda writer: writer.add_figure("samples", figure, run.n_iter, close=False))

    def _add(self, add):
        """Add something, and write it to the file at once; after an error the next time opens a new file."""
        if self._writer is None:
            self._open()
        try:
            add(self._writer)
            self._writer.flush()
        except OSError:
            self._writer = None
            raise
