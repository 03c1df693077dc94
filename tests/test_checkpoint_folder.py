"""Fits to a folder of image files that are stopped, and resumed from a checkpoint."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PIL")
from PIL import Image

from skgan import ConditionalGANSampler, GANSampler, resume
from skgan.callbacks import Callback, Checkpoint
from skgan.datasets import ImageFolder

OPTIONS = {"batch_size": 8, "hidden_layer_sizes": (4,), "refine": False, "random_state": 0, "device": "cpu"}
N_STEPS = 10
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@pytest.fixture
def pictures(tmp_path):
    """A folder with two sub-folders of small images."""
    rng = np.random.default_rng(0)
    for number in range(30):
        folder = tmp_path / "pictures" / ("cats", "dogs")[number % 2]
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 200, (8, 8, 3), dtype=np.uint8)).save(folder / f"{number:02d}.png")
    return tmp_path / "pictures"


class Crash(Callback):
    def __init__(self, step):
        self.step = step

    def on_step_end(self, run):
        if run.n_iter == self.step:
            raise SystemError("crashed")


class StopAt(Callback):
    """Stops after the first step that it sees, or after a step."""

    def __init__(self, step=0):
        self.step = step

    def on_step_end(self, run):
        if run.n_iter >= self.step:
            run.stop()


def crash(path, sampler, *data):
    sampler.set_callbacks(Checkpoint(path, 1e-9), Crash(6))
    with pytest.raises(SystemError, match="crashed"):
        sampler.fit(*data)


def crashed(path, pictures):
    crash(path, GANSampler(max_iter=N_STEPS, **OPTIONS), ImageFolder(pictures))


def test_a_resumed_fit_ends_in_the_same_sampler(pictures, tmp_path):
    crashed(tmp_path / "fit", pictures)
    resumed = resume(tmp_path / "fit", ImageFolder(pictures))
    whole = GANSampler(max_iter=N_STEPS, **OPTIONS).fit(ImageFolder(pictures))
    assert resumed.n_iter_ == N_STEPS
    np.testing.assert_array_equal(resumed.sample(10, random_state=0), whole.sample(10, random_state=0))


def test_with_labels_of_the_sub_folders(pictures, tmp_path):
    folder, path = ImageFolder(pictures), tmp_path / "fit"
    crash(path, ConditionalGANSampler(max_iter=N_STEPS, **OPTIONS), folder, folder.labels)
    resumed = resume(path, ImageFolder(pictures), ImageFolder(pictures).labels)
    whole = ConditionalGANSampler(max_iter=N_STEPS, **OPTIONS).fit(folder, folder.labels)
    for one, other in zip(resumed.sample(10, random_state=0), whole.sample(10, random_state=0), strict=True):
        np.testing.assert_array_equal(one, other)
    (pictures / "cats").rename(pictures / "apes")
    with pytest.raises(ValueError, match="values of y, their dtype or their order differ"):
        resume(path, ImageFolder(pictures), ImageFolder(pictures).labels)


def test_a_killed_process_is_resumed(pictures, tmp_path):
    path = tmp_path / "fit"
    code = (
        "import sys; from skgan import GANSampler; from skgan.callbacks import Checkpoint;"
        "from skgan.datasets import ImageFolder;"
        f"sampler = GANSampler(max_iter=5000, **{OPTIONS!r}).set_callbacks(Checkpoint(sys.argv[2], 1e-9));"
        "sampler.fit(ImageFolder(sys.argv[1]))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(pictures), str(path)], cwd=Path(__file__).parents[1])
    while not Path(f"{path}.previous").exists() and process.poll() is None:
        time.sleep(0.05)
    time.sleep(0.2)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    stopped = resume(path, ImageFolder(pictures), callbacks=StopAt())
    n_iter = stopped.n_iter_
    assert 0 < n_iter < 5000
    whole = GANSampler(max_iter=5000, **OPTIONS).set_callbacks(StopAt(n_iter)).fit(ImageFolder(pictures))
    np.testing.assert_array_equal(stopped.sample(10, random_state=0), whole.sample(10, random_state=0))


def add_a_file(pictures):
    Image.new("RGB", (8, 8)).save(pictures / "cats" / "99.png")
    return "X has 31 rows, and that of the fit had 30"


def remove_a_file(pictures):
    (pictures / "cats" / "00.png").unlink()
    return "X has 29 rows, and that of the fit had 30"


def change_a_pixel(pictures):
    file = pictures / "dogs" / "01.png"
    pixels = np.asarray(Image.open(file)).copy()
    pixels[3, 4, 1] ^= 1
    Image.fromarray(pixels).save(file)
    return "pixels of X, or the order of the images, differ"


def change_the_brightest(pictures):
    Image.new("RGB", (8, 8), "white").save(pictures / "dogs" / "01.png")
    return "pixels of X, or the order of the images, differ"


def rename_a_file(pictures):
    (pictures / "cats" / "00.png").rename(pictures / "cats" / "98.png")
    return "pixels of X, or the order of the images, differ"


def make_it_grey(pictures):
    for file in pictures.rglob("*.png"):
        Image.open(file).convert("L").save(file)
    return r"lacks uint8 images of the shape \(3, 8, 8\) and has uint8 images of the shape \(1, 8, 8\)"


@pytest.mark.parametrize(
    "change", [add_a_file, remove_a_file, change_a_pixel, change_the_brightest, rename_a_file, make_it_grey]
)
def test_a_folder_that_was_changed_is_refused(change, pictures, tmp_path):
    crashed(tmp_path / "fit", pictures)
    what = change(pictures)
    with pytest.raises(ValueError, match=f"X or y are not those of the checkpoint: .*{what}"):
        resume(tmp_path / "fit", ImageFolder(pictures))


def test_the_same_pixels_in_other_files_are_the_same_folder(pictures, tmp_path):
    """What counts is what the networks see: neither where the folder is nor how the files are packed."""
    crashed(tmp_path / "fit", pictures)
    moved = pictures.rename(tmp_path / "moved")
    for file in moved.rglob("*.png"):
        Image.open(file).save(file, compress_level=0)
    assert resume(tmp_path / "fit", ImageFolder(moved)).n_iter_ == N_STEPS


def test_a_folder_that_changes_during_a_fit_is_named(pictures, tmp_path):
    class Remove(Callback):
        def on_step_end(self, run):
            if run.n_iter == 2:
                (pictures / "cats" / "00.png").unlink()

    sampler = GANSampler(max_iter=200, **OPTIONS).set_callbacks(Checkpoint(tmp_path / "fit", 1e-9), Remove())
    kept = (pictures / "cats" / "00.png").read_bytes()
    with pytest.raises(FileNotFoundError, match=r"00\.png is gone: it was removed or renamed since"):
        sampler.fit(ImageFolder(pictures))
    (pictures / "cats" / "00.png").write_bytes(kept)
    assert resume(tmp_path / "fit", ImageFolder(pictures), callbacks=StopAt()).n_iter_ > 2
