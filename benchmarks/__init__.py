"""Side-by-side measurements, in one run, as ratios: the machines that run them are shared and noisy."""
