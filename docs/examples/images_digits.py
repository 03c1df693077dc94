"""Generate handwritten digits of 8 by 8 pixels, and save a grid of them. Half a minute on two cores of a CPU.

Writes digits_generated.png to the current folder. 2,000 steps are fewer than the default, which is 3,543 for this
number of images. Needs the extra `plot`.
"""

from sklearn.datasets import load_digits

from skgan import GANSampler
from skgan.plotting import ImageGridDisplay

images = load_digits().images  # (1797, 8, 8), float64, integer values from 0 to 16
sampler = GANSampler(max_iter=2000, random_state=0).fit(images)
generated = sampler.sample(64)  # (64, 8, 8), float64, integer values from 0 to 16

display = ImageGridDisplay.from_samples(generated, n_rows=4, n_cols=16)
display.figure_.savefig("digits_generated.png", dpi=110)
print(f"{len(generated)} images of {generated.shape[1]} by {generated.shape[2]} pixels in digits_generated.png")
