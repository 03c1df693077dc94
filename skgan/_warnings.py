"""Issue warnings at the line of the user's code, and detect whether a fit is part of a search."""

from __future__ import annotations

import sys
import warnings

# Packages whose frames are skipped to find the user's line: decorators, searches, worker processes.
LIBRARIES = ("skgan", "sklearn", "joblib", "imblearn")
# Modules that fit many estimators in a loop.
SEARCHES = ("sklearn.model_selection", "sklearn.ensemble", "joblib", "optuna", "skgan.augmented", "skgan.over_sampling")


def warn(message, category=UserWarning):
    """Issue a warning at the first line outside of skgan and of the libraries that call it."""
    stacklevel, frame = 2, sys._getframe(1)
    while frame.f_back is not None and _is_of(frame, LIBRARIES):
        stacklevel, frame = stacklevel + 1, frame.f_back
    warnings.warn(message, category, stacklevel=stacklevel)


def inside_search():
    """Whether the running code was called by a search, a cross-validation or another loop over fits."""
    frame = sys._getframe(1)
    while frame is not None:
        if _is_of(frame, SEARCHES):
            return True
        frame = frame.f_back
    return False


def _is_of(frame, packages):
    module = frame.f_globals.get("__name__") or ""
    return any(module == package or module.startswith(f"{package}.") for package in packages)
