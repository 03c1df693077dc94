"""What a watcher of a training run may do."""


class Callback:
    """Hooks of a training run, all of which do nothing."""

    def on_fit_begin(self, max_iter):
        """Before the first step of at most `max_iter`."""

    def on_step_end(self, n_iter, losses):
        """After step `n_iter` (from 1); `losses` maps each player's name to a detached scalar tensor."""

    def on_fit_end(self):
        """After the last step."""
